public import Glibc

/// Random numbers from random words: each takes a fixed number of words, so that counter-based draws can use it.
public enum Variate {
  /// A uniform number in [0, 1), a multiple of 2⁻⁵³.
  @inlinable
  public static func uniform(_ word: UInt64) -> Double { Double(word >> 11) * 0x1p-53 }

  /// A uniform number in (0, 1], never zero, so that its logarithm is finite.
  @inlinable
  public static func positiveUniform(_ word: UInt64) -> Double { Double((word >> 11) + 1) * 0x1p-53 }

  /// A uniform number in (0, 1), an odd multiple of 2⁻²⁴, so that all its logarithms are finite.
  @inlinable
  public static func openUniform(_ word: UInt32) -> Float { (Float(word &>> 9) + 0.5) * 0x1p-23 }

  /// Two independent standard normal numbers (G. E. P. Box, M. E. Muller, 1958). |x| ≤ 8.58.
  @inlinable
  public static func normals(_ a: UInt64, _ b: UInt64) -> (Double, Double) {
    let radius = (-2 * log(positiveUniform(a))).squareRoot()
    let angle = 2 * Double.pi * uniform(b)
    return (radius * cos(angle), radius * sin(angle))
  }

  /// An exponential number with mean 1 by inversion. At most 36.74.
  @inlinable
  public static func exponential(_ word: UInt64) -> Double { -log(positiveUniform(word)) }

  /// An integer in 0 ..< count by multiplication; each value's probability is off by less than count · 2⁻⁶⁴.
  @inlinable
  public static func integer(_ word: UInt64, below count: Int) -> Int {
    Int(word.multipliedFullWidth(by: UInt64(count)).high)
  }
}
