/// The field of 256 elements, GF(2)[x] / (x⁸ + x⁴ + x³ + x + 1), in which sums are exclusive ors.
///
/// Products take the same time for all operands, so that time tells nothing about secrets.
/// Source: NIST FIPS 197, 2001, section 4.
enum BinaryField {
  /// a · b.
  @inline(__always)
  static func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
    var (a, result) = (a, UInt8(0))
    for bit in UInt8(0)..<8 {
      result ^= a & (0 &- ((b &>> bit) & 1))
      a = (a &<< 1) ^ (0x1B & (0 &- (a &>> 7)))
    }
    return result
  }

  /// 1 / a as a²⁵⁴; 0 for 0.
  static func inverse(_ a: UInt8) -> UInt8 {
    // The exponent is 11111110 in binary.
    var (power, result) = (a, UInt8(1))
    for _ in 0..<7 {
      power = product(power, power)
      result = product(result, power)
    }
    return result
  }
}
