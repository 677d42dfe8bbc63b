import Glibc

/// The vehicle-to-vehicle link of LTE: path loss of WINNER+ B1 along a street and around a corner, and shadowing.
///
/// Source: TR 36.885 Table A.1.4-1 with WINNER+ D5.3 (B1 Manhattan). With fc in GHz, h' = h − 1 m, c = 3·10⁸ m/s and
/// d'BP = 4 h'tx h'rx fc / c (fc in Hz):
/// ```
/// LOS, d < d'BP : 22.7 log d + 41 + 20 log(fc/5)
/// LOS, beyond   : 40 log d + 9.45 − 17.3 log h'tx − 17.3 log h'rx + 2.7 log(fc/5)
/// NLOS          : the smaller, over both labellings of (d1, d2) as (dk, dl), of
///                 LOS(dk) + 20 − 12.5 n + 10 n log dl + 3 log(fc/5),   n = max(2.8 − 0.0024 dk, 1.84)
/// ```
/// A distance below 3 m, each of d, dk and dl, counts as 3 m. The freeway has the law with line of sight, and free
/// space as its least loss. Shadowing: 3 dB with line of sight, 4 dB around a corner; decorrelation 10 m in a city
/// and 25 m on a freeway.
public struct WinnerB1: Sendable, Equatable {
  /// The kind of road.
  public enum Road: Sendable, Hashable {
    /// Streets between blocks.
    case manhattan
    /// A straight road: free space is the least loss.
    case freeway
  }

  /// The distance below which the path loss no longer falls.
  public static let nearestDistance_m = 3.0

  /// The kind of road.
  public let road: Road
  /// The carrier frequency.
  public let carrier_Hz: Double
  /// The distance d'BP at which the law with line of sight bends.
  public let breakPoint_m: Double

  private let nearConstant_dB: Double
  private let farConstant_dB: Double
  private let cornerConstant_dB: Double
  private let freeSpaceConstant_dB: Double

  /// The model of a road, a carrier and two antenna heights above 1 m.
  public init(
    road: Road = .manhattan, carrier: Hertz, transmitterHeight: Metres = Metres(1.5),
    receiverHeight: Metres = Metres(1.5)
  ) {
    precondition(carrier.value > 0, "the carrier frequency must be positive, not \(carrier.value) Hz")
    precondition(
      transmitterHeight.value > 1 && receiverHeight.value > 1,
      "antenna heights must exceed 1 m, not \(transmitterHeight.value) m and \(receiverHeight.value) m")
    self.road = road
    carrier_Hz = carrier.value
    let transmitter = transmitterHeight.value - 1
    let receiver = receiverHeight.value - 1
    breakPoint_m = 4 * transmitter * receiver * carrier_Hz / 3e8
    let logCarrier = log10(carrier_Hz / 5e9)
    nearConstant_dB = 41 + 20 * logCarrier
    farConstant_dB = 9.45 - 17.3 * log10(transmitter) - 17.3 * log10(receiver) + 2.7 * logCarrier
    cornerConstant_dB = 20 + 3 * logCarrier
    freeSpaceConstant_dB = 20 * log10(4 * Double.pi * carrier_Hz / 3e8)
  }

  /// The path loss with line of sight. One logarithm.
  public func lineOfSight_dB(distance_m: Double) -> Double {
    let distance = max(distance_m, Self.nearestDistance_m)
    let logDistance = log10(distance)
    let law =
      distance < breakPoint_m ? nearConstant_dB + 22.7 * logDistance : farConstant_dB + 40 * logDistance
    return road == .freeway ? max(law, freeSpaceConstant_dB + 20 * logDistance) : law
  }

  /// The path loss around a corner: the distances of the two antennas from it along their streets.
  public func corner_dB(_ d1_m: Double, _ d2_m: Double) -> Double {
    min(around(d1_m, d2_m), around(d2_m, d1_m))
  }

  private func around(_ dk_m: Double, _ dl_m: Double) -> Double {
    let dk = max(dk_m, Self.nearestDistance_m)
    let exponent = max(2.8 - 0.0024 * dk, 1.84)
    let dl = max(dl_m, Self.nearestDistance_m)
    return lineOfSight_dB(distance_m: dk) + cornerConstant_dB - 12.5 * exponent + 10 * exponent * log10(dl)
  }

  /// The standard deviation of shadow fading.
  public func shadowingDeviation_dB(lineOfSight: Bool) -> Double { lineOfSight ? 3 : 4 }

  /// The decorrelation distance of shadow fading.
  public var shadowingDecorrelation_m: Double { road == .freeway ? 25 : 10 }
}
