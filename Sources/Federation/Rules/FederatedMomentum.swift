public import Configuration
public import Snapshots

/// `fedavgm`: the server goes towards the weighted mean with momentum.
///
/// With Δ = mean − model: v ← β v + Δ, model ← model + η v; v begins at 0. At β = 0 and η = 1 it is `fedavg`, to the
/// bit. The momentum is kept in 64 bits.
///
/// Source: T.-M. H. Hsu, H. Qi, M. Brown, "Measuring the effects of non-identical data distribution for federated
/// visual classification", arXiv 1909.06335, 2019, section 4.
public struct FederatedMomentum: MeanRule {
  public static let name = "fedavgm"
  public static let summary = "fedavg with momentum at the server"

  private let rate: Double
  private let momentum: Double
  /// v, as many as the model has parameters; empty before the first round.
  private var velocity: [Double] = []

  /// Reads `server_learning_rate`, η, and `momentum`, β.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    rate = try mapping.number("server_learning_rate", in: .positive.to(100), default: 1)
    momentum = try mapping.number("momentum", in: .nonNegative.to(1, excluding: true), default: 0.9)
  }

  /// The rule with a rate η and a momentum β.
  public init(serverLearningRate: Double = 1, momentum: Double = 0.9) {
    rate = serverLearningRate
    self.momentum = momentum
  }

  public mutating func move(_ model: inout [Float], towards mean: [Float]) {
    if rate == 1 && momentum == 0 {
      model = mean
      return
    }
    var velocity = startingMoments(self.velocity, for: model)
    self.velocity = []
    step(&model, towards: mean, &velocity)
    self.velocity = velocity
  }

  private func step(_ model: inout [Float], towards mean: [Float], _ velocity: inout [Double]) {
    let (rate, momentum) = (rate, momentum)
    let meanSpan = mean.span
    var modelSpan = model.mutableSpan
    var velocitySpan = velocity.mutableSpan
    for index in 0..<modelSpan.count {
      let old = Double(modelSpan[index])
      let moved = momentum * velocitySpan[index] + (Double(meanSpan[index]) - old)
      velocitySpan[index] = moved
      modelSpan[index] = Float(old + rate * moved)
    }
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("velocity", velocity)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    velocity = try snapshot.doubles("velocity")
  }
}
