import Glibc

/// The driver of S. Krauss: as fast as is safe behind a leader, with an imperfection.
///
/// With speed v, leader's speed u, bumper-to-bumper gap g (less the gap kept at standstill), deceleration b and
/// reaction time τ:
/// ```
/// v_safe (original) = u + (g − u τ) / ((v + u)/(2 b) + τ)
/// v_safe (exact)    = −b τ + √(b² τ² + u² + 2 b g)
/// v_des             = min(v + a Δ, v_safe, v_max)
/// v'                = max(0, v_des − σ a Δ U), below the speed a: max(0, v_des − σ v_des Δ U), U uniform
/// ```
/// The exact one is the speed from which a driver who first goes on for τ and then brakes with b comes to a stand where
/// its leader does: v τ + v²/(2 b) = g + u²/(2 b). The original replaces the braking distance by one at the mean of
/// both speeds.
///
/// Source: S. Krauss, P. Wagner, C. Gawron, Physical Review E 55 (1997) 5597; the second form, the dawdling at low
/// speed and the default values are those of SUMO (its documentation of vehicle types and car-following models).
public struct KraussDriver: Sendable, Equatable {
  /// Which safe speed is taken.
  public enum SafeSpeed: String, Sendable, CaseIterable {
    /// With the braking distance at the mean of both speeds.
    case original
    /// With both braking distances as they are.
    case exact
  }

  /// a, the greatest acceleration.
  public let acceleration_mps2: Double
  /// b, the comfortable deceleration.
  public let deceleration_mps2: Double
  /// σ, the imperfection, 0 ... 1.
  public let imperfection: Double
  /// τ, the reaction time.
  public let reaction_s: Double
  /// The gap kept at standstill.
  public let standstillGap_m: Double
  /// Which safe speed is taken.
  public let safeSpeed: SafeSpeed

  /// A passenger car of SUMO: a 2.6, b 4.5 m/s², σ 0.5, τ 1 s, gap 2.5 m.
  public static let passenger = KraussDriver(acceleration_mps2: 2.6, deceleration_mps2: 4.5)
  /// A truck of SUMO: a 1.3, b 4 m/s².
  public static let truck = KraussDriver(acceleration_mps2: 1.3, deceleration_mps2: 4)
  /// A bus of SUMO: a 1.2, b 4 m/s².
  public static let bus = KraussDriver(acceleration_mps2: 1.2, deceleration_mps2: 4)

  /// A driver by the parameters of the model.
  public init(
    acceleration_mps2: Double, deceleration_mps2: Double, imperfection: Double = 0.5, reaction_s: Double = 1,
    standstillGap_m: Double = 2.5, safeSpeed: SafeSpeed = .exact
  ) {
    precondition(
      acceleration_mps2 > 0 && deceleration_mps2 > 0 && reaction_s > 0 && standstillGap_m >= 0,
      "a driver needs positive parameters, not a \(acceleration_mps2), b \(deceleration_mps2), τ \(reaction_s), "
        + "gap \(standstillGap_m)")
    precondition((0...1).contains(imperfection), "an imperfection lies in 0 ... 1, not at \(imperfection)")
    self.acceleration_mps2 = acceleration_mps2
    self.deceleration_mps2 = deceleration_mps2
    self.imperfection = imperfection
    self.reaction_s = reaction_s
    self.standstillGap_m = standstillGap_m
    self.safeSpeed = safeSpeed
  }

  /// The greatest speed that is safe; never negative. The gap is from bumper to bumper, infinite on a free road.
  public func safeSpeed_mps(speed_mps: Double, leaderSpeed_mps: Double, gap_m: Double) -> Double {
    let gap = gap_m - standstillGap_m
    if gap == .infinity { return .infinity }
    switch safeSpeed {
    case .original:
      let time = (speed_mps + leaderSpeed_mps) / (2 * deceleration_mps2) + reaction_s
      return max(0, leaderSpeed_mps + (gap - leaderSpeed_mps * reaction_s) / time)
    case .exact:
      let reach = deceleration_mps2 * reaction_s
      let square = reach * reach + leaderSpeed_mps * leaderSpeed_mps + 2 * deceleration_mps2 * gap
      return max(0, max(0, square).squareRoot() - reach)
    }
  }

  /// The speed after a step, from a uniform number in [0, 1).
  public func speed_mps(
    after step_s: Double, speed_mps: Double, leaderSpeed_mps: Double, gap_m: Double, desiredSpeed_mps: Double,
    uniform: Double
  ) -> Double {
    let safe = safeSpeed_mps(speed_mps: speed_mps, leaderSpeed_mps: leaderSpeed_mps, gap_m: gap_m)
    let wanted = min(speed_mps + acceleration_mps2 * step_s, safe, desiredSpeed_mps)
    let pace = wanted < acceleration_mps2 ? wanted : acceleration_mps2
    return max(0, wanted - imperfection * pace * step_s * uniform)
  }
}
