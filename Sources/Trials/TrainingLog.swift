import Snapshots

/// The rows of `metrics.csv`: kept with the run, so that a resumed run continues them exactly.
struct TrainingLog: Sendable {
  /// The columns before the learner's own figures, and the one after them.
  private static let leading = ["step", "episodes", "return_mean", "updates"]
  private static let trailing = ["selection_return"]

  private(set) var header: String
  private(set) var rows: [String] = []
  /// Returns of episodes that ended since the last row.
  private var returns = (sum: 0.0, count: 0)
  private var episodes = 0

  init(figures: [String]) {
    header = (Self.leading + figures + Self.trailing).joined(separator: ",")
  }

  mutating func ended(_ values: [Double]) {
    for value in values {
      returns.sum += value
      returns.count += 1
    }
    episodes += values.count
  }

  mutating func addRow(
    step: Int, updates: Int, figures: [Double], more: [String] = [], selectionReturn: Double?
  ) {
    let mean = returns.count == 0 ? "" : text(returns.sum / Double(returns.count))
    let leading = ["\(step)", "\(episodes)", mean, "\(updates)"]
    let cells = leading + figures.map(text) + more + [selectionReturn.map(text) ?? ""]
    rows.append(cells.joined(separator: ","))
    returns = (0, 0)
  }

  private func text(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }

  /// The whole file.
  var text: String { ([header] + rows).joined(separator: "\n") + "\n" }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("header", text: header)
    snapshot.set("rows", rows)
    snapshot.set("returns", [returns.sum, Double(returns.count)])
    snapshot.set("episodes", integer: episodes)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let header = try snapshot.text("header")
    guard header == self.header else {
      throw snapshot.mismatch("header", expected: self.header, found: header)
    }
    rows = try snapshot.texts("rows")
    let sums = try snapshot.doubles("returns", count: 2)
    returns = (sums[0], Int(sums[1]))
    episodes = try snapshot.integer("episodes")
  }
}
