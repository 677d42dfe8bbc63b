import ArgumentParser
import Configuration
import Trials

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Lists scenarios, experiments, algorithms, baselines, parts of federations and released policies.",
    discussion: "Example: edgewise list baselines --format json")

  @Argument(
    help: ArgumentHelp(
      "What to list; everything if not given.",
      valueName: Catalogue.Kind.allCases.map(\.rawValue).joined(separator: "|")),
    transform: { name in
      guard let kind = Catalogue.Kind(rawValue: name) else {
        throw ValidationError(
          "Write one of \(Catalogue.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return kind
    })
  var kind: Catalogue.Kind?

  @Option(help: "Print a table or JSON.")
  var format: ResultFormat = .table

  @OptionGroup var root: RootOption

  func run() throws {
    let catalogue = Catalogue(try root.folder())
    let kinds = kind.map { [$0] } ?? Catalogue.Kind.allCases
    Console.result(format == .json ? catalogue.json(kinds).text() : catalogue.table(kinds))
  }
}
