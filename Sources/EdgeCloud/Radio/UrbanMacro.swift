import Glibc

/// The cellular link of 3GPP over the roofs of a city: path loss, line of sight and shadowing (UMa).
///
/// Source: TR 38.901 Table 7.4.1-1 (path loss, σ), Table 7.4.2-1 (line of sight) and Table 7.5-6 (decorrelation
/// distances). With d3D² = d2D² + (hBS − hUT)², fc in GHz and d'BP = 4 (hBS − hE)(hUT − hE) fc / c, c = 3·10⁸ m/s:
/// ```
/// LOS,  d2D ≤ d'BP : 28 + 22 log d3D + 20 log fc
/// LOS,  beyond     : 28 + 40 log d3D + 20 log fc − 9 log(d'BP² + (hBS − hUT)²)
/// NLOS             : max(LOS, 13.54 + 39.08 log d3D + 20 log fc − 0.6 (hUT − 1.5))
/// ```
/// The environment's height hE is 1 m. From hUT = 13 m up the standard draws it per link from 1, 12, 15, ... m; here it
/// stays 1 m, the value below 13 m. The model holds for 10 m ≤ d2D ≤ 5 km and 1.5 m ≤ hUT ≤ 22.5 m. Path loss at a
/// shorter distance is that at 10 m; beyond 5 km the laws are continued.
public struct UrbanMacro: Sendable, Equatable {
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
  /// The distance over which a link's line-of-sight state persists (TR 38.901 Table 7.6.3.1-2).
  public let lineOfSightCorrelation_m = 50.0

  let heightDifferenceSquared: Double
  let nearConstant_dB: Double
  let farConstant_dB: Double
  let blockedConstant_dB: Double
  /// C' of the law of line of sight.
  let heightFactor: Double

  /// The model of a carrier and two antenna heights, that of the terminal from 1.5 to 22.5 m.
  public init(carrier: Hertz, baseHeight: Metres = Metres(25), terminalHeight: Metres = Metres(1.5)) {
    precondition(carrier.value > 0, "the carrier frequency must be positive, not \(carrier.value) Hz")
    precondition(baseHeight.value > 1, "the base station must stand above 1 m, not at \(baseHeight.value) m")
    precondition(
      (1.5...22.5).contains(terminalHeight.value),
      "the terminal's height lies in 1.5 ... 22.5 m, not at \(terminalHeight.value) m")
    carrier_Hz = carrier.value
    baseHeight_m = baseHeight.value
    terminalHeight_m = terminalHeight.value
    breakPoint_m = 4 * (baseHeight_m - 1) * (terminalHeight_m - 1) * carrier_Hz / 3e8
    heightDifferenceSquared = (baseHeight_m - terminalHeight_m) * (baseHeight_m - terminalHeight_m)
    let logCarrier = log10(carrier_Hz / 1e9)
    nearConstant_dB = 28 + 20 * logCarrier
    farConstant_dB = nearConstant_dB - 9 * log10(breakPoint_m * breakPoint_m + heightDifferenceSquared)
    blockedConstant_dB = 13.54 + 20 * logCarrier - 0.6 * (terminalHeight_m - 1.5)
    heightFactor = terminalHeight_m <= 13 ? 0 : pow((terminalHeight_m - 13) / 10, 1.5)
  }

  /// The path loss at a ground distance, without shadowing. One logarithm.
  public func pathLoss_dB(distance2D_m: Double, lineOfSight: Bool) -> Double {
    let ground = max(distance2D_m, Self.nearestDistance_m)
    let logDistance = 0.5 * log10(ground * ground + heightDifferenceSquared)
    let clear =
      ground <= breakPoint_m ? nearConstant_dB + 22 * logDistance : farConstant_dB + 40 * logDistance
    return lineOfSight ? clear : max(clear, blockedConstant_dB + 39.08 * logDistance)
  }

  /// The probability of line of sight at a ground distance: 1 up to 18 m, then
  /// [18/d + e^(−d/63) (1 − 18/d)] · [1 + C' (5/4) (d/100)³ e^(−d/150)], with C' = 0 up to hUT = 13 m and
  /// ((hUT − 13)/10)^1.5 above.
  public func lineOfSightProbability(distance2D_m: Double) -> Double {
    if distance2D_m <= 18 { return 1 }
    let share = 18 / distance2D_m
    let low = share + exp(-distance2D_m / 63) * (1 - share)
    let hundreds = distance2D_m / 100
    let rise = 1 + heightFactor * 1.25 * hundreds * hundreds * hundreds * exp(-distance2D_m / 150)
    return min(1, low * rise)
  }

  /// The standard deviation of shadow fading: 4 dB with line of sight, 6 dB without.
  public func shadowingDeviation_dB(lineOfSight: Bool) -> Double { lineOfSight ? 4 : 6 }

  /// The decorrelation distance of shadow fading: 37 m with line of sight, 50 m without.
  public func shadowingDecorrelation_m(lineOfSight: Bool) -> Double { lineOfSight ? 37 : 50 }
}
