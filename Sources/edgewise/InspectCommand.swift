import ArgumentParser
import Configuration
import Trials

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Tells what a checkpoint holds.",
    discussion: "Example: edgewise inspect Runs/trace-offloading-dqn/seed-0/best.h5 --format json")

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @Option(help: "Print a table or JSON.")
  var format: ResultFormat = .table

  @OptionGroup var root: RootOption

  func run() throws {
    let file = try PolicyFile(try root.folder().policy(checkpoint))
    Console.result(format == .json ? Inspection.json(file).text() : Inspection.table(file))
  }
}
