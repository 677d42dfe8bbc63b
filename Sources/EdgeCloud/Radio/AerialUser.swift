import Glibc

/// The cellular link of 3GPP between a base station and a terminal in the air: line of sight, path loss, shadowing.
///
/// With h the height of the terminal, hBS that of the base station, d2D and d3D the distances in metres and fc in GHz,
/// P(LOS) is 1 up to d1, then d1/d2D + e^(−d2D/p1) (1 − d1/d2D):
/// ```
/// UMa-AV  22.5 < h ≤ 100   p1 = 4300 log h − 3800           d1 = max(460 log h − 700, 18)      above 100 m: 1
/// UMi-AV  22.5 < h ≤ 300   p1 = 233.98 log h − 0.95         d1 = max(294.05 log h − 432.94, 18)
/// RMa-AV  10 < h ≤ 40      p1 = max(15021 log h − 16053, 1000)  d1 = max(1350.8 log h − 1602, 18)  above 40 m: 1
///
/// UMa-AV  LOS   28 + 22 log d3D + 20 log fc                                         σ 4.64 e^(−0.0066 h)
///         NLOS  −17.5 + (46 − 7 log h) log d3D + 20 log(40π fc/3)                   σ 6
/// UMi-AV  LOS   max(FSPL, 30.9 + (22.25 − 0.5 log h) log d3D + 20 log fc)           σ max(5 e^(−0.01 h), 2)
///         NLOS  max(LOS, 32.4 + (43.2 − 7.6 log h) log d3D + 20 log fc)             σ 8
/// RMa-AV  LOS   max(23.9 − 1.8 log h, 20) log d3D + 20 log(40π fc/3)                σ 4.2 e^(−0.0046 h)
///         NLOS  max(LOS, −12 + (35 − 5.3 log h) log d3D + 20 log(40π fc/3))         σ 6
/// ```
/// Source: TR 36.777 (Release 15) Tables B-1, B-2 and B-3. Below these heights the laws of TR 38.901 hold: see
/// ``UrbanMacro`` and ``UrbanMicroStreetCanyon``. Distances d3D below 1 m count as 1 m.
public struct AerialUser: Sendable, Equatable {
  /// What stands around the base station.
  public enum Scenario: Sendable, Hashable, CaseIterable {
    /// UMa-AV: base stations of 25 m over the roofs of a city.
    case urbanMacro
    /// UMi-AV: base stations of 10 m in the streets.
    case urbanMicro
    /// RMa-AV: base stations of 35 m in the country.
    case ruralMacro

    /// The height of the base stations.
    public var baseHeight_m: Double {
      switch self {
      case .urbanMacro: 25
      case .urbanMicro: 10
      case .ruralMacro: 35
      }
    }

    /// The height above which the aerial laws hold.
    public var lowest_m: Double { self == .ruralMacro ? 10 : 22.5 }

    /// The greatest height.
    public var highest_m: Double { 300 }
  }

  /// What stands around the base station.
  public let scenario: Scenario
  /// The carrier frequency.
  public let carrier_Hz: Double
  /// The distance d3D below which the loss no longer falls.
  public static let nearestDistance_m = 1.0

  let logCarrier: Double

  /// The laws of a scenario at a carrier.
  public init(_ scenario: Scenario, carrier: Hertz) {
    precondition(carrier.value > 0, "the carrier frequency must be positive, not \(carrier.value) Hz")
    self.scenario = scenario
    carrier_Hz = carrier.value
    logCarrier = log10(carrier.value / 1e9)
  }

  /// The laws at one height, ready for many links.
  public struct AtHeight: Sendable, Equatable {
    /// The height of the terminal.
    public let height_m: Double
    /// Whether there is line of sight at every distance.
    public let isAlwaysClear: Bool
    /// d1, up to which there is line of sight.
    public let certain_m: Double
    /// p1, over which line of sight is lost.
    public let decay_m: Double
    /// The standard deviation of shadow fading with line of sight.
    public let clearDeviation_dB: Double
    /// The standard deviation of shadow fading without line of sight.
    public let blockedDeviation_dB: Double

