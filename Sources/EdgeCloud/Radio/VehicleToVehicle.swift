import Glibc

/// The vehicle-to-vehicle link of 3GPP on a highway or in a city: states, path loss, blockage and shadowing.
///
/// Source: TR 37.885 Tables 6.2.1-1 to 6.2.1-3. With d the distance between the antennas and fc in GHz:
/// ```
/// urban LOS    38.77 + 16.7 log d + 18.2 log fc      σ 3 dB   decorrelation 10 m
/// highway LOS  32.4  + 20   log d + 20   log fc      σ 3 dB   decorrelation 10 m unless told otherwise
/// NLOS         36.85 + 30   log d + 18.9 log fc      σ 4 dB   decorrelation 13 m
/// NLOSv        LOS + max(0, A)                       σ 3 dB   decorrelation 13 m
/// ```
/// The freeway of TR 36.885 has a decorrelation distance of 25 m with line of sight. Distances below 1 m
/// count as 1 m.
public struct VehicleToVehicle: Sendable, Equatable {
  /// The kind of road.
  public enum Environment: Sendable, Hashable {
    /// A city grid.
    case urban
    /// A straight multi-lane road without buildings.
    case highway
  }

  /// What stands between the antennas.
  public enum LinkState: Sendable, Hashable {
    /// Nothing (LOS).
    case lineOfSight
    /// Another vehicle (NLOSv).
    case blockedByVehicle
    /// A building (NLOS).
    case blockedByBuilding
  }

  /// How the blockage loss is distributed about its mean. The TR says log-normal and leaves open of what.
  public enum BlockageLaw: Sendable, Hashable {
    /// The loss in dB is normal, cut at 0 dB.
    case normal
    /// The loss in dB is log-normal with the same mean and deviation.
    case logNormal
  }

  /// The kind of road.
  public let environment: Environment
  /// The carrier frequency.
  public let carrier_Hz: Double
  /// The law of the blockage loss.
  public let blockageLaw: BlockageLaw
  /// The decorrelation distance of shadow fading with line of sight.
  public let lineOfSightDecorrelation_m: Double

  let clearConstant_dB: Double
  let clearSlope_dB: Double
  let buildingConstant_dB: Double

  /// The model of a road and a carrier.
  public init(
    environment: Environment, carrier: Hertz, blockageLaw: BlockageLaw = .normal,
    lineOfSightDecorrelation: Metres = Metres(10)
  ) {
    precondition(carrier.value > 0, "the carrier frequency must be positive, not \(carrier.value) Hz")
    precondition(
      lineOfSightDecorrelation.value > 0,
      "the decorrelation distance must be positive, not \(lineOfSightDecorrelation.value) m")
    self.environment = environment
    carrier_Hz = carrier.value
    self.blockageLaw = blockageLaw
    lineOfSightDecorrelation_m = lineOfSightDecorrelation.value
    let logCarrier = log10(carrier_Hz / 1e9)
    switch environment {
    case .urban:
      clearConstant_dB = 38.77 + 18.2 * logCarrier
      clearSlope_dB = 16.7
    case .highway:
      clearConstant_dB = 32.4 + 20 * logCarrier
      clearSlope_dB = 20
    }
    buildingConstant_dB = 36.85 + 18.9 * logCarrier
  }

  /// The path loss without shadowing and, for a link blocked by a vehicle, without ``blockage_dB``.
  public func pathLoss_dB(distance3D_m: Double, state: LinkState) -> Double {
    let logDistance = log10(max(distance3D_m, 1))
    return switch state {
    case .lineOfSight, .blockedByVehicle: clearConstant_dB + clearSlope_dB * logDistance
    case .blockedByBuilding: buildingConstant_dB + 30 * logDistance
    }
  }

  /// The probability of line of sight when no building stands between; otherwise a vehicle blocks the link.
  ///
  /// Urban: min(1, 1.05 e^(−0.0114 d)). Highway: min(1, 2.1013·10⁻⁶ d² − 0.002 d + 1.0193) up to 475 m, then
  /// max(0, 0.54 − 0.001 (d − 475)). The highway's step at 475 m, from 0.5434 to 0.54, is the standard's.
  public func lineOfSightProbability(distance_m: Double) -> Double {
    switch environment {
    case .urban: min(1, 1.05 * exp(-0.0114 * distance_m))
    case .highway:
      distance_m <= 475
        ? min(1, (2.1013e-6 * distance_m - 0.002) * distance_m + 1.0193)
        : max(0, 0.54 - 0.001 * (distance_m - 475))
    }
  }

  /// The state that a uniform number in [0, 1) selects. With ``standardNormalCDF(_:)`` of a Gaussian process
  /// in place of independent numbers, states persist.
  public func state(distance_m: Double, buildingBetween: Bool, uniform: Double) -> LinkState {
    if buildingBetween { return .blockedByBuilding }
    return uniform < lineOfSightProbability(distance_m: distance_m) ? .lineOfSight : .blockedByVehicle
  }

  /// The standard deviation of shadow fading.
  public func shadowingDeviation_dB(state: LinkState) -> Double { state == .blockedByBuilding ? 4 : 3 }

  /// The decorrelation distance of shadow fading.
  public func shadowingDecorrelation_m(state: LinkState) -> Double {
    state == .lineOfSight ? lineOfSightDecorrelation_m : 13
  }

  /// Mean and standard deviation of the blockage loss A before it is cut at 0 dB.
  ///
  /// Both antennas above the blocker: 0 and 0. Both below: 9 + max(0, 15 log d − 41) and 4.5. Otherwise:
  /// 5 + max(0, 15 log d − 41) and 4. The blocker is 1.6 m high for cars and 3 m for trucks and buses.
  public func blockageMoments_dB(
    distance_m: Double, transmitterHeight_m: Double, receiverHeight_m: Double, blockerHeight_m: Double
  ) -> (mean: Double, deviation: Double) {
    if min(transmitterHeight_m, receiverHeight_m) > blockerHeight_m { return (0, 0) }
    let growth = max(0, 15 * log10(max(distance_m, 1)) - 41)
    return max(transmitterHeight_m, receiverHeight_m) < blockerHeight_m ? (9 + growth, 4.5) : (5 + growth, 4)
  }

  /// The blockage loss max(0, A) that a standard normal number selects.
  ///
  /// Log-normal: A = exp(m + s z), s² = ln(1 + deviation² / mean²), m = ln mean − s² / 2.
  public func blockage_dB(
    distance_m: Double, transmitterHeight_m: Double, receiverHeight_m: Double, blockerHeight_m: Double,
    normal: Double
  ) -> Double {
    let (mean, deviation) = blockageMoments_dB(
      distance_m: distance_m, transmitterHeight_m: transmitterHeight_m, receiverHeight_m: receiverHeight_m,
      blockerHeight_m: blockerHeight_m)
    if mean == 0 { return 0 }
    switch blockageLaw {
    case .normal: return max(0, mean + deviation * normal)
    case .logNormal:
      let variance = log1p(deviation * deviation / (mean * mean))
      return mean * exp(variance.squareRoot() * normal - 0.5 * variance)
    }
  }
}
