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
}
