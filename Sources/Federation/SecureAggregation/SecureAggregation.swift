public import Configuration

/// Sums of updates of which the server learns nothing but the sum.
///
/// Every two clients agree on a mask that one adds and the other subtracts, and each adds one of its own; keys of both
/// are cut into shares among all, so that the masks of those who vanish on the way can still be taken out, by any
/// `threshold` clients and no fewer. Numbers are fixed-point modulo 2³²; one masked vector is uniform noise.
///
/// Clients and server follow the protocol but may look at all they see; a server that lies about who has dropped out is
/// only held back by every client answering once. For that case the authors add signatures, which are not here.
///
/// Source: K. Bonawitz, V. Ivanov, B. Kreuter, A. Marcedone, H. B. McMahan, S. Patel, D. Ramage, A. Segal, K. Seth,
/// "Practical secure aggregation for privacy-preserving machine learning", CCS 2017, figure 4 without round 3.
///
/// A round has four exchanges: keys, shares, masked numbers, shares revealed. ``SecureAggregationClient`` and
/// ``SecureAggregationServer`` are the two sides, which speak in bytes; ``SecureRound`` has all of them in one process.
public struct SecureAggregation: Sendable, Equatable {
  /// The bits behind the point, 0 to 30.
  public var fractionalBits: Int
  /// The share of a round's clients that must stay to its end, more than ½ and at most 1.
  public var threshold: Double

  /// The settings by their values.
  public init(fractionalBits: Int = 16, threshold: Double = 2.0 / 3) {
    precondition(0...30 ~= fractionalBits, "the fractional bits are 0 to 30, not \(fractionalBits)")
    precondition(threshold > 0.5 && threshold <= 1, "the threshold is more than ½ and at most 1, not \(threshold)")
    self.fractionalBits = fractionalBits
    self.threshold = threshold
  }

  /// Reads `fractional_bits` and `threshold` from `federation.secure_aggregation`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    let fractionalBits = try mapping.integer("fractional_bits", in: 0...30, default: 16)
    let threshold = try mapping.number("threshold", in: .above(0.5).to(1), default: 2.0 / 3)
    self.init(fractionalBits: fractionalBits, threshold: threshold)
  }

  /// How many of so many clients must stay to the end: at least 2, for a sum of one hides nothing.
  public func fewest(of participants: Int) -> Int {
    // A share that is a whole number but for its rounding, as 0.7 of 10, is that number.
    max(2, Int((threshold * Double(participants) * (1 - 1e-12)).rounded(.up)))
  }

  /// Why a round of so many clients has no secure sum, as the end of a sentence; nil when it has.
  public func unsupported(participants: Int) -> String? {
    if participants < 2 { return "needs at least 2 clients in a round, not \(participants)" }
    if participants > SecretSharing.mostHolders {
      return "takes at most \(SecretSharing.mostHolders) clients in a round, not \(participants)"
    }
    return nil
  }

  /// By how much rounding can lengthen a difference of so many elements: √count · 2⁻ᵇ⁻¹.
  public func roundingNorm(count: Int) -> Double { numbers(participants: 2).roundingNorm(count: count) }

  /// The numbers of a round of so many clients.
  public func numbers(participants: Int) -> FixedPoint {
    FixedPoint(fractionalBits: fractionalBits, terms: participants)
  }
}
