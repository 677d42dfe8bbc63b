public import Configuration
public import Snapshots

/// `fedyogi`: the server takes a step of Yogi towards the weighted mean.
///
/// With Δ = mean − model: m ← β₁ m + (1 − β₁) Δ, v ← v − (1 − β₂) Δ² sgn(v − Δ²), model ← model + η m / (√v + τ).
/// The moments begin at 0, as in Flower 1.41, and are kept in 64 bits.
///
/// Source: S. Reddi et al., "Adaptive federated optimization", ICLR 2021, algorithm 2.
public struct FederatedYogi: MeanRule {
  public static let name = "fedyogi"
  public static let summary = "fedavg with Yogi at the server"

  private let step: AdaptiveStep
  private var moments = AdaptiveMoments()

  /// Reads `server_learning_rate`, η, `beta1`, `beta2` and `tau`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    step = try AdaptiveStep(from: &mapping, rate: 0.01)
  }

  /// The rule with a rate η and what else its step has.
  public init(serverLearningRate: Double = 0.01, beta1: Double = 0.9, beta2: Double = 0.99, tau: Double = 1e-3) {
    step = AdaptiveStep(rate: serverLearningRate, beta1: beta1, beta2: beta2, tau: tau)
  }

  public mutating func move(_ model: inout [Float], towards mean: [Float]) {
    let rest = 1 - step.beta2
    moments.rounds += 1
    step.move(&model, towards: mean, &moments, rate: step.rate) { square, v in
      let sign = (v > square ? 1.0 : 0) - (v < square ? 1.0 : 0)
      return v - rest * square * sign
    }
  }

  public func snapshot() -> Snapshot { moments.snapshot() }
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try moments.restore(from: snapshot) }
}
