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

  /// The exponential function, within 2 units in the last place; 0 and infinity beyond the range of `Float`,
  /// NaN for NaN.
  ///
  /// With `x = n·ln 2 + r`, `|r| ≤ ln 2 / 2`, it is `2ⁿ·exp(r)`, by the Taylor sum of degree 7. The power is
  /// applied in two halves, so that results of all magnitudes come out.
  @inlinable
  @inline(__always)
  public static func exp(_ x: Float) -> Float {
    let low = x < -105 ? -105 : x
    let cut = low > 90 ? 90 : low
    let shifted = cut * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    let whole = Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000
    let half = whole &>> 1
    let r = (cut - n * 0.693_359_375) + n * 0.000_212_194_44
    var series: Float = 1 / 5_040
    series = series * r + 1 / 720
    series = series * r + 1 / 120
    series = series * r + 1 / 24
    series = series * r + 1 / 6
    series = series * r + 0.5
    series = series * (r * r) + r + 1
    return series * power(half) * power(whole &- half)
  }

  /// The natural logarithm, within 2 units in the last place; minus infinity for 0, NaN below and for NaN.
  ///
  /// With `x = 2ⁿ·m` and m between √½ and √2 it is `n·ln 2 + 2·artanh((m - 1) / (m + 1))`.
  @inlinable
  @inline(__always)
  public static func log(_ x: Float) -> Float {
    let isSmall = x < 0x1p-126
    let bits = Int32(bitPattern: (x * (isSmall ? 0x1p24 : 1)).bitPattern)
    let n = (bits &- 0x3F35_04F3) &>> 23
    let f = Float(bitPattern: UInt32(bitPattern: bits &- (n &<< 23))) - 1
    let s = f / (f + 2)
    let square = s * s
    var series: Float = 1 / 9
    series = series * square + 1 / 7
    series = series * square + 1 / 5
    series = series * square + 1 / 3
    let exponent = Float(n) - (isSmall ? 24 : 0)
    // 2s = f - s·f, which leaves the greatest part exact.
    let small = 2 * s * square * series - s * f - exponent * 0.000_212_194_44
    let result = exponent * 0.693_359_375 + (f + small)
    let positive = x < .infinity ? result : x
    return x > 0 ? positive : (x == 0 ? -.infinity : .nan)
  }

  /// The logistic function `1 / (1 + exp(-x))`, within 3 units in the last place; NaN for NaN.
  ///
  /// The exponential is taken of the negative magnitude, so that neither end overflows.
  @inlinable
  @inline(__always)
  public static func sigmoid(_ x: Float) -> Float {
    let t = exp(-x.magnitude)
    return (x < 0 ? t : 1) / (1 + t)
  }

  /// `log(1 + exp(x))`, within 4 units in the last place; NaN for NaN.
  ///
  /// `max(0, x) + log(1 + t)` with `t = exp(-|x|)`, where `log(1 + t) = 2·artanh(t / (t + 2))` loses nothing
  /// for small t.
  @inlinable
  @inline(__always)
  public static func softplus(_ x: Float) -> Float {
    let t = exp(-x.magnitude)
    let s = t / (t + 2)
    let square = s * s
    var series: Float = 1 / 15
    series = series * square + 1 / 13
    series = series * square + 1 / 11
    series = series * square + 1 / 9
    series = series * square + 1 / 7
    series = series * square + 1 / 5
    series = series * square + 1 / 3
    return (x < 0 ? 0 : x) + 2 * (s + s * square * series)
  }

  /// `1 - exp(-x)` for `x` not below zero: the derivative of ``softplus(_:)`` in terms of its value.
  @inlinable
  @inline(__always)
  public static func oneMinusExponential(_ x: Float) -> Float {
    let t = exponentialMinusOne(x > 20 ? 20 : x)
    return t / (t + 1)
  }

  /// The sine and cosine of a part of a full turn, 0 to 1, within 1e-7.
  @inlinable
  @inline(__always)
  public static func sineAndCosine(turns: Float) -> (sine: Float, cosine: Float) {
    let shifted = 4 * turns + 12_582_912
    let quarter = shifted.bitPattern
    let x = (4 * turns - (shifted - 12_582_912)) * (Float.pi / 2)
    let square = x * x
    let sine = x + x * square * (-1 / 6 + square * (1 / 120 + square * (-1 / 5_040 + square / 362_880)))
    let cosine = 1 + square * (-0.5 + square * (1 / 24 + square * (-1 / 720 + square / 40_320)))
    // In odd quarters the two change places.
    let odd = 0 &- (quarter & 1)
    let difference = (sine.bitPattern ^ cosine.bitPattern) & odd
    let (first, second) = (sine.bitPattern ^ difference, cosine.bitPattern ^ difference)
    let sineSign = (quarter & 2) << 30
    let cosineSign = ((quarter &+ 1) & 2) << 30
    return (Float(bitPattern: first ^ sineSign), Float(bitPattern: second ^ cosineSign))
  }

  /// `2ⁿ` for n from -126 to 127.
  @inlinable
  @inline(__always)
  static func power(_ n: Int32) -> Float {
    Float(bitPattern: UInt32(bitPattern: n &+ 127) << 23)
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
