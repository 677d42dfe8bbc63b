public import Configuration
import Glibc
public import Snapshots

/// How a server that waits for nobody takes up a difference that was made from an older model.
///
/// A client's difference Δ = θ − w_τ, made from the model of version τ, arrives when the server's is w_t. Its staleness
/// is s = t − τ, the merges since, and
///
///     w_{t+1} = w_t + α (1 + s)^(−a) · Δ,
///
/// as long as s is at most `max_staleness`; older ones are thrown away, counted, and make no new version. With s = 0
/// this is w_t + α(θ − w_t), FedAsync's mixture; for s > 0 FedAsync mixes w_t with θ itself and so also takes back a
/// part of the merges since τ, where a difference leaves them as they are.
///
/// Keys: `mixing` α, more than 0 and at most 1; `exponent` a, 0 (the age does not count) to 10; `max_staleness`, 0 or
/// more, absent for no limit.
///
/// Sources: C. Xie, S. Koyejo, I. Gupta, "Asynchronous federated optimization", arXiv:1903.03934, 2019 (the polynomial
/// weight); J. Nguyen et al., "Federated learning with buffered asynchronous aggregation", AISTATS 2022 (differences
/// instead of models).
public struct Staleness: Restorable, Sendable, Equatable {
  /// α: what of a fresh difference is taken up.
  public let mixing: Double
  /// a: how fast old ones lose weight.
  public let exponent: Double
  /// The greatest staleness that is taken up.
  public let maxStaleness: Int
  /// How many differences were too old.
  public private(set) var discarded = 0

  /// Reads its keys.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    mixing = try mapping.number("mixing", in: .positive.to(1), default: 0.6)
    exponent = try mapping.number("exponent", in: .between(0, 10), default: 0.5)
    maxStaleness = try mapping.integer("max_staleness", in: 0...Int.max, default: Int.max)
  }

  /// By its parts.
  public init(mixing: Double, exponent: Double, maxStaleness: Int = .max) {
    precondition(
      mixing > 0 && mixing <= 1 && exponent >= 0 && maxStaleness >= 0,
      "a mixing weight of \(mixing), an exponent of \(exponent), a staleness of at most \(maxStaleness)")
    self.mixing = mixing
    self.exponent = exponent
    self.maxStaleness = maxStaleness
  }

  /// α (1 + s)^(−a), or nil where a difference of such staleness is thrown away.
  public func weight(of staleness: Int) -> Double? {
    precondition(staleness >= 0, "a difference made from a model \(-staleness) versions in the future")
    guard staleness <= maxStaleness else { return nil }
    return mixing * pow(1 + Double(staleness), -exponent)
  }

  /// Adds a difference to the model by its weight, or counts it as too old.
  /// - Returns: whether it was taken up.
  @discardableResult
  public mutating func mix(_ difference: [Float], of staleness: Int, into model: inout [Float]) -> Bool {
    precondition(
      difference.count == model.count, "a difference of \(difference.count) for \(model.count) parameters")
    guard let weight = weight(of: staleness) else {
      discarded += 1
      return false
    }
    for index in 0..<model.count {
      model[index] = Float(Double(model[index]) + weight * Double(difference[index]))
    }
    return true
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("discarded", integer: discarded)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let count = try snapshot.integer("discarded")
    guard count >= 0 else { throw snapshot.mismatch("discarded", expected: "a count", found: "\(count)") }
    discarded = count
  }
}
