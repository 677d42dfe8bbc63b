package import Configuration
package import Randomness

/// Numbers written in blocks: a scale, then a sign and a level for each, chosen by lot so that the mean is what was
/// written.
///
/// With b bits there are s = 2^(b−1) − 1 levels 0 < ℓ₁ < … < ℓ_s = 1 beside ℓ₀ = 0. A value v of a block with scale c
/// lies between two of them, ℓ_k ≤ |v|/c ≤ ℓ_{k+1}, and is read as
///
///     c · sgn v · (ℓ_{k+1} with probability (|v|/c − ℓ_k) / (ℓ_{k+1} − ℓ_k), else ℓ_k),
///
/// whose mean is v and whose variance is c² (|v|/c − ℓ_k)(ℓ_{k+1} − |v|/c). Zero stays zero.
///
/// A block of n values takes 4 + ⌈n·b/8⌉ bytes: the scale as a little-endian `Float`, then b bits for each value, the
/// first in the lowest bits: its level, with the sign above it. What is left of the last byte is zero. A block with a
/// value that is not finite has the scale NaN.
///
/// The mean holds to the rounding of `Float`: quotients and products are rounded to nearest, and lots are drawn from
/// one half of a random word each, of which 25 bits decide between uniform levels and 23 between exponential ones,
/// as many as the significand of the quotient has. What they cannot tell apart moves the mean by at most 2⁻²⁴ of the
/// distance between two levels.
package struct BlockQuantizer: Sendable, Equatable {
  /// How the levels lie between 0 and 1.
  package enum Levels: String, Sendable, CaseIterable {
    /// ℓ_k = k/s.
    case uniform
    /// ℓ_k = 2^(k−s): the error is in proportion to the value.
    case exponential
  }

  /// What the scale of a block is.
  package enum Norm: String, Sendable, CaseIterable {
    /// The greatest magnitude.
    case max
    /// The Euclidean norm.
    case euclidean
  }

  /// Bits for a value, 2 to 8, of which one is the sign.
  package var bits: Int
  /// How the levels lie.
  package var levels: Levels
  /// What the scale is.
  package var norm: Norm
  /// Values under one scale.
  package var blockSize: Int

  /// A quantiser by its parts.
  package init(bits: Int, levels: Levels = .uniform, norm: Norm = .max, blockSize: Int = 1024) {
    precondition((2...8).contains(bits) && blockSize > 0, "\(bits) bits in blocks of \(blockSize)")
    self.bits = bits
    self.levels = levels
    self.norm = norm
    self.blockSize = blockSize
  }

  /// Reads `bits`, `levels`, `norm` and `block_size`.
  package init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    bits = try mapping.integer("bits", in: 2...8)
    levels = try mapping.choice("levels", default: .uniform)
    norm = try mapping.choice("norm", default: .max)
    blockSize = try mapping.integer("block_size", in: 8...1_048_576, default: 1024)
  }

  /// The number s of levels beside zero.
  package var levelCount: Int { 1 << (bits - 1) - 1 }

  /// The levels, 0 first.
  package var levelValues: [Float] {
    (0...levelCount).map { level in
      switch levels {
      case .uniform: Float(level) / Float(levelCount)
      case .exponential: level == 0 ? 0 : Float(sign: .plus, exponent: level - levelCount, significand: 1)
      }
    }
  }

  /// The bytes that `count` values take.
  package func byteCount(of count: Int) -> Int {
    let (blocks, rest) = count.quotientAndRemainder(dividingBy: blockSize)
    return blocks * (4 + PackedBits.byteCount(of: blockSize, bits: bits))
      + (rest > 0 ? 4 + PackedBits.byteCount(of: rest, bits: bits) : 0)
  }

  /// Writes values at `start` of `bytes`. Takes ⌈n/2⌉ random words for a block of n, whatever its values are.
  package func encode(
    _ values: Span<Float>, into bytes: inout MutableSpan<UInt8>, at start: Int, using stream: inout RandomStream
  ) {
    let room = min(blockSize, values.count)
    var lots = [UInt32](repeating: 0, count: room + room % 2)
    var codes = [UInt8](repeating: 0, count: room)
    var (first, place) = (0, start)
    while first < values.count {
      let block = values.extracting(first..<min(first + blockSize, values.count))
      let scale = scale(of: block)
      fill(&lots, count: block.count, from: &stream)
      var places = codes.mutableSpan
      var part = places._mutatingExtracting(0..<block.count)
      write(block, scale: scale, lots: lots.span, into: &part)
      LittleEndian.write(scale.bitPattern, into: &bytes, at: place)
      PackedBits.write(part.span, bits: bits, into: &bytes, at: place + 4)
      place += 4 + PackedBits.byteCount(of: block.count, bits: bits)
      first += blockSize
    }
  }

  /// Reads `values.count` values from `start` of `bytes`, which hold them all.
  package func decode(_ bytes: Span<UInt8>, at start: Int, into values: inout MutableSpan<Float>) throws(TransportError)
  {
    let levels = levelValues
    let table = levels + levels.map { -$0 }
    var codes = [UInt8](repeating: 0, count: min(blockSize, values.count))
    var (first, place) = (0, start)
    while first < values.count {
      let count = min(blockSize, values.count - first)
      let scale = Float(bitPattern: LittleEndian.read(bytes, at: place))
      guard !(scale < 0), scale != .infinity else {
        throw TransportError("a compressed block has the scale \(scale), which none can have")
      }
      var places = codes.mutableSpan
      var part = places._mutatingExtracting(0..<count)
      guard PackedBits.read(bytes, at: place + 4, bits: bits, into: &part) else {
        throw TransportError("a compressed block of \(count) values ends in bits that belong to none of them")
      }
      var block = values._mutatingExtracting(first..<first + count)
      Self.look(up: part.span, in: table.span, scale: scale, into: &block)
      place += 4 + PackedBits.byteCount(of: count, bits: bits)
      first += count
    }
  }
}

