import ArgumentParser
import Trials

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes the bundle that an orchestrator runs: ONNX, contract, golden answers, sums.",
    discussion: "Example: edgewise export Runs/trace-offloading-dqn/seed-0/best.h5 --output bundle")

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @Option(help: ArgumentHelp("The folder to write; it may hold an earlier bundle.", valueName: "dir"))
  var output: String

  @OptionGroup var root: RootOption

  func run() throws {
    let file = try PolicyFile(try root.folder().policy(checkpoint))
    try Release.export(file, to: output)
    Console.note("\(output): bundle of \(checkpoint)")
    if file.evaluation == nil {
      Console.note("note: the checkpoint carries no evaluation beside the baselines; policy.json says null")
    }
  }
}
