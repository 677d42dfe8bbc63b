/// The counter-based generator Philox4x64-10: a bijection of 256-bit counters, chosen by a 128-bit key.
///
/// Every draw in Edgewise comes from it: sequential ones by counting blocks (``RandomStream``), those of the
/// simulated world by writing purpose, entity and time into the counter (``WorldDraws``).
///
/// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011. The words agree with the known answers of the authors' Random123 library and with NumPy's `Philox`.
public enum Philox {
  /// Four 64-bit words: a counter or an output block.
  public typealias Block = (UInt64, UInt64, UInt64, UInt64)

  /// The output block at a counter under a key. Ten rounds; no state; about 20 multiplications.
  @inlinable
  public static func block(_ counter: Block, key: (UInt64, UInt64)) -> Block {
    var (x0, x1, x2, x3) = counter
    var (k0, k1) = key
    for _ in 0..<9 {
      round(&x0, &x1, &x2, &x3, k0, k1)
      k0 &+= 0x9E37_79B9_7F4A_7C15
      k1 &+= 0xBB67_AE85_84CA_A73B
    }
    round(&x0, &x1, &x2, &x3, k0, k1)
    return (x0, x1, x2, x3)
  }

  @inlinable
  @inline(__always)
  static func round(
    _ x0: inout UInt64, _ x1: inout UInt64, _ x2: inout UInt64, _ x3: inout UInt64, _ k0: UInt64, _ k1: UInt64
  ) {
    let a = x0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
    let b = x2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
    x0 = b.high ^ x1 ^ k0
    x1 = b.low
    x2 = a.high ^ x3 ^ k1
    x3 = a.low
  }
}