// MARK: A block

extension BlockQuantizer {
  /// The scale: not less than any magnitude, and NaN if one is not finite.
  private func scale(of block: Span<Float>) -> Float {
    var greatest: UInt32 = 0
    for index in 0..<block.count { greatest = Swift.max(greatest, block[index].bitPattern & 0x7FFF_FFFF) }
    let maximum = Float(bitPattern: greatest)
    guard maximum.isFinite else { return .nan }
    switch norm {
    case .max: return maximum
    case .euclidean:
      var sums = SIMD4<Double>.zero
      var index = 0
      while index + 4 <= block.count {
        let part = SIMD4<Double>(
          Double(block[index]), Double(block[index + 1]), Double(block[index + 2]), Double(block[index + 3]))
        sums += part * part
        index += 4
      }
      var total = sums.sum()
      while index < block.count {
        total += Double(block[index]) * Double(block[index])
        index += 1
      }
      return min(Float(total.squareRoot()), .greatestFiniteMagnitude)
    }
  }

  /// Two lots of 32 bits from each word, the lower half first.
  private func fill(_ lots: inout [UInt32], count: Int, from stream: inout RandomStream) {
    var lots = lots.mutableSpan
    var index = 0
    while index < count {
      let word = stream.next()
      lots[index] = UInt32(truncatingIfNeeded: word)
      lots[index + 1] = UInt32(truncatingIfNeeded: word &>> 32)
      index += 2
    }
  }

  private func write(_ block: Span<Float>, scale: Float, lots: Span<UInt32>, into codes: inout MutableSpan<UInt8>) {
    guard scale > 0 else {
      for index in 0..<codes.count { codes[index] = 0 }
      return
    }
    switch levels {
    case .uniform: writeUniform(block, scale: scale, lots: lots, into: &codes)
    case .exponential: writeExponential(block, scale: scale, lots: lots, into: &codes)
    }
  }

  /// With x = s·|v|/c as a fixed-point number of 25 fractional bits, the level is the whole part of x + lot.
  private func writeUniform(
    _ block: Span<Float>, scale: Float, lots: Span<UInt32>, into codes: inout MutableSpan<UInt8>
  ) {
    precondition(codes.count == block.count && lots.count >= block.count, "\(block.count) values, \(lots.count) lots")
    let count = Float(levelCount)
    let signShift = UInt32(32 - bits)
    for index in 0..<block.count {
      let value = block[index]
      let x = (value.magnitude / scale * count).bitPattern
      // The significand has its last place at 2^(exponent − 150) and is shifted to have it at 2⁻²⁵.
      let significand = (x & 0x7F_FFFF | 0x80_0000) &<< 8
      let fixed = significand >> (133 &- (x &>> 23))
      let level = (fixed &+ (lots[index] &>> 7)) &>> 25
      let sign = (value.bitPattern & 0x8000_0000) &>> signShift
      codes[index] = UInt8(truncatingIfNeeded: level == 0 ? 0 : level | sign)
    }
  }

  /// Above ℓ₁ a quotient of exponent e lies between the levels 2^e and 2^(e+1), and the bits of its significand are the
  /// probability of the upper one: added to a lot of as many bits they carry into the exponent with it. Below ℓ₁ the
  /// same happens to 1 + (|v|/c)/ℓ₁.
  private func writeExponential(
    _ block: Span<Float>, scale: Float, lots: Span<UInt32>, into codes: inout MutableSpan<UInt8>
  ) {
    precondition(codes.count == block.count && lots.count >= block.count, "\(block.count) values, \(lots.count) lots")
    let least = Float(sign: .plus, exponent: 1 - levelCount, significand: 1)
    let enlarge = Float(sign: .plus, exponent: levelCount - 1, significand: 1)
    let lowest = UInt32(127 - levelCount)
    let signShift = UInt32(32 - bits)
    for index in 0..<block.count {
      let value = block[index]
      let ratio = value.magnitude / scale
      let lot = lots[index] &>> 9
      let above = ((ratio.bitPattern &+ lot) &>> 23) &- lowest
      let below = (((1 + ratio * enlarge).bitPattern &+ lot) &>> 23) &- 127
      let level = ratio < least ? below : above
      let sign = (value.bitPattern & 0x8000_0000) &>> signShift
      codes[index] = UInt8(truncatingIfNeeded: level == 0 ? 0 : level | sign)
    }
  }

  /// `values[i] = scale · table[codes[i]]`; all codes are places in the table.
  private static func look(
    up codes: Span<UInt8>, in table: Span<Float>, scale: Float, into values: inout MutableSpan<Float>
  ) {
    for index in 0..<codes.count { values[index] = scale * table[Int(codes[index])] }
  }
}
