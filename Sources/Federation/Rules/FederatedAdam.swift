public import Configuration
internal import Glibc
public import Snapshots

/// `fedadam`: the server takes a step of Adam towards the weighted mean.
///
/// With Δ = mean − model, in round t = 1, 2, …: m ← β₁ m + (1 − β₁) Δ, v ← β₂ v + (1 − β₂) Δ²,
/// model ← model + η √(1 − β₂ᵗ⁺¹) / (1 − β₁ᵗ⁺¹) · m / (√v + τ). The moments begin at 0 and are kept in 64 bits.
///
/// The paper's step has neither the factor of the two powers, which makes early steps longer, nor moments that begin at
/// 0 but at τ² for v; Flower 1.41 has both, with the exponent t + 1, and this is its step.
///
/// Source: S. Reddi et al., "Adaptive federated optimization", ICLR 2021, algorithm 2.
public struct FederatedAdam: MeanRule {
  public static let name = "fedadam"
  public static let summary = "fedavg with Adam at the server"

  private let step: AdaptiveStep
  private var moments = AdaptiveMoments()

  /// Reads `server_learning_rate`, η, `beta1`, `beta2` and `tau`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    step = try AdaptiveStep(from: &mapping, rate: 0.1)
  }

  /// The rule with a rate η and what else its step has.
  public init(serverLearningRate: Double = 0.1, beta1: Double = 0.9, beta2: Double = 0.99, tau: Double = 1e-3) {
    step = AdaptiveStep(rate: serverLearningRate, beta1: beta1, beta2: beta2, tau: tau)
  }

  public mutating func move(_ model: inout [Float], towards mean: [Float]) {
    let (first, second) = (step.beta1, step.beta2)
    moments.rounds += 1
    let power = Double(moments.rounds) + 1
    let rate = step.rate * (1 - pow(second, power)).squareRoot() / (1 - pow(first, power))
    step.move(&model, towards: mean, &moments, rate: rate) { square, v in second * v + (1 - second) * square }
  }

  public func snapshot() -> Snapshot { moments.snapshot() }
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try moments.restore(from: snapshot) }
}
