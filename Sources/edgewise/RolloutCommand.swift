import ArgumentParser
import Trials

struct RolloutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollout", abstract: "Writes one episode as a table, with all that made the rewards.",
    discussion: """
      The episode is the first that `evaluate` plays under the same seed.

      Example: edgewise rollout --scenario vehicular/highway-offloading --policy greedy --output greedy.csv
      """)

  @Option(help: ArgumentHelp("The scenario: its file or its id.", valueName: "file"))
  var scenario: String

  @Option(help: ArgumentHelp("A baseline's name or the path of a checkpoint.", valueName: "spec"))
  var policy: String

  @Option(help: "The seed of the episode.")
  var seed: UInt64 = 0

  @OptionGroup var changes: OverrideOptions

  @Option(help: ArgumentHelp("The table to write.", valueName: "file.csv"))
  var output: String

  @OptionGroup var root: RootOption

  func run() throws {
    let folder = try root.folder()
    let scenario = try Scenario(
      folder.scenario(scenario), overrides: try Override.forScenario(try changes.overrides()))
    let result = try Rollout.write(scenario, policy: folder.policy(policy), seed: seed, to: output)
    for note in result.notes { Console.note("note: \(note)") }
    Console.note("\(output): \(result.rows) rows, return \(result.total)")
  }
}