    let clearConstant_dB: Double
    let clearSlope_dB: Double
    let freeSpaceConstant_dB: Double
    let blockedConstant_dB: Double
    let blockedSlope_dB: Double

    /// The probability of line of sight at a ground distance.
    public func lineOfSightProbability(distance2D_m: Double) -> Double {
      if isAlwaysClear || distance2D_m <= certain_m { return 1 }
      let share = certain_m / distance2D_m
      return share + exp(-distance2D_m / decay_m) * (1 - share)
    }

    /// The path loss without shadowing. One logarithm.
    public func pathLoss_dB(distance3D_m: Double, lineOfSight: Bool) -> Double {
      let logDistance = log10(max(distance3D_m, AerialUser.nearestDistance_m))
      let clear = max(
        freeSpaceConstant_dB + 20 * logDistance, clearConstant_dB + clearSlope_dB * logDistance)
      if lineOfSight { return clear }
      let blocked = blockedConstant_dB + blockedSlope_dB * logDistance
      return blockedIsNeverLess ? max(clear, blocked) : blocked
    }

    let blockedIsNeverLess: Bool

    /// The standard deviation of shadow fading.
    public func shadowingDeviation_dB(lineOfSight: Bool) -> Double {
      lineOfSight ? clearDeviation_dB : blockedDeviation_dB
    }
  }

  /// The laws at a height above ``Scenario/lowest_m`` and up to 300 m. Three logarithms and exponentials.
  public func at(height_m: Double) -> AtHeight {
    precondition(
      height_m > scenario.lowest_m && height_m <= scenario.highest_m,
      "the aerial laws hold above \(scenario.lowest_m) m and up to \(scenario.highest_m) m, not at \(height_m) m")
    let logHeight = log10(height_m)
    let wave_dB = 20 * (log10(40 * Double.pi / 3) + logCarrier)
    // 20 log(4π d fc/c) with c = 3·10⁸ m/s is 20 log d + 20 log(40π fc/3).
    switch scenario {
    case .urbanMacro:
      return AtHeight(
        height_m: height_m, isAlwaysClear: height_m > 100, certain_m: max(460 * logHeight - 700, 18),
        decay_m: 4300 * logHeight - 3800, clearDeviation_dB: 4.64 * exp(-0.0066 * height_m), blockedDeviation_dB: 6,
        clearConstant_dB: 28 + 20 * logCarrier, clearSlope_dB: 22, freeSpaceConstant_dB: -.infinity,
        blockedConstant_dB: -17.5 + wave_dB, blockedSlope_dB: 46 - 7 * logHeight, blockedIsNeverLess: false)
    case .urbanMicro:
      return AtHeight(
        height_m: height_m, isAlwaysClear: false, certain_m: max(294.05 * logHeight - 432.94, 18),
        decay_m: 233.98 * logHeight - 0.95, clearDeviation_dB: max(5 * exp(-0.01 * height_m), 2),
        blockedDeviation_dB: 8, clearConstant_dB: 30.9 + 20 * logCarrier, clearSlope_dB: 22.25 - 0.5 * logHeight,
        freeSpaceConstant_dB: wave_dB, blockedConstant_dB: 32.4 + 20 * logCarrier,
        blockedSlope_dB: 43.2 - 7.6 * logHeight, blockedIsNeverLess: true)
    case .ruralMacro:
      return AtHeight(
        height_m: height_m, isAlwaysClear: height_m > 40, certain_m: max(1350.8 * logHeight - 1602, 18),
        decay_m: max(15021 * logHeight - 16053, 1000), clearDeviation_dB: 4.2 * exp(-0.0046 * height_m),
        blockedDeviation_dB: 6, clearConstant_dB: wave_dB, clearSlope_dB: max(23.9 - 1.8 * logHeight, 20),
        freeSpaceConstant_dB: -.infinity, blockedConstant_dB: -12 + wave_dB, blockedSlope_dB: 35 - 5.3 * logHeight,
        blockedIsNeverLess: true)
    }
  }
}
