import Glibc

/// The faulty variant of WINNER+ B1 that the environment of Liang, Ye and Li uses, and at least ten copies of it.
///
/// It is here so that published figures can be repeated. Do not use it for anything else; ``WinnerB1`` is the law.
/// What differs, on purpose:
///
/// 1. Beyond d'BP the antenna heights stand as they are (1.5 m) where the law has h − 1 m: for 1.5 m the loss falls by
///    16.5 dB at 6.67 m and is 34.6 log 3 = 16.51 dB too small from there on.
/// 2. Around a corner the exponent n = max(2.8 − 0.0024 dl, 1.84) is taken from the other street.
/// 3. The least distance of 3 m is not applied to dl.
/// 4. Shadowing has 3 dB around a corner, as with line of sight, where the standard has 4 dB.
///
/// With line of sight the code adds 1 mm to the ground distance; ``addedDistance_m`` is for the caller to add.
///
/// Source: le-liang/MARLspectrumSharingV2X, with L. Liang, H. Ye, G. Y. Li, IEEE JSAC 37 (2019) 2282.
public struct Liang2019PathLoss: Sendable, Equatable {
  /// What the code adds to a ground distance before it takes the logarithm.
  public static let addedDistance_m = 0.001

  /// The carrier frequency.
  public let carrier_Hz: Double
  /// The distance at which the law with line of sight bends and, being faulty, falls.
  public let breakPoint_m: Double

  private let nearConstant_dB: Double
  private let farConstant_dB: Double
  private let cornerConstant_dB: Double

  /// The faulty law of a carrier and an antenna height above 1 m.
  public init(carrier: Hertz, height: Metres = Metres(1.5)) {
    precondition(
      carrier.value > 0 && height.value > 1,
      "a carrier must be positive and an antenna above 1 m, not \(carrier.value) Hz and \(height.value) m")
    carrier_Hz = carrier.value
    breakPoint_m = 4 * (height.value - 1) * (height.value - 1) * carrier_Hz / 3e8
    let logCarrier = log10(carrier_Hz / 5e9)
    nearConstant_dB = 41 + 20 * logCarrier
    farConstant_dB = 9.45 - 2 * 17.3 * log10(height.value) + 2.7 * logCarrier
    cornerConstant_dB = 20 + 3 * logCarrier
  }

  /// The loss with line of sight.
  public func lineOfSight_dB(distance_m: Double) -> Double {
    let logDistance = log10(max(distance_m, WinnerB1.nearestDistance_m))
    return max(distance_m, WinnerB1.nearestDistance_m) < breakPoint_m
      ? nearConstant_dB + 22.7 * logDistance : farConstant_dB + 40 * logDistance
  }

  /// The loss around a corner.
  public func corner_dB(_ d1_m: Double, _ d2_m: Double) -> Double {
    min(around(d1_m, d2_m), around(d2_m, d1_m))
  }

  private func around(_ dk_m: Double, _ dl_m: Double) -> Double {
    let exponent = max(2.8 - 0.0024 * dl_m, 1.84)
    return lineOfSight_dB(distance_m: dk_m) + cornerConstant_dB - 12.5 * exponent + 10 * exponent * log10(dl_m)
  }

  /// The standard deviation of shadow fading, whatever stands between.
  public var shadowingDeviation_dB: Double { 3 }
}
