import Glibc

/// A power ratio in decibels: a gain, a loss or a noise figure.
public struct Decibels: AdditiveQuantity {
  /// The number of decibels.
  public let value: Double
  /// A ratio of so many decibels.
  public init(_ value: Double) { self.value = value }
  /// The decibels of a plain power ratio, 10 log₁₀ ratio. The ratio must be positive.
  public init(ratio: Double) {
    precondition(ratio > 0, "decibels need a positive power ratio, not \(ratio)")
    value = 10 * log10(ratio)
  }
  /// The plain power ratio, 10^(value / 10).
  public var ratio: Double { pow(10, value / 10) }
}

/// A power level in decibels above one milliwatt.
///
/// Levels are not added: adding a gain in ``Decibels`` gives a level, subtracting two levels gives decibels,
/// and powers are summed as ``Watts``.
public struct DecibelMilliwatts: Quantity {
  /// The number of dBm.
  public let value: Double
  /// A level of so many dBm.
  public init(_ value: Double) { self.value = value }
  /// The level of a power: 10 log₁₀(P / 1 mW). The power must be positive.
  public init(_ power: Watts) {
    precondition(power.value > 0, "a level in dBm needs a positive power, not \(power.value) W")
    value = 10 * log10(power.value) + 30
  }

  /// The level after a gain.
  public static func + (level: DecibelMilliwatts, gain: Decibels) -> DecibelMilliwatts {
    DecibelMilliwatts(level.value + gain.value)
  }
  /// The level after a loss.
  public static func - (level: DecibelMilliwatts, loss: Decibels) -> DecibelMilliwatts {
    DecibelMilliwatts(level.value - loss.value)
  }
  /// The ratio of two levels.
  public static func - (a: DecibelMilliwatts, b: DecibelMilliwatts) -> Decibels {
    Decibels(a.value - b.value)
  }
}

extension Watts {
  /// The power of a level: 10^((level − 30) / 10) W.
  public init(_ level: DecibelMilliwatts) { self.init(pow(10, (level.value - 30) / 10)) }
}
