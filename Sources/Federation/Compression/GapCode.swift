/// Rising places as the gaps between them, in few bits.
///
/// A gap is the number of places left out before one. With the parameter r it is written as ⌊gap/2^r⌋ zeros, a one, and
/// its r lowest bits, all from the lowest bit of a byte up: the Golomb code of a power of two, within a tenth
/// of a bit of the shortest where places are chosen independently. With r = 0 it is a bitmap without its last zeros.
///
/// The code begins with a byte for r; k places among d take 1 + ⌈(k(1 + r) + Σ⌊gap/2^r⌋)/8⌉ bytes, of which the sum is
/// at most (d − k)/2^r. The r with the fewest bits is taken, of equal ones the least.
///
/// Sources: S. W. Golomb, "Run-length encodings", IEEE Transactions on Information Theory 12(3), 1966; R. F. Rice,
/// "Some practical universal noiseless coding techniques", JPL Publication 79-22, 1979.
package enum GapCode {
  /// The greatest r.
  private static let greatestParameter = 31

  /// Appends the code of rising places.
  package static func append(_ places: Span<UInt32>, to bytes: inout [UInt8]) {
    let (parameter, bits) = shortest(places)
    bytes.append(UInt8(parameter))
    bytes.reserveCapacity(bytes.count + (bits + 7) / 8)
    // The bits that are no whole byte yet, the first lowest; never more than 7 after a place.
    var (word, filled) = (UInt64(0), 0)
    var next: UInt32 = 0
    for index in 0..<places.count {
      let gap = places[index] &- next
      next = places[index] &+ 1
      filled += Int(gap >> UInt32(parameter))
      while filled >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
        filled -= 8
      }
      word |= (UInt64(gap) & (1 << UInt64(parameter) - 1)) << UInt64(filled + 1) | 1 << UInt64(filled)
      filled += 1 + parameter
      while filled >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
        filled -= 8
      }
    }
    if filled > 0 { bytes.append(UInt8(truncatingIfNeeded: word)) }
  }

  /// Reads `count` places below `end` from the front of `bytes`.
  /// - Returns: the places and the number of bytes that they took.
  /// - Throws: `TransportError` where the bytes are no such code.
  package static func read(
    _ bytes: Span<UInt8>, count: Int, below end: Int
  ) throws(TransportError) -> (places: [UInt32], byteCount: Int) {
    guard let first = bytes.count > 0 ? Int(bytes[0]) : nil, first <= greatestParameter else {
      throw TransportError("the places of a compressed difference begin with no parameter from 0 to 31")
    }
    var places = [UInt32](repeating: 0, count: count)
    var reader = BitReader(next: 1)
    var next = 0
    for index in 0..<count {
      guard let quotient = reader.zeros(in: bytes), let rest = reader.bits(first, in: bytes) else {
        throw TransportError("a compressed difference is cut off within its places")
      }
      let place = next + quotient << first + rest
      guard place < end else {
        throw TransportError("a compressed difference has a place beyond its \(end) parameters")
      }
      places[index] = UInt32(truncatingIfNeeded: place)
      next = place + 1
    }
    guard reader.word == 0 else {
      throw TransportError("the places of a compressed difference end in bits that belong to none of them")
    }
    return (places, reader.next)
  }

  /// The parameter with the fewest bits, and those.
  private static func shortest(_ places: Span<UInt32>) -> (parameter: Int, bits: Int) {
    var best = (parameter: 0, bits: Int.max)
    for parameter in 0...greatestParameter {
      var bits = places.count * (1 + parameter)
      guard bits < best.bits else { break }
      var next: UInt32 = 0
      for index in 0..<places.count {
        bits &+= Int((places[index] &- next) &>> UInt32(parameter))
        next = places[index] &+ 1
      }
      if bits < best.bits { best = (parameter, bits) }
    }
    return best
  }
}

/// Reads bits from the lowest of a byte up.
private struct BitReader {
  /// The place of the next byte.
  var next: Int
  /// The bits that have been taken from the bytes but not been read, the next one lowest.
  var word: UInt64 = 0
  /// How many they are.
  private var filled = 0

  init(next: Int) { self.next = next }

  /// Takes bytes until there are `count` bits, at most 57; false where they end before.
  private mutating func fill(_ count: Int, from bytes: Span<UInt8>) -> Bool {
    while filled < count {
      guard next < bytes.count else { return false }
      word |= UInt64(bytes[next]) << UInt64(filled)
      next += 1
      filled += 8
    }
    return true
  }

  /// The number of zeros before a one, which is read too; nil where the bytes end before.
  mutating func zeros(in bytes: Span<UInt8>) -> Int? {
    var zeros = 0
    while word == 0 {
      zeros += filled
      filled = 0
      guard fill(1, from: bytes) else { return nil }
    }
    let last = word.trailingZeroBitCount
    word >>= UInt64(last + 1)
    filled -= last + 1
    return zeros + last
  }

  /// A number of so many bits, at most 31; nil where the bytes end before.
  mutating func bits(_ count: Int, in bytes: Span<UInt8>) -> Int? {
    guard fill(count, from: bytes) else { return nil }
    let value = word & (1 << UInt64(count) - 1)
    word >>= UInt64(count)
    filled -= count
    return Int(value)
  }
}
