public import Configuration
public import Randomness

/// Differential privacy of clients: whoever sees what is released cannot tell what any one client has learned.
///
/// Each difference Δ that a client sends is cut to Δ·min(1, C/‖Δ‖), and Gaussian noise is added. What is protected is
/// a client with all its experience (H. B. McMahan, D. Ramage, K. Talwar, L. Zhang, "Learning differentially private
/// recurrent language models", ICLR 2018), not a single experience.
///
/// - Central: the server, which is trusted, adds N(0, (zC)²) to the sum of a round and divides by the *expected* number
///   of contributors. Neighbours are a run with a client and the run in which that client contributes nothing; one
///   client moves the sum by at most C. Everybody but the server sees only what has this noise.
/// - Local: each client adds N(0, (zC)²) to its own difference before it sends it. Neighbours are any two differences of
///   one client, which are up to 2C apart, so that the multiplier counts half. Nobody need be trusted.
///
/// For the figures to hold, all clients count alike, whatever they learned from; the denominator is fixed before the
/// round, whoever drops out or is late; and nothing else of a client is released: no statistics, no moments, no returns.
///
/// The noise comes from a seeded stream, so that an experiment can be repeated: who knows the seed can take it off.
/// A deployment seeds the stream from the system's generator. Draws are 53-bit, which does not close the leaks of
/// floating-point numbers that I. Mironov describes ("On significance of the least significant bits for differential
/// privacy", CCS 2012).
public struct UpdatePrivacy: Sendable, Equatable {
  /// Who adds the noise.
  public enum Place: String, Sendable, CaseIterable {
    /// The server, to the sum.
    case central
    /// Every client, to its own difference.
    case local
  }

  /// Who adds the noise.
  public var place: Place
  /// C, the greatest Euclidean norm of a difference.
  public var clip: Double
  /// z, the deviation of the noise over C; 0 clips only.
  public var noiseMultiplier: Double
  /// δ, the probability with which ε may not hold; well below one over the number of clients.
  public var delta: Double

  /// Privacy by its values.
  public init(place: Place, clip: Double, noiseMultiplier: Double, delta: Double) {
    precondition(clip > 0 && noiseMultiplier >= 0, "a norm of \(clip) and \(noiseMultiplier) times the noise are none")
    precondition(delta > 0 && delta < 1, "δ lies between 0 and 1, not \(delta)")
    self.place = place
    self.clip = clip
    self.noiseMultiplier = noiseMultiplier
    self.delta = delta
  }

  /// Reads `place`, `clip`, `noise_multiplier` and `delta` from `federation.privacy`.
  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    self.init(
      place: try mapping.choice("place"),
      clip: try mapping.number("clip", in: .positive),
      noiseMultiplier: try mapping.number("noise_multiplier", in: .nonNegative),
      delta: try mapping.number("delta", in: .above(0).to(1, excluding: true)))
  }

  /// The accountant of a run.
  ///
  /// - Parameter poissonProbability: q, where every client takes part in a round with this probability, independently
  ///   of all others; nil where all take part or a fixed number is drawn. Only independent draws hide who takes part
  ///   in the way that the analysis of sampling needs, so that the others count with q = 1; so does local noise,
  ///   which the receiver sees with the sender's name on it.
  public func accountant(poissonProbability: Double?) -> RenyiAccountant {
    switch place {
    case .central: RenyiAccountant(samplingProbability: poissonProbability ?? 1, noiseMultiplier: noiseMultiplier)
    case .local: RenyiAccountant(samplingProbability: 1, noiseMultiplier: noiseMultiplier / 2)
    }
  }

  /// Cuts a difference to the norm C at most, in place, and returns the norm that it had.
  ///
  /// - Parameter margin: how much of C is kept free for what lengthens it later, as the rounding of secure sums does;
  ///   less than C.
  @discardableResult
  public func clip(_ difference: inout [Float], margin: Double = 0) -> Double {
    precondition(margin >= 0 && margin < clip, "a margin of \(margin) leaves nothing of a norm of \(clip)")
    let (norm, bound) = (Self.norm(difference), clip - margin)
    guard norm > bound else { return norm }
    // One unit in the last place is kept for the rounding of the elements.
    let factor = bound / norm * (1 - 0x1p-23)
    var target = difference.mutableSpan
    for index in 0..<target.count { target[index] = Float(Double(target[index]) * factor) }
    return norm
  }

  /// Why differences of so many elements cannot be held to the norm C through a secure sum, in a sentence; nil when they
  /// can.
  public func unsupported(count: Int, in secure: SecureAggregation) -> String? {
    let rounding = secure.roundingNorm(count: count)
    guard rounding > clip / 2 else { return nil }
    return """
      rounding \(count) parameters to \(secure.fractionalBits) fractional bits can add \(Float(rounding)) to the norm of \
      a difference, more than half of privacy.clip, \(Float(clip)); raise secure_aggregation.fractional_bits or the clip
      """
  }

  private static func norm(_ values: [Float]) -> Double {
    let source = values.span
    var square = 0.0
    for index in 0..<source.count {
      let element = Double(source[index])
      square += element * element
    }
    return square.squareRoot()
  }

  /// Adds N(0, (zC)²) to every element: what a client does by itself where the place is local.
  public func addNoise(to difference: inout [Float], using stream: inout RandomStream) {
    guard noiseMultiplier > 0 else { return }
    let deviation = noiseMultiplier * clip
    var source = stream
    var target = difference.mutableSpan
    Self.forEachNormal(target.count, using: &source) { index, normal in
      target[index] = Float(Double(target[index]) + deviation * normal)
    }
    stream = source
  }

  /// The sum of clipped differences with N(0, (zC)²) added to each element, over a number fixed before the round: what
  /// the server does where the place is central.
  ///
  /// - Parameter expected: q·N where clients take part with probability q; else the number that was drawn.
  public func noisyMean(ofSum sum: [Double], expected: Double, using stream: inout RandomStream) -> [Float] {
    precondition(expected > 0, "a mean over \(expected) contributors is none")
    let deviation = noiseMultiplier * clip
    var mean = [Float](repeating: 0, count: sum.count)
    let elements = sum.span
    var source = stream
    var target = mean.mutableSpan
    guard noiseMultiplier > 0 else {
      for index in 0..<elements.count { target[index] = Float(elements[index] / expected) }
      return mean
    }
    Self.forEachNormal(elements.count, using: &source) { index, normal in
      target[index] = Float((elements[index] + deviation * normal) / expected)
    }
    stream = source
    return mean
  }

  /// Hands out independent standard normals, two of two words.
  @inline(__always)
  private static func forEachNormal(
    _ count: Int, using stream: inout RandomStream, _ body: (_ index: Int, _ normal: Double) -> Void
  ) {
    var index = 0
    while index < count {
      let (first, second) = Variate.normals(stream.next(), stream.next())
      body(index, first)
      if index &+ 1 < count { body(index &+ 1, second) }
      index &+= 2
    }
  }
}
