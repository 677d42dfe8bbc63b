import Federation
import Randomness
import Testing

/// Places as gaps, against a bit string written digit by digit.
struct GapCodeTests {
  /// The code with a parameter, as its definition says.
  private func naive(_ places: [UInt32], parameter: Int) -> [UInt8] {
    var digits: [UInt8] = []
    var next: UInt32 = 0
    for place in places {
      let gap = Int(place - next)
      digits += [UInt8](repeating: 0, count: gap >> parameter) + [1]
      digits += (0..<parameter).map { UInt8(gap >> $0 & 1) }
      next = place + 1
    }
    while digits.count % 8 != 0 { digits.append(0) }
    let bytes = stride(from: 0, to: digits.count, by: 8).map { first in
      (0..<8).reduce(UInt8(0)) { $0 | digits[first + $1] << UInt8($1) }
    }
    return [UInt8(parameter)] + bytes
  }

  private func code(_ places: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    GapCode.append(places.span, to: &bytes)
    return bytes
  }

  private func read(_ bytes: [UInt8], count: Int, below end: Int) throws -> [UInt32] {
    let (places, byteCount) = try GapCode.read(bytes.span, count: count, below: end)
    #expect(byteCount == bytes.count)
    return places
  }

  @Test func `every set of ten places is the shortest naive code and reads back`() throws {
    for set in 0..<1024 {
      let places = (0..<10).filter { set >> $0 & 1 == 1 }.map { UInt32($0) }
      let bytes = code(places)
      let codes = (0..<8).map { naive(places, parameter: $0) }
      #expect(bytes.count == codes.map(\.count).min() && codes.contains(bytes))
      #expect(try read(bytes, count: places.count, below: 10) == places)
    }
  }

  @Test func `far places read back`() throws {
    let places: [UInt32] = [0, 1, 255, 256, 100_000, 4_000_000, 4_294_967_290, 4_294_967_294]
    #expect(try read(code(places), count: 8, below: 1 << 32) == places)
    #expect(code(places).count < 40)
  }

  @Test(arguments: [(0.001, 11.495), (0.01, 8.108), (0.1, 4.756)])
  func `random places take the bits of the geometric law`(share: Double, wanted: Double) throws {
    var stream = RandomStream(seed: 6)
    let places = (0..<2_000_000).filter { _ in stream.bernoulli(share) }.map { UInt32($0) }
    let bits = 8 * Double(code(places).count) / Double(places.count)
    // The mean of 1 + r + ⌊gap/2^r⌋ at the best r; the quotient's deviation is below 1.
    #expect((bits - wanted).magnitude < 5 / Double(places.count).squareRoot() + 0.01)
  }

  @Test func `codes that are cut, leave their room or end in stray bits are refused`() throws {
    let bytes = naive([3, 40, 41], parameter: 2)
    #expect(try read(bytes, count: 3, below: 42) == [3, 40, 41])
    let wrong: [([UInt8], Int, Int)] = [
      (bytes, 3, 41), (Array(bytes.dropLast()), 3, 42), (bytes, 2, 42), ([], 0, 42), ([32], 0, 42), ([255], 1, 42),
      ([0], 1, 42), ([0, 0, 0], 1, 42), ([31, 1, 0, 0], 1, 42),
    ]
    for (bytes, count, end) in wrong {
      #expect(throws: TransportError.self) { _ = try GapCode.read(bytes.span, count: count, below: end) }
    }
  }
}
