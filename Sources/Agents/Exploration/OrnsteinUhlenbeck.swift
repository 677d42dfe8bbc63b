import Glibc
package import Randomness
package import Snapshots

/// Noise whose consecutive values belong together (G. Uhlenbeck, L. Ornstein 1930), a process for each number of each
/// row: x ← x − θ·x·dt + σ·√dt·N(0, 1).
///
/// Its deviation tends to σ / √(2θ) for small dt.
package struct OrnsteinUhlenbeck: Sendable, Restorable {
  /// The pull towards 0, per unit of time, and the length of a step.
  package let theta, dt: Double
  /// The values, rows × numbers.
  package private(set) var values: [Float]
  private let width: Int

  /// Processes that begin at 0.
  package init(theta: Double, dt: Double, rows: Int, numbers: Int) {
    self.theta = theta
    self.dt = dt
    width = numbers
    values = [Float](repeating: 0, count: rows * numbers)
  }

  /// The next value of one number of a row.
  package mutating func next(row: Int, number: Int, deviation: Double, using stream: inout RandomStream) -> Float {
    let index = row * width + number
    let now = Double(values[index])
    let next = now - theta * now * dt + deviation * dt.squareRoot() * stream.normal()
    values[index] = Float(next)
    return values[index]
  }

  /// Begins a row anew, as its trajectory does.
  package mutating func reset(row: Int) {
    for index in row * width..<(row + 1) * width { values[index] = 0 }
  }

  package func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("values", values)
    return snapshot
  }

  package mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    values = try snapshot.floats("values", count: values.count)
  }
}
