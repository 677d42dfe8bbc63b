public import Configuration

/// `scaled`: the update made longer, so that it outweighs the others, Δ ← s · Δ.
///
/// Key: `scale` s, more than 0 and at most 1e6, by default 10. With as many as there are clients a mean becomes the
/// liar's own model.
///
/// Source: E. Bagdasaryan et al., "How to backdoor federated learning", AISTATS 2020 (model replacement).
public struct ScaledUpdate: Attack {
  public static let name = "scaled"
  public static let summary = "the update made longer, so that it outweighs the others"

  private let scale: Float

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    scale = Float(try mapping.number("scale", in: .positive.to(1e6), default: 10))
  }

  public mutating func corrupt(_ difference: inout [Float]) {
    for index in 0..<difference.count { difference[index] *= scale }
  }
}
