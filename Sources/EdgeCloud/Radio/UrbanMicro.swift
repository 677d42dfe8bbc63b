import Glibc

/// The cellular link of 3GPP in a street canyon: path loss, line of sight and shadowing (UMi).
///
/// Source: TR 38.901 Table 7.4.1-1 (path loss, σ), Table 7.4.2-1 (line of sight), Table 7.5-6 (decorrelation
/// distances) and Table 7.6.3.1-2 (correlation distance of the line-of-sight state). With d3D² = d2D² + (hBS
/// − hUT)², fc in GHz and d'BP = 4 (hBS − 1)(hUT − 1) fc / c, c = 3·10⁸ m/s:
/// ```
/// LOS,  d2D ≤ d'BP : 32.4 + 21 log d3D + 20 log fc
/// LOS,  beyond     : 32.4 + 40 log d3D + 20 log fc − 9.5 log(d'BP² + (hBS − hUT)²)
/// NLOS             : max(LOS, 22.4 + 35.3 log d3D + 21.3 log fc − 0.3 (hUT − 1.5))
/// ```
/// The model holds for 10 m ≤ d2D ≤ 5 km and 1.5 m ≤ hUT ≤ 22.5 m. Path loss at a shorter distance is that at
/// 10 m; beyond 5 km the laws are continued.
public struct UrbanMicroStreetCanyon: Sendable, Equatable {
  /// The carrier frequency.
  public let carrier_Hz: Double
  /// Antenna height of the base station.
  public let baseHeight_m: Double
  /// Antenna height of the terminal.
  public let terminalHeight_m: Double
  /// The ground distance d'BP at which the line-of-sight law bends.
  public let breakPoint_m: Double
  /// The ground distance below which the path loss no longer falls.
  public static let nearestDistance_m = 10.0
  /// The distance over which a link's line-of-sight state persists.
  public let lineOfSightCorrelation_m = 50.0

  let heightDifferenceSquared: Double
  let nearConstant_dB: Double
  let farConstant_dB: Double
  let blockedConstant_dB: Double

  /// The model of a carrier and two antenna heights. Both heights must be above the environment's 1 m.
  public init(carrier: Hertz, baseHeight: Metres = Metres(10), terminalHeight: Metres = Metres(1.5)) {
    precondition(carrier.value > 0, "the carrier frequency must be positive, not \(carrier.value) Hz")
    precondition(
      baseHeight.value > 1 && terminalHeight.value > 1,
      "antenna heights must exceed 1 m, not \(baseHeight.value) m and \(terminalHeight.value) m")
    carrier_Hz = carrier.value
    baseHeight_m = baseHeight.value
    terminalHeight_m = terminalHeight.value
    breakPoint_m = 4 * (baseHeight_m - 1) * (terminalHeight_m - 1) * carrier_Hz / 3e8
    heightDifferenceSquared = (baseHeight_m - terminalHeight_m) * (baseHeight_m - terminalHeight_m)
    let logCarrier = log10(carrier_Hz / 1e9)
    nearConstant_dB = 32.4 + 20 * logCarrier
    farConstant_dB = nearConstant_dB - 9.5 * log10(breakPoint_m * breakPoint_m + heightDifferenceSquared)
    blockedConstant_dB = 22.4 + 21.3 * logCarrier - 0.3 * (terminalHeight_m - 1.5)
  }

  /// The path loss at a ground distance, without shadowing. One logarithm.
  public func pathLoss_dB(distance2D_m: Double, lineOfSight: Bool) -> Double {
    let ground = max(distance2D_m, Self.nearestDistance_m)
    let logDistance = 0.5 * log10(ground * ground + heightDifferenceSquared)
    let clear =
      ground <= breakPoint_m ? nearConstant_dB + 21 * logDistance : farConstant_dB + 40 * logDistance
    return lineOfSight ? clear : max(clear, blockedConstant_dB + 35.3 * logDistance)
  }

  /// The probability of line of sight at a ground distance: 1 up to 18 m, then 18/d + e^(−d/36) (1 − 18/d).
  public func lineOfSightProbability(distance2D_m: Double) -> Double {
    if distance2D_m <= 18 { return 1 }
    let share = 18 / distance2D_m
    return share + exp(-distance2D_m / 36) * (1 - share)
  }

  /// The standard deviation of shadow fading: 4 dB with line of sight, 7.82 dB without.
  public func shadowingDeviation_dB(lineOfSight: Bool) -> Double { lineOfSight ? 4 : 7.82 }

  /// The decorrelation distance of shadow fading: 10 m with line of sight, 13 m without.
  public func shadowingDecorrelation_m(lineOfSight: Bool) -> Double { lineOfSight ? 10 : 13 }
}
