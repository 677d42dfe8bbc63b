public import Configuration

/// `sign-flip`: the update turned about, Δ ← −s · Δ.
///
/// Key: `scale` s, more than 0 and at most 1e6, by default 2.5.
///
/// Source: X. Fan et al., "Fault-tolerant federated reinforcement learning with theoretical guarantee", NeurIPS 2021,
/// with this s.
public struct SignFlip: Attack {
  public static let name = "sign-flip"
  public static let summary = "the update turned about"

  private let scale: Float

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    scale = Float(try mapping.number("scale", in: .positive.to(1e6), default: 2.5))
  }

  public mutating func corrupt(_ difference: inout [Float]) {
    for index in 0..<difference.count { difference[index] *= -scale }
  }
}
