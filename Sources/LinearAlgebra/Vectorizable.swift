/// Elementary functions without branches or calls, so that a loop over them becomes vector code.
///
/// They agree with the C library's to a few units in the last place, not to the bit.
public enum Vectorizable {
  /// The hyperbolic tangent, within 4 units in the last place; odd to the bit, NaN for NaN.
  ///
  /// `tanh |x| = t / (t + 2)` where `t = exp(2|x|) - 1`, which loses nothing near zero. The argument is cut
  /// where the result has rounded to 1.
  @inlinable
  @inline(__always)
  public static func tanh(_ x: Float) -> Float {
    let doubled = 2 * x.magnitude
    let t = exponentialMinusOne(doubled > 20 ? 20 : doubled)
    let result = t / (t + 2)
    return Float(bitPattern: result.bitPattern | (x.bitPattern & 0x8000_0000))
  }

  /// `exp(x) - 1` for `x` between 0 and 20.
  ///
  /// With `x = n·ln 2 + r`, `|r| ≤ ln 2 / 2`, it is `2ⁿ·(exp(r) - 1) + (2ⁿ - 1)`; the first bracket is the
  /// Taylor sum of degree 8, the rest of which is below 2⁻²⁴ of its value. `ln 2` is taken in two parts so
  /// that `n·ln 2` is subtracted exactly (Cody and Waite, *Software Manual for the Elementary Functions*,
  /// 1980, chapter 6).
  @inlinable
  @inline(__always)
  static func exponentialMinusOne(_ x: Float) -> Float {
    // Adding 1.5 * 2^23 leaves the nearest integer in the low bits.
    let shifted = x * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let power = Float(bitPattern: (shifted.bitPattern &- 0x4B40_0000 &+ 127) << 23)
    let r = (x - n * 0.693_359_375) + n * 0.000_212_194_44
    var series: Float = 1 / 40_320
    series = series * r + 1 / 5_040
    series = series * r + 1 / 720
    series = series * r + 1 / 120
    series = series * r + 1 / 24
    series = series * r + 1 / 6
    series = series * r + 0.5
    return power * (series * (r * r) + r) + (power - 1)
  }

  /// Sine and cosine of four numbers, each within 2 units in the last place for `|x| ≤ 10⁶`.
  ///
  /// With `x = n·π/2 + r`, `|r| ≤ π/4`, both are odd and even polynomials of `r`, exchanged and negated by `n mod 4`.
  /// `π/2` is taken in three parts, of which the first two have 33 bits, so that their multiples are subtracted exactly
  /// (Cody and Waite, *Software Manual for the Elementary Functions*, 1980, chapter 8). The polynomials interpolate
  /// `(sin r - r) / r³` and `(cos r - 1 + r²/2) / r⁴` at Chebyshev nodes in `r²`; they miss them by less than 3·10⁻¹⁷.
  @inlinable
  @inline(__always)
  public static func sineAndCosine(_ x: SIMD4<Double>) -> (sine: SIMD4<Double>, cosine: SIMD4<Double>) {
    // Adding 1.5 * 2^52 leaves the nearest integer in the low bits.
    let shifted = x * 0.636_619_772_367_581_4 + 6_755_399_441_055_744
    let n = shifted - 6_755_399_441_055_744
    let r = ((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69
    let z = r * r
    var odd = z * 0x1.5e0af186af739p-33 + -0x1.ae600a926c89ap-26
    odd = odd * z + 0x1.71de37961e4c6p-19
    odd = odd * z + -0x1.a01a019e8357dp-13
    odd = odd * z + 0x1.1111111110bb1p-7
    odd = odd * z + -0x1.5555555555555p-3
    let sine = odd * (z * r) + r
    var even = z * -0x1.907d7aebd5e3dp-37 + 0x1.1eeb68b109173p-29
    even = even * z + -0x1.27e4fa17a41b4p-22
    even = even * z + 0x1.a01a019f4e867p-16
    even = even * z + -0x1.6c16c16c16966p-10
    even = even * z + 0x1.5555555555555p-5
    let cosine = even * (z * z) + (1 - 0.5 * z)
    let quarter = unsafe unsafeBitCast(shifted, to: SIMD4<UInt64>.self)
    let isSwapped = (quarter & 1) .== 1
    let first = unsafe unsafeBitCast(sine.replacing(with: cosine, where: isSwapped), to: SIMD4<UInt64>.self)
    let second = unsafe unsafeBitCast(cosine.replacing(with: sine, where: isSwapped), to: SIMD4<UInt64>.self)
    return unsafe (
      unsafeBitCast(first ^ ((quarter & 2) &<< 62), to: SIMD4<Double>.self),
      unsafeBitCast(second ^ (((quarter &+ 1) & 2) &<< 62), to: SIMD4<Double>.self)
    )
  }
}
