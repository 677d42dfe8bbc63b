public import Configuration
import LinearAlgebra

/// The speed of what training is made of, measured in this process on one thread.
public struct Benchmark: Sendable {
  /// A group of measurements that belong together.
  ///
  /// A further suite is a case here and a file with its rows.
  public enum Suite: String, Sendable, CaseIterable {
    /// Updates and single decisions of the DQN family, beside the bare matrix products.
    case networks
    /// Steps of every scenario under random actions.
    case environments
    /// Steps of a world whose vehicles become more at one density.
    case densities
    /// Updates of the MADDPG family, and what a critic costs as agents become more.
    case agents
    /// Acting, stepping, storing and learning together.
    case learners
    /// Merging the updates of a hundred clients, beside a copy of as many bytes.
    case federation
    /// A replay of a million transitions to a checkpoint and back.
    case files
  }

  /// One measurement.
  public struct Row: Sendable, Equatable {
    /// The suite it belongs to.
    public let suite: Suite
    /// What was done.
    public let name: String
    /// What is counted: `updates/s`.
    public let unit: String
    /// The figure of the median block.
    public let median: Double
    /// The figures of the slowest and the fastest block.
    public let spread: ClosedRange<Double>
    /// Time over that of the floor, in neighbouring blocks: of the matrix products alone, or of a copy of as many bytes;
    /// nil where there is no such floor.
    public let floorRatio: Double?

    /// A measurement by its parts.
    public init(
      _ suite: Suite, _ name: String, unit: String, median: Double, spread: ClosedRange<Double>,
      floorRatio: Double? = nil
    ) {
      self.suite = suite
      self.name = name
      self.unit = unit
      self.median = median
      self.spread = spread
      self.floorRatio = floorRatio
    }

    /// How often per second `count` of something were done in each piece of work.
    static func rate(
      _ suite: Suite, _ name: String, _ unit: String, _ timing: Timing, count: Double = 1, floorRatio: Double? = nil
    ) -> Row {
      Row(
        suite, name, unit: unit, median: count / timing.median,
        spread: count / timing.slowest...count / timing.fastest, floorRatio: floorRatio)
    }

    /// How long each piece of work took, in a unit that has `scale` to the second.
    static func duration(_ suite: Suite, _ name: String, _ unit: String, _ timing: Timing, scale: Double = 1) -> Row {
      Row(
        suite, name, unit: unit, median: timing.median * scale,
        spread: timing.fastest * scale...timing.slowest * scale)
    }
  }

  /// About how long a block takes.
  public let seconds: Double
  /// The number of blocks.
  public let repeats: Int

  /// A way of measuring.
  public init(seconds: Double = 0.5, repeats: Int = 7) {
    self.seconds = seconds
    self.repeats = repeats
  }

  /// Measures a suite; `report` is told each row as it is there.
  public func run(_ suite: Suite, in folder: ProjectFolder, report: (Row) -> Void) throws(Failure) {
    switch suite {
    case .networks: measureNetworks(report)
    case .environments: try measureEnvironments(in: folder, report)
    case .densities: try measureDensities(in: folder, report)
    case .agents: measureAgents(report)
    case .learners: measureLearners(report)
    case .federation: measureFederation(report)
    case .files: try measureFiles(report)
    }
  }

  /// What the figures depend on besides the code.
  public static var kernels: String { Backend.kernelName }

  /// A row in a few words.
  public static func text(_ row: Row) -> String {
    "\(format(row.median)) \(row.unit)" + (row.floorRatio.map { ", \(format($0)) × the floor" } ?? "")
  }

  /// The rows to read.
  public static func table(_ rows: [Row]) -> String {
    var table = TextTable(["suite", "work", "median", "slowest", "fastest", "unit", "time / floor"])
    for row in rows {
      let isRate = row.unit.hasSuffix("/s")
      table.add([
        row.suite.rawValue, row.name, format(row.median),
        format(isRate ? row.spread.lowerBound : row.spread.upperBound),
        format(isRate ? row.spread.upperBound : row.spread.lowerBound), row.unit,
        row.floorRatio.map { format($0) } ?? "",
      ])
    }
    return table.text
  }

  /// The rows for other programs.
  public static func json(_ rows: [Row]) -> JSONValue {
    .object([
      "schema": .text("edgewise.benchmark/1"),
      "kernels": .text(kernels),
      "rows": .list(
        rows.map { row in
          .object([
            "suite": .text(row.suite.rawValue), "work": .text(row.name), "unit": .text(row.unit),
            "median": .number(row.median), "low": .number(row.spread.lowerBound),
            "high": .number(row.spread.upperBound), "floor_ratio": .optional(row.floorRatio),
          ])
        }),
    ])
  }
}
