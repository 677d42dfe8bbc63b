import ArgumentParser
import Trials

/// How a result is printed.
enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json
}

/// How an evaluation is printed.
enum EvaluationFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, csv
}

/// Where the project's folders are.
struct RootOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder with Environments and its siblings; found upward if not given.", valueName: "dir"))
  var root: String?

  func folder() throws(Failure) -> ProjectFolder { try ProjectFolder(root: root) }
}

/// Changes to single keys.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a key by its dotted path; repeatable.", valueName: "key.path=value"))
  var settings: [String] = []

  func overrides() throws(Failure) -> [Override] {
    try settings.map { setting throws(Failure) in try Override(setting) }
  }
}

/// How many things are done at the same time.
struct WorkerOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Things done at the same time; the result does not depend on it.", valueName: "n"))
  var workers: Int = Processes.cores

  func validate() throws {
    guard (1...1024).contains(workers) else {
      throw ValidationError("--workers takes a number from 1 to 1024.")
    }
  }
}
