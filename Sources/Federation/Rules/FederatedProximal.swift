public import Configuration

/// `fedprox`: the weighted mean, while each client is held near the model that it received.
///
/// Every gradient of a client gets μ · (θ − θ₀) added, with θ₀ the model as it arrived.
///
/// Source: T. Li et al., "Federated optimization in heterogeneous networks", MLSys 2020, algorithm 2.
public struct FederatedProximal: MeanRule {
  public static let name = "fedprox"
  public static let summary = "fedavg, while the clients' steps are held near the model they received"

  public let proximalStrength: Float

  /// Reads `proximal`, μ.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    proximalStrength = Float(try mapping.number("proximal", in: .between(0, 1e6)))
  }

  /// The rule with a strength μ ≥ 0.
  public init(proximal: Float) { proximalStrength = proximal }

  public mutating func move(_ model: inout [Float], towards mean: [Float]) { model = mean }
}
