public import Randomness

/// Rayleigh fading of one transmitter in one slot: an independent power gain for every receiver and resource block.
///
/// The slot's key is a draw of the world (seed, transmitter, slot). A gain is the exponential number of a word that
/// the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014) makes of the key and the address: no
/// state, nothing to store, a few nanoseconds, so that only what is read need be computed. Gains have mean 1; they
/// lie between 6·10⁻⁸ and 16.7 and are the same, bit for bit, on every machine.
public struct BlockFading: Sendable, Equatable {
  /// The key of the transmitter's slot.
  public let key: UInt64

  /// The fading of a transmitter in a slot.
  public init(world: WorldDraws, transmitter: UInt64, slot: UInt64) {
    key = world.block(.blockFading, entity: transmitter, time: slot).0
  }

  /// The fading of a key that was kept.
  @inlinable
  public init(key: UInt64) { self.key = key }

  /// The power gain at an address, which is receiver · blocks + block.
  @inlinable
  @inline(__always)
  public func power(_ address: Int) -> Float {
    var word = key &+ 0x9E37_79B9_7F4A_7C15 &* (UInt64(truncatingIfNeeded: address) &+ 1)
    word = (word ^ (word &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
    word ^= word &>> 31
    return Self.exponential(UInt32(truncatingIfNeeded: word &>> 32))
  }

  /// −ln u of the open uniform number of a word.
  @inlinable
  @inline(__always)
  public static func exponential(_ word: UInt32) -> Float { -logarithm(Variate.openUniform(word)) }

  /// The natural logarithm of a positive normal number, to within 10⁻⁷ · max(1, |ln x|); no table, no branch.
  ///
  /// x = 2^e m with √½ ≤ m < √2; ln m = z − z²/2 + z³ P(z), z = m − 1, P of degree 8 (S. L. Moshier's Cephes, `logf`).
  @inlinable
  @inline(__always)
  public static func logarithm(_ x: Float) -> Float {
    let bits = x.bitPattern &- 0x3F35_04F3
    let exponent = Float(Int32(bitPattern: bits) &>> 23)
    let z = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3) - 1
    let square = z * z
    var p: Float = 7.0376836292e-2
    p = p * z - 1.1514610310e-1
    p = p * z + 1.1676998740e-1
    p = p * z - 1.2420140846e-1
    p = p * z + 1.4249322787e-1
    p = p * z - 1.6668057665e-1
    p = p * z + 2.0000714765e-1
    p = p * z - 2.4999993993e-1
    p = p * z + 3.3333331174e-1
    return z + (z * square * p - 2.12194440e-4 * exponent - 0.5 * square) + 0.693359375 * exponent
  }
}

extension WorldDraws.Purpose {
  /// The key of a transmitter's fading in a slot; entity: the transmitter, time: the slot.
  public static let blockFading = WorldDraws.Purpose(rawValue: 0x115)
}
