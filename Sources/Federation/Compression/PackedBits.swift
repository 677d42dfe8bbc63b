/// Codes of 1 to 8 bits, one behind the other: the first code in the lowest bits of the first byte.
///
/// Eight codes fill as many bytes as each has bits. The last byte is filled up with zeros.
package enum PackedBits {
  /// The bytes of so many codes.
  package static func byteCount(of count: Int, bits: Int) -> Int { (count * bits + 7) / 8 }

  /// Writes codes, each below 2^bits.
  package static func write(_ codes: Span<UInt8>, bits: Int, into bytes: inout MutableSpan<UInt8>, at start: Int) {
    let whole = codes.count / 8 * 8
    var (index, place) = (0, start)
    while index < whole {
      var word: UInt64 = 0
      for code in 0..<8 { word |= UInt64(codes[index &+ code]) &<< UInt64(code &* bits) }
      for byte in 0..<bits { bytes[place &+ byte] = UInt8(truncatingIfNeeded: word &>> UInt64(8 &* byte)) }
      index &+= 8
      place &+= bits
    }
    var word: UInt64 = 0
    for code in 0..<codes.count - whole { word |= UInt64(codes[whole + code]) << UInt64(code * bits) }
    for byte in 0..<byteCount(of: codes.count - whole, bits: bits) {
      bytes[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
    }
  }

  /// Reads as many codes as there is room for.
  /// - Returns: whether what fills up the last byte is zero.
  package static func read(_ bytes: Span<UInt8>, at start: Int, bits: Int, into codes: inout MutableSpan<UInt8>) -> Bool
  {
    let mask = UInt64(1) << UInt64(bits) - 1
    let whole = codes.count / 8 * 8
    var (index, place) = (0, start)
    while index < whole {
      var word: UInt64 = 0
      for byte in 0..<bits { word |= UInt64(bytes[place &+ byte]) &<< UInt64(8 &* byte) }
      for code in 0..<8 {
        codes[index &+ code] = UInt8(truncatingIfNeeded: word &>> UInt64(code &* bits) & mask)
      }
      index &+= 8
      place &+= bits
    }
    var word: UInt64 = 0
    let rest = codes.count - whole
    for byte in 0..<byteCount(of: rest, bits: bits) { word |= UInt64(bytes[place + byte]) << UInt64(8 * byte) }
    for code in 0..<rest { codes[whole + code] = UInt8(truncatingIfNeeded: word >> UInt64(code * bits) & mask) }
    return word >> UInt64(rest * bits) == 0
  }
}
