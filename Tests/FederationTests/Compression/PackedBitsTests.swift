import Federation
import Randomness
import Testing

/// Packed codes against a text of zeros and ones.
struct PackedBitsTests {
  @Test(arguments: 1...8) func `packing agrees with a naive bit string and unpacks exactly`(bits: Int) {
    var stream = RandomStream(seed: UInt64(bits))
    for count in 0...35 {
      let codes = (0..<count).map { _ in UInt8(stream.integer(below: 1 << bits)) }
      var digits: [UInt8] = codes.flatMap { code in (0..<bits).map { code >> UInt8($0) & 1 } }
      while digits.count % 8 != 0 { digits.append(0) }
      let wanted = (0..<digits.count / 8).map { byte in
        (0..<8).reduce(UInt8(0)) { $0 | digits[8 * byte + $1] << UInt8($1) }
      }
      var bytes = [UInt8](repeating: 0xAA, count: 3 + wanted.count + 2)
      var room = bytes.mutableSpan
      PackedBits.write(codes.span, bits: bits, into: &room, at: 3)
      #expect(bytes == [0xAA, 0xAA, 0xAA] + wanted + [0xAA, 0xAA])
      #expect(wanted.count == PackedBits.byteCount(of: count, bits: bits))
      var read = [UInt8](repeating: 0, count: count)
      var places = read.mutableSpan
      let isClean = PackedBits.read(bytes.span, at: 3, bits: bits, into: &places)
      #expect(isClean && read == codes)
    }
  }

  @Test func `bits behind the last code are noticed`() {
    let bytes: [UInt8] = [0b0100_0000, 0]
    for (count, isClean) in [(1, false), (2, false), (3, true)] {
      var codes = [UInt8](repeating: 0, count: count)
      var room = codes.mutableSpan
      let found = PackedBits.read(bytes.span, at: 0, bits: 3, into: &room)
      #expect(found == isClean, "\(count) codes of 3 bits")
    }
  }
}
