import Glibc

/// The Intelligent Driver Model: how a driver accelerates behind a leader.
///
/// With speed v, desired speed v0, closing speed Δv = v − v_leader and bumper-to-bumper gap s:
/// ```
/// dv/dt = a [1 − (v/v0)^δ − (s*/s)²],   s* = s0 + max(0, v T + v Δv / (2 √(a b)))
/// ```
/// Source: M. Treiber, A. Hennecke, D. Helbing, Physical Review E 62 (2000) 1805.
public struct IntelligentDriver: Sendable, Equatable {
  /// a, the greatest acceleration.
  public let acceleration_mps2: Double
  /// b, the comfortable deceleration.
  public let deceleration_mps2: Double
  /// s0, the gap kept at standstill.
  public let standstillGap_m: Double
  /// T, the time headway.
  public let headway_s: Double
  /// δ, how late the acceleration fades towards the desired speed.
  public let exponent: Double
  let closingFactor: Double

  /// The values of Treiber, Hennecke and Helbing 2000, Table I: a 0.73, b 1.67 m/s², s0 2 m, T 1.6 s, δ 4.
  public static let treiber2000 = IntelligentDriver(
    acceleration_mps2: 0.73, deceleration_mps2: 1.67, standstillGap_m: 2, headway_s: 1.6)

  /// A driver by the parameters of the model.
  public init(
    acceleration_mps2: Double, deceleration_mps2: Double, standstillGap_m: Double, headway_s: Double,
    exponent: Double = 4
  ) {
    precondition(
      acceleration_mps2 > 0 && deceleration_mps2 > 0 && standstillGap_m > 0 && headway_s >= 0 && exponent > 0,
      "a driver needs positive parameters, not a \(acceleration_mps2), b \(deceleration_mps2), "
        + "s0 \(standstillGap_m), T \(headway_s), δ \(exponent)")
    self.acceleration_mps2 = acceleration_mps2
    self.deceleration_mps2 = deceleration_mps2
    self.standstillGap_m = standstillGap_m
    self.headway_s = headway_s
    self.exponent = exponent
    closingFactor = 1 / (2 * (acceleration_mps2 * deceleration_mps2).squareRoot())
  }

  /// The acceleration in m/s². An infinite gap means a free road.
  public func acceleration_mps2(
    speed_mps: Double, desiredSpeed_mps: Double, gap_m: Double, closingSpeed_mps: Double
  ) -> Double {
    let interaction = desiredGap_m(speed_mps: speed_mps, closingSpeed_mps: closingSpeed_mps) / gap_m
    return acceleration_mps2
      * (1 - speedTerm(speed_mps / desiredSpeed_mps) - interaction * interaction)
  }

  /// s*, the gap the driver wants at a speed and closing speed.
  public func desiredGap_m(speed_mps: Double, closingSpeed_mps: Double) -> Double {
    standstillGap_m + max(0, speed_mps * (headway_s + closingSpeed_mps * closingFactor))
  }

  /// The gap at which a driver behind an equally fast leader keeps its speed:
  /// (s0 + v T) / √(1 − (v/v0)^δ). Infinite at the desired speed and above.
  public func equilibriumGap_m(speed_mps: Double, desiredSpeed_mps: Double) -> Double {
    let remaining = 1 - speedTerm(speed_mps / desiredSpeed_mps)
    if remaining <= 0 { return .infinity }
    return (standstillGap_m + speed_mps * headway_s) / remaining.squareRoot()
  }

  private func speedTerm(_ ratio: Double) -> Double {
    if exponent == 4 {
      let square = ratio * ratio
      return square * square
    }
    return pow(ratio, exponent)
  }
}
