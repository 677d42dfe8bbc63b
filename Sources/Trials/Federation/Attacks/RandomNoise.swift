public import Configuration
import Agents
import Randomness
public import Snapshots

/// `random-noise`: normal numbers instead of the update, or on top of it.
///
/// Keys: `scale` s, more than 0 and at most 1e6, by default 1; `mode`, `replace` (Δ ← n) or `add` (Δ ← Δ + n), by
/// default `replace`. The elements of n are independent and normal with mean 0 and deviation s · √(‖Δ‖²/d), so that with
/// s = 1 noise and update have the same length on average and no norm tells them apart.
///
/// Source: X. Fan et al., "Fault-tolerant federated reinforcement learning with theoretical guarantee", NeurIPS 2021,
/// whose liars send random vectors.
public struct RandomNoise: Attack {
  public static let name = "random-noise"
  public static let summary = "normal numbers instead of the update, or on top of it"

  private enum Mode: String, CaseIterable {
    case replace
    case add
  }

  private let scale: Double
  private let mode: Mode
  private var stream = RandomStream(seed: 0)

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    scale = try mapping.number("scale", in: .positive.to(1e6), default: 1)
    mode = try mapping.choice("mode", default: .replace)
  }

  public mutating func begin(seed: UInt64) { stream = RandomStream(seed: seed) }

  public mutating func corrupt(_ difference: inout [Float]) {
    let squares = difference.reduce(0) { $0 + Double($1) * Double($1) }
    let deviation = scale * (squares / Double(max(1, difference.count))).squareRoot()
    var stream = stream
    let kept: Float = mode == .add ? 1 : 0
    var index = 0
    while index < difference.count {
      let (first, second) = Variate.normals(stream.next(), stream.next())
      difference[index] = kept * difference[index] + Float(deviation * first)
      if index + 1 < difference.count {
        difference[index + 1] = kept * difference[index + 1] + Float(deviation * second)
      }
      index += 2
    }
    self.stream = stream
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("stream", stream.words)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    stream = try snapshot.stream("stream")
  }
}
