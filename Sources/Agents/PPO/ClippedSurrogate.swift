/// The objective of an action under a policy that has moved away from the one that took it.
///
/// min(ρ A, clip(ρ, 1 − ε, 1 + ε) A), ρ being the ratio of the action's probabilities now and then, A its advantage.
/// An action that has already become so much likelier or unlikelier is pushed no further.
///
/// Source: J. Schulman, F. Wolski, P. Dhariwal, A. Radford, O. Klimov, "Proximal policy optimization algorithms",
/// arXiv 1707.06347, 2017, equation 7.
public struct ClippedSurrogate: Sendable, Equatable {
  /// The distance ε.
  public let range: Float

  /// An objective by its distance.
  public init(range: Float) {
    precondition(range > 0, "a probability ratio cannot be kept within \(range) of 1")
    self.range = range
  }

  /// The objective, to be made great.
  @inlinable
  public func value(ratio: Float, advantage: Float) -> Float {
    let clipped = min(max(ratio, 1 - range), 1 + range)
    return min(ratio * advantage, clipped * advantage)
  }

  /// The derivative of the objective with respect to log ρ: ρ A, or 0 where the clipped side counts.
  @inlinable
  public func slope(ratio: Float, advantage: Float) -> Float {
    let isClipped = advantage > 0 ? ratio > 1 + range : ratio < 1 - range
    return isClipped ? 0 : ratio * advantage
  }

  /// Whether a ratio lies outside 1 ± ε.
  @inlinable
  public func clips(_ ratio: Float) -> Bool { abs(ratio - 1) > range }
}
