/// Numbers as whole multiples of 2⁻ᵇ modulo 2³², so that sums are exact and masks cancel.
///
/// A number x becomes round(x·2ᵇ), ties to even, in two's complement. The sum of n terms comes back whole because each
/// is held below 2³¹ / n in magnitude; the rounding error of a sum is at most n·2⁻ᵇ⁻¹.
public struct FixedPoint: Sendable, Equatable {
  /// b, the bits behind the point, 0 to 30.
  public let fractionalBits: Int
  /// n, the most terms of a sum.
  public let terms: Int

  /// The greatest multiple that a term can be.
  private var bound: Double { ((0x1p31 - 1) / Double(terms)).rounded(.down) }
  private var scale: Double { Double(1 << fractionalBits) }

  /// Numbers of so many fractional bits for sums of at most so many terms.
  public init(fractionalBits: Int, terms: Int) {
    precondition(0...30 ~= fractionalBits && terms >= 1, "\(fractionalBits) bits for \(terms) terms are not possible")
    self.fractionalBits = fractionalBits
    self.terms = terms
  }

  /// The greatest magnitude of a term.
  public var limit: Double { bound / scale }

  /// By how much rounding can lengthen a vector of so many elements: √count · 2⁻ᵇ⁻¹.
  public func roundingNorm(count: Int) -> Double { Double(count).squareRoot() / (2 * scale) }

  /// The multiples of `factor` times given values.
  /// - Throws: an error that names the greatest value, if it is too great, or not a number.
  public func encode(_ values: [Float], times factor: Double = 1) throws(SecureAggregationError) -> [UInt32] {
    let (bound, factorAndScale) = (bound, factor * scale)
    var words = [UInt32](repeating: 0, count: values.count)
    var fits = true
    let source = values.span
    var target = words.mutableSpan
    for index in 0..<source.count {
      let multiple = (Double(source[index]) * factorAndScale).rounded(.toNearestOrEven)
      let isInside = multiple.magnitude <= bound
      fits = fits && isInside
      target[index] = UInt32(bitPattern: Int32(isInside ? multiple : 0))
    }
    guard fits else { throw refusal(of: values, times: factor) }
    return words
  }

  /// The numbers that the words of a sum stand for.
  public func decode(_ words: [UInt32]) -> [Double] {
    let step = 1 / scale
    return words.map { Double(Int32(bitPattern: $0)) * step }
  }

  private func refusal(of values: [Float], times factor: Double) -> SecureAggregationError {
    if let value = values.first(where: { !$0.isFinite }) {
      return SecureAggregationError(.range, "a difference of \(value) cannot be summed securely; it must be finite")
    }
    let greatest = values.reduce(0) { max($0, Double($1).magnitude) } * factor
    let bits = (0..<fractionalBits).last { greatest <= FixedPoint(fractionalBits: $0, terms: terms).limit }
    let advice =
      bits.map { "set secure_aggregation.fractional_bits to at most \($0) or clip the differences" }
      ?? "clip the differences"
    return SecureAggregationError(
      .range,
      """
      a difference of \(Float(greatest)) cannot be summed securely: \(terms) clients with \(fractionalBits) fractional \
      bits can each add at most \(Float(limit)); \(advice)
      """)
  }
}
