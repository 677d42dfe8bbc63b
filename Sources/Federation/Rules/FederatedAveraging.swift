public import Configuration

/// `fedavg`: the model becomes the weighted mean of the clients' parameters.
///
/// Source: H. B. McMahan et al., "Communication-efficient learning of deep networks from decentralized data", AISTATS
/// 2017, algorithm 1.
public struct FederatedAveraging: MeanRule {
  public static let name = "fedavg"
  public static let summary = "the mean of the clients' parameters, weighted by samples"

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {}

  /// The rule, which has no parameters.
  public init() {}

  public mutating func move(_ model: inout [Float], towards mean: [Float]) { model = mean }
}
