import Federation
import Snapshots

/// The best of each client's selections so far, and whether all clients act alike.
struct BestPolicies: Sendable {
  /// What the last selection gave on average.
  private(set) var lastReturn: Double?
  /// Whether all clients act by the same policy, so that one file holds it.
  private(set) var isCommon = true
  private(set) var values: [Double]
  private(set) var steps: [Int]

  init(clients: Int) {
    values = [Double](repeating: -.infinity, count: clients)
    steps = [Int](repeating: 0, count: clients)
  }

  /// The mean over the clients of the best, if there was a selection.
  var mean: Double? { lastReturn == nil ? nil : values.reduce(0, +) / Double(values.count) }

  /// Takes a selection. A common policy is the best if the mean over the clients is no less than it was; where each has
  /// its own, each keeps its own best.
  ///
  /// - Returns: whose policy is to be kept.
  mutating func take(_ returns: [Double], step: Int, isCommon: Bool) -> [Bool] {
    let mean = returns.reduce(0, +) / Double(returns.count)
    lastReturn = mean
    let improved: [Bool]
    if isCommon {
      let before = self.isCommon ? values.reduce(0, +) / Double(values.count) : -.infinity
      improved = [Bool](repeating: mean >= before, count: values.count)
    } else {
      improved = returns.indices.map { returns[$0] >= values[$0] || self.isCommon }
    }
    self.isCommon = isCommon
    for client in returns.indices where improved[client] {
      values[client] = returns[client]
      steps[client] = step
    }
    return improved
  }
}

extension BestPolicies: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("values", values)
    snapshot.set("steps", steps)
    snapshot.set("last_return", real: lastReturn ?? .nan)
    snapshot.set("is_common", integer: isCommon ? 1 : 0)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let values = try snapshot.doubles("values", count: values.count)
    steps = try snapshot.integers("steps", count: steps.count)
    let last = try snapshot.real("last_return")
    lastReturn = last.isFinite ? last : nil
    isCommon = try snapshot.integer("is_common") == 1
    self.values = values
  }
}
