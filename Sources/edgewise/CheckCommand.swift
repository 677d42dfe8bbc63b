import ArgumentParser
import Trials

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validates scenarios, experiments and checkpoints.",
    discussion: "Example: edgewise check Environments/vehicular/*.yaml --set scenario.time.steps=50")

  @Argument(help: "Files to validate.")
  var files: [String]

  @OptionGroup var changes: OverrideOptions
  @OptionGroup var root: RootOption

  func run() throws {
    let overrides = try changes.overrides()
    let folder = try root.folder()
    var first: Failure?
    for file in files {
      let path = file.hasSuffix(".h5") ? folder.policy(file) : folder.scenario(folder.experiment(file))
      do throws(Failure) {
        Console.result("ok: \(file): \(try FileCheck.run(path, overrides: overrides))")
      } catch {
        Console.note("error: \(error)")
        first = first ?? error
      }
    }
    if let first { throw ExitCode(first.code.rawValue) }
  }
}
