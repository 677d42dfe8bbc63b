import Glibc

/// The link between a vehicle and a base station of a macro cell at 2 GHz.
///
/// Path loss 128.1 + 37.6 log R dB, R the straight distance between the antennas in km. Shadowing: 8 dB,
/// decorrelation 50 m. Source: TR 36.885 Table A.1.4-2, after TR 36.814.
public struct VehicleToBase: Sendable, Equatable {
  /// Antenna height of the base station.
  public let baseHeight_m: Double
  /// Antenna height of the vehicle.
  public let vehicleHeight_m: Double
  /// The standard deviation of shadow fading.
  public let shadowingDeviation_dB = 8.0
  /// The decorrelation distance of shadow fading.
  public let shadowingDecorrelation_m = 50.0

  /// The link of two antenna heights, which must differ.
  public init(baseHeight: Metres = Metres(25), vehicleHeight: Metres = Metres(1.5)) {
    precondition(
      baseHeight.value > vehicleHeight.value && vehicleHeight.value > 0,
      "a base station stands above vehicles, not at \(baseHeight.value) m over \(vehicleHeight.value) m")
    baseHeight_m = baseHeight.value
    vehicleHeight_m = vehicleHeight.value
  }

  /// The path loss at a ground distance.
  public func pathLoss_dB(groundDistance_m: Double) -> Double {
    let height = baseHeight_m - vehicleHeight_m
    return 128.1 + 18.8 * log10((groundDistance_m * groundDistance_m + height * height) * 1e-6)
  }
}
