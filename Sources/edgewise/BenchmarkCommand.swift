import ArgumentParser
import Configuration
import Trials

struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measures networks, environments, learners, aggregation and files on this machine, on one thread.",
    discussion: """
      Each figure is the median of repeated blocks, with the slowest and the fastest. Machines are shared and noisy: \
      compare ratios within one run, not single figures of two.

      Example: edgewise benchmark networks --repeats 15
      """)

  @Argument(
    help: ArgumentHelp(
      "What to measure; everything if not given.",
      valueName: Benchmark.Suite.allCases.map(\.rawValue).joined(separator: "|")),
    transform: { name in
      guard let suite = Benchmark.Suite(rawValue: name) else {
        throw ValidationError("Write one of \(Benchmark.Suite.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return suite
    })
  var suites: [Benchmark.Suite] = []

  @Option(help: "About how many seconds a block takes.")
  var seconds = 0.5

  @Option(help: "The number of blocks.")
  var repeats = 7

  @Option(help: "Print a table or JSON.")
  var format: ResultFormat = .table

  @OptionGroup var root: RootOption

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("Write --seconds between 0 and 3600.") }
    guard (1...10_000).contains(repeats) else { throw ValidationError("Write --repeats between 1 and 10000.") }
  }

  func run() throws {
    let folder = try root.folder()
    let benchmark = Benchmark(seconds: seconds, repeats: repeats)
    Console.note("kernels of the matrix products: \(Benchmark.kernels)")
    var rows: [Benchmark.Row] = []
    for suite in suites.isEmpty ? Benchmark.Suite.allCases : suites {
      try benchmark.run(suite, in: folder) { row in
        rows.append(row)
        Console.note("\(row.name): \(Benchmark.text(row))")
      }
    }
    Console.result(format == .json ? Benchmark.json(rows).text() : Benchmark.table(rows))
  }
}
