import Federation
import Testing

struct FixedPointTests {
  @Test func `rounds to the nearest multiple, ties to the even one`() throws {
    let numbers = FixedPoint(fractionalBits: 1, terms: 4)
    let words = try numbers.encode([0.25, 0.75, -0.25, -0.75, 1.1, -3])
    #expect(words.map { Int32(bitPattern: $0) } == [0, 2, 0, -2, 2, -6])
    #expect(numbers.decode(words) == [0, 1, 0, -1, 1, -3])
  }

  @Test(arguments: [1, 2, 3, 10, 255], [0, 8, 16, 30])
  func `as many greatest terms as there are clients do not wrap`(terms: Int, bits: Int) throws {
    let numbers = FixedPoint(fractionalBits: bits, terms: terms)
    let greatest = Float(numbers.limit).nextDown
    for sign: Float in [1, -1] {
      let word = try numbers.encode([sign * greatest])[0]
      let sum = (0..<terms).reduce(UInt32(0)) { total, _ in total &+ word }
      let exact = Double(sign * greatest) * Double(terms)
      #expect(abs(numbers.decode([sum])[0] - exact) <= Double(terms) / Double(1 << (bits + 1)))
    }
    #expect(throws: SecureAggregationError.self) { try numbers.encode([0, Float(numbers.limit) * 1.0001]) }
    #expect(throws: SecureAggregationError.self) { try numbers.encode([0, -Float(numbers.limit) * 1.0001]) }
  }

  @Test func `says what to change when a value is too great`() throws {
    let numbers = FixedPoint(fractionalBits: 16, terms: 10)
    let error = try #require(throws: SecureAggregationError.self) { try numbers.encode([1, -8000, 3], times: 0.5) }
    #expect(error.kind == .range)
    #expect(
      error.description == """
        a difference of 4000.0 cannot be summed securely: 10 clients with 16 fractional bits can each add at most \
        3276.8; set secure_aggregation.fractional_bits to at most 15 or clip the differences
        """)
    for wrong: Float in [.nan, .infinity, -.infinity] {
      #expect(throws: SecureAggregationError.self) { try numbers.encode([0, wrong]) }
    }
    #expect(throws: SecureAggregationError.self) { try numbers.encode([.greatestFiniteMagnitude]) }
  }
}
