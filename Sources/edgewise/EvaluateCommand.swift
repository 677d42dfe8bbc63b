import ArgumentParser
import Configuration
import Trials

struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Sets policies beside each other in the same episodes.",
    discussion: """
      A policy is a baseline's name, the path of a checkpoint, or `all` for every baseline but the slow searches
      (exhaustive, best-response, genetic, particle-swarm), which take part when they are named; genetic@5 plays five
      steps in each trial, and genetic@5:greedy plays them with the rule greedy.

      Example: edgewise evaluate --scenario Environments/vehicular/highway-offloading.yaml --policy all Runs/x/seed-0/best.h5
      """)

  @Option(help: ArgumentHelp("The scenario: its file or its id.", valueName: "file"))
  var scenario: String

  @Option(parsing: .upToNextOption, help: ArgumentHelp("What to evaluate.", valueName: "spec"))
  var policy: [String]

  @Option(help: "Episodes for each policy.")
  var episodes: Int = 100

  @Option(help: "The seed of the episodes.")
  var seed: UInt64 = 0

  @OptionGroup var changes: OverrideOptions
  @OptionGroup var workers: WorkerOption

  @Option(help: "Print a table, JSON or CSV.")
  var format: EvaluationFormat = .table

  @OptionGroup var root: RootOption

  func validate() throws {
    guard (1...1_000_000).contains(episodes) else {
      throw ValidationError("--episodes takes a number from 1 to 1000000.")
    }
  }

  func run() async throws {
    let folder = try root.folder()
    let scenario = try Scenario(
      folder.scenario(scenario), overrides: try Override.forScenario(try changes.overrides()))
    Interruption.listen()
    let policies = try policy.flatMap { $0 == "all" ? try scenario.actingRules() : [folder.policy($0)] }
    let evaluation = try await Evaluation.run(
      scenario, policies: policies, episodes: episodes, seed: seed, workers: workers.workers)
    switch format {
    case .table: Console.result(evaluation.table())
    case .json: Console.result(evaluation.json().text())
    case .csv: Console.result(evaluation.csv())
    }
    if format != .table { for note in evaluation.notes { Console.note("note: \(note)") } }
  }
}
