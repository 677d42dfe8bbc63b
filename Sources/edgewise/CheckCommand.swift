import ArgumentParser
import Trials

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validates scenarios, experiments and checkpoints.",
    discussion: "Example: edgewise check Environments/vehicular/*.yaml --set scenario.time.steps=50")

  @Argument(help: "Files to validate.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Play each scenario for so many steps under random actions, and under every rule.",
      discussion:
        "Every observation must stay in its range, the world must keep its laws, and no rule may pass the bound."))
  var steps: Int?

  @OptionGroup var changes: OverrideOptions
  @OptionGroup var root: RootOption

  func validate() throws {
    if let steps, !(1...1_000_000_000).contains(steps) {
      throw ValidationError("--steps \(steps): write a number from 1 to 1000000000")
    }
  }

  func run() throws {
    let overrides = try changes.overrides()
    let folder = try root.folder()
    var first: Failure?
    for file in files {
      let path = file.hasSuffix(".h5") ? folder.policy(file) : folder.scenario(folder.experiment(file))
      do throws(Failure) {
        Console.result("ok: \(file): \(try FileCheck.run(path, overrides: overrides, steps: steps))")
      } catch {
        Console.note("error: \(error)")
        first = first ?? error
      }
    }
    if let first { throw ExitCode(first.code.rawValue) }
  }
}
