public import Snapshots

/// The running mean and variance of returns, in whose unit a critic learns.
///
/// After each rollout m ← β m + (1 − β) · mean, s ← β s + (1 − β) · mean of squares, w ← β w + (1 − β). The mean is
/// m / w and the variance s / w − mean², both free of the zeros that m and s began with. A critic's outputs are taken
/// back to the rewards' unit before advantages are made of them. Before any return, and where they have not varied,
/// the deviation is 1.
///
/// Sources: H. van Hasselt, A. Guez, M. Hessel, V. Mnih, D. Silver, "Learning values across many orders of magnitude",
/// NeurIPS 2016; C. Yu et al., "The surprising effectiveness of PPO in cooperative multi-agent games", NeurIPS 2022.
public struct ValueNormalizer: Sendable, Equatable, Restorable {
  /// The weight β of what was known.
  public let decay: Double
  private var first = 0.0
  private var second = 0.0
  private var weight = 0.0
  /// The mean of the returns.
  public private(set) var mean: Double = 0
  /// Their standard deviation; positive.
  public private(set) var deviation: Double = 1

  /// Nothing seen.
  public init(decay: Double) {
    precondition((0..<1).contains(decay), "returns cannot be followed with a weight of \(decay)")
    self.decay = decay
  }

  /// Takes in the returns of a rollout by their mean and the mean of their squares.
  public mutating func add(mean newMean: Double, meanSquare: Double) {
    first = decay * first + (1 - decay) * newMean
    second = decay * second + (1 - decay) * meanSquare
    weight = decay * weight + (1 - decay)
    settle()
  }

  private mutating func settle() {
    guard weight > 0 else { return (mean, deviation) = (0, 1) }
    mean = first / weight
    let variance = second / weight - mean * mean
    deviation = variance > 1e-8 * max(1, mean * mean) ? variance.squareRoot() : 1
  }

  /// A return in the critic's unit: (x − mean) / deviation.
  public func normalized(_ value: Float) -> Float { Float((Double(value) - mean) / deviation) }

  /// What a critic's output says in the rewards' unit.
  public func denormalized(_ value: Float) -> Float { Float(Double(value) * deviation + mean) }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("moments", [first, second, weight])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let moments = try snapshot.doubles("moments", count: 3)
    guard moments.allSatisfy(\.isFinite), (0...1).contains(moments[2]), moments[1] >= 0 else {
      throw snapshot.mismatch("moments", expected: "a mean, a mean square and a weight", found: "\(moments)")
    }
    (first, second, weight) = (moments[0], moments[1], moments[2])
    settle()
  }
}
