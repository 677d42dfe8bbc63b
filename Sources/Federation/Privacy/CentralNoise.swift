/// The noise that a trusted server adds to every round's sum.
public struct CentralNoise: Sendable, Equatable {
  /// Norm and deviation.
  public var privacy: UpdatePrivacy
  /// The number of contributors that is known before a round.
  public var expected: Double

  /// Noise by its parts.
  public init(_ privacy: UpdatePrivacy, expected: Double) {
    self.privacy = privacy
    self.expected = expected
  }
}
