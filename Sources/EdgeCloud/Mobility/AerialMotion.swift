/// The movement of an aircraft that is told a velocity: limits on speed, climb and acceleration, and a fence.
///
/// In a step of length Δ the velocity goes towards the one that was commanded by at most a Δ, and the aircraft flies
/// with the new velocity through the step (first-order kinematics in three dimensions). What would lead out of the fence
/// ends on it; the velocity then is the one that was flown. The fence stops an aircraft without regard to its
/// acceleration.
public struct AerialMotion: Sendable, Equatable {
  /// Where an aircraft is and how it flies: x to the east, y to the north, z up.
  public struct State: Sendable, Equatable {
    /// Where it is.
    public var position_m: SIMD3<Double>
    /// How it flew last.
    public var velocity_mps: SIMD3<Double>

    /// A state by its parts; at rest without a velocity.
    public init(position_m: SIMD3<Double>, velocity_mps: SIMD3<Double> = .zero) {
      self.position_m = position_m
      self.velocity_mps = velocity_mps
    }

    /// The speed over ground.
    public var groundSpeed_mps: Double {
      (velocity_mps.x * velocity_mps.x + velocity_mps.y * velocity_mps.y).squareRoot()
    }
  }

  /// The greatest speed over ground.
  public let speedLimit_mps: Double
  /// The greatest speed up and down.
  public let climbLimit_mps: Double
  /// The greatest change of velocity in a second; may be infinite.
  public let accelerationLimit_mps2: Double
  /// The corner of the fence with the least coordinates.
  public let low_m: SIMD3<Double>
  /// The corner of the fence with the greatest coordinates.
  public let high_m: SIMD3<Double>

  /// The movement within limits and a fence over an area between two altitudes.
  public init(
    speedLimit: MetresPerSecond, climbLimit: MetresPerSecond, accelerationLimit_mps2: Double, area: GroundArea,
    altitude_m: ClosedRange<Double>
  ) {
    precondition(
      speedLimit.value >= 0 && climbLimit.value >= 0 && accelerationLimit_mps2 > 0,
      "limits must not be negative and the acceleration positive, not \(speedLimit.value) m/s, \(climbLimit.value) m/s "
        + "and \(accelerationLimit_mps2) m/s²")
    speedLimit_mps = speedLimit.value
    climbLimit_mps = climbLimit.value
    self.accelerationLimit_mps2 = accelerationLimit_mps2
    low_m = SIMD3(area.x_m.lowerBound, area.y_m.lowerBound, altitude_m.lowerBound)
    high_m = SIMD3(area.x_m.upperBound, area.y_m.upperBound, altitude_m.upperBound)
  }

  /// A command within the limits of speed: its ground part is shortened, its climb cut.
  public func limited(_ command_mps: SIMD3<Double>) -> SIMD3<Double> {
    var limited = command_mps
    let ground = (limited.x * limited.x + limited.y * limited.y).squareRoot()
    if ground > speedLimit_mps {
      limited.x *= speedLimit_mps / ground
      limited.y *= speedLimit_mps / ground
    }
    limited.z = min(max(limited.z, -climbLimit_mps), climbLimit_mps)
    return limited
  }

  /// Where an aircraft is after a step in which it was told a velocity.
  public func advanced(_ state: State, command_mps: SIMD3<Double>, duration_s: Double) -> State {
    let change = limited(command_mps) - state.velocity_mps
    let size = (change * change).sum().squareRoot()
    let most = accelerationLimit_mps2 * duration_s
    var velocity = state.velocity_mps + (size > most ? change * (most / size) : change)
    var position = state.position_m + velocity * duration_s
    for axis in 0..<3 where position[axis] < low_m[axis] || position[axis] > high_m[axis] {
      position[axis] = min(max(position[axis], low_m[axis]), high_m[axis])
      velocity[axis] = (position[axis] - state.position_m[axis]) / duration_s
    }
    return State(position_m: position, velocity_mps: velocity)
  }

  /// The part of the straight way from one point to another that keeps a distance from a third, 0 ... 1.
  ///
  /// The way must begin at that distance at least. It is the lesser root t of |p + t (q − p) − o|² = distance², where
  /// there is one in the way.
  public static func freePart(
    from start_m: SIMD3<Double>, to end_m: SIMD3<Double>, near other_m: SIMD3<Double>, distance_m: Double
  ) -> Double {
    let way = end_m - start_m
    let apart = start_m - other_m
    let towards = (way * apart).sum()
    if towards >= 0 { return 1 }
    let length = (way * way).sum()
    let room = max((apart * apart).sum() - distance_m * distance_m, 0)
    let root = towards * towards - length * room
    return root <= 0 ? 1 : min(1, room / (-towards + root.squareRoot()))
  }
}
