import Glibc
public import Randomness

/// Movement on the ground from one random place to the next in straight legs, with pauses.
///
/// Each leg goes to a uniform place of the area at a uniform speed and ends in a uniform pause. It starts as it goes on:
/// where walkers are, how fast and whether they pause is at step 0 distributed as at any later time, so that no warm-up
/// is needed. Leg n of a walker is a function of (world, walker, n). Source of the stationary start: W. Navidi, T. Camp,
/// IEEE Transactions on Mobile Computing 3 (2004) 99.
public struct RandomWaypoint: Sendable, Equatable {
  /// Where a walker is and where it goes.
  public struct State: Sendable, Equatable {
    /// Where it is, to the east.
    public var x_m: Double
    /// Where it is, to the north.
    public var y_m: Double
    /// Where its leg ends, to the east.
    public var targetX_m: Double
    /// Where its leg ends, to the north.
    public var targetY_m: Double
    /// Its speed on the leg.
    public var speed_mps: Double
    /// How long it still pauses before the leg begins.
    public var pause_s: Double
    /// The number of the leg.
    public var leg: Int

    /// A state by its parts.
    public init(
      x_m: Double, y_m: Double, targetX_m: Double, targetY_m: Double, speed_mps: Double, pause_s: Double, leg: Int
    ) {
      self.x_m = x_m
      self.y_m = y_m
      self.targetX_m = targetX_m
      self.targetY_m = targetY_m
      self.speed_mps = speed_mps
      self.pause_s = pause_s
      self.leg = leg
    }
  }

  /// The area that is not left.
  public let area: GroundArea
  /// The range of speeds, above 0: with 0 in it walkers come to a stand for ever.
  public let speed_mps: ClosedRange<Double>
  /// The range of pauses.
  public let pause_s: ClosedRange<Double>

  /// Movement in an area.
  public init(area: GroundArea, speed: ClosedRange<MetresPerSecond>, pause: ClosedRange<Seconds>) {
    precondition(speed.lowerBound.value > 0, "speeds must be positive, not from \(speed.lowerBound.value) m/s")
    precondition(pause.lowerBound.value >= 0, "pauses must not be negative: \(pause.lowerBound.value) s")
    self.area = area
    speed_mps = speed.lowerBound.value...speed.upperBound.value
    pause_s = pause.lowerBound.value...pause.upperBound.value
  }

  /// The mean of 1/speed: ln(v₁/v₀)/(v₁ − v₀).
  private var meanSlowness_sPerM: Double {
    let (slow, fast) = (speed_mps.lowerBound, speed_mps.upperBound)
    return fast > slow ? log(fast / slow) / (fast - slow) : 1 / slow
  }

  /// The part of the time that a walker pauses: mean pause over mean pause and mean leg.
  public var pausedShare: Double {
    let pause = (pause_s.lowerBound + pause_s.upperBound) / 2
    return pause / (pause + area.meanDistance_m * meanSlowness_sPerM)
  }

  /// A walker's state at step 0.
  ///
  /// Pausing with ``pausedShare``: at a uniform place, in a pause found with probability ∝ its length, at a uniform
  /// moment of it. Else on a leg found with probability ∝ its length, at a uniform point of it, with a speed of density
  /// ∝ 1/v.
  public func start(in world: WorldDraws, walker: UInt64) -> State {
    var stream = world.stream(.waypointStart, entity: walker)
    if stream.uniform() < pausedShare {
      let place = area.point(stream.uniform(), stream.uniform())
      var pause = pause_s.upperBound
      repeat {
        pause = pause_s.lowerBound + (pause_s.upperBound - pause_s.lowerBound) * stream.uniform()
      } while stream.uniform() * pause_s.upperBound > pause
      var state = State(
        x_m: place.x_m, y_m: place.y_m, targetX_m: 0, targetY_m: 0, speed_mps: 0, pause_s: pause * stream.uniform(),
        leg: 0)
      beginLeg(of: &state, in: world, walker: walker)
      return state
    }
    let diagonal = hypot(area.width_m, area.depth_m)
    while true {
      let from = area.point(stream.uniform(), stream.uniform())
      let to = area.point(stream.uniform(), stream.uniform())
      guard stream.uniform() * diagonal < hypot(to.x_m - from.x_m, to.y_m - from.y_m) else { continue }
      let part = stream.uniform()
      let speed = speed_mps.lowerBound * pow(speed_mps.upperBound / speed_mps.lowerBound, stream.uniform())
      return State(
        x_m: from.x_m + part * (to.x_m - from.x_m), y_m: from.y_m + part * (to.y_m - from.y_m), targetX_m: to.x_m,
        targetY_m: to.y_m, speed_mps: speed, pause_s: 0, leg: 0)
    }
  }

  /// Lets a walker go on for a time.
  public func advance(_ state: inout State, duration_s: Double, in world: WorldDraws, walker: UInt64) {
    var left = duration_s
    while true {
      let rest = min(state.pause_s, left)
      state.pause_s -= rest
      left -= rest
      if left <= 0 { return }
      let (dx, dy) = (state.targetX_m - state.x_m, state.targetY_m - state.y_m)
      let distance = (dx * dx + dy * dy).squareRoot()
      let needed = distance / state.speed_mps
      if needed > left {
        state.x_m += dx * (left / needed)
        state.y_m += dy * (left / needed)
        return
      }
      (state.x_m, state.y_m) = (state.targetX_m, state.targetY_m)
      left -= needed
      state.pause_s = pause(afterLeg: state.leg, in: world, walker: walker)
      state.leg += 1
      beginLeg(of: &state, in: world, walker: walker)
    }
  }

  private func beginLeg(of state: inout State, in world: WorldDraws, walker: UInt64) {
    let words = world.block(.waypoint, entity: walker, time: UInt64(state.leg))
    let place = area.point(Variate.uniform(words.0), Variate.uniform(words.1))
    (state.targetX_m, state.targetY_m) = (place.x_m, place.y_m)
    state.speed_mps =
      speed_mps.lowerBound + (speed_mps.upperBound - speed_mps.lowerBound) * Variate.uniform(words.2)
  }

  private func pause(afterLeg leg: Int, in world: WorldDraws, walker: UInt64) -> Double {
    let word = world.block(.waypoint, entity: walker, time: UInt64(leg)).3
    return pause_s.lowerBound + (pause_s.upperBound - pause_s.lowerBound) * Variate.uniform(word)
  }
}
