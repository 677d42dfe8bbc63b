public import Randomness

/// A straight road with several lanes in both directions and drivers who follow the Intelligent Driver Model.
///
/// - Geometry: the road runs from x = 0 to x = length. Lanes k = 0, 1, … of the direction +x lie at
///   y = −(k + ½) w, those of the direction −x at y = +(k + ½) w. A vehicle's position is its front bumper.
/// - Vehicles do not change lanes. Each has a desired speed mean + spread · z, z standard normal, cut at ±2.
/// - Arrivals are a Poisson stream per lane. A vehicle enters at the desired speed if the gap to the last one
///   is the one its driver wants, else at that one's speed if the gap allows it, else it waits outside. A
///   flow beyond what the lane carries leaves vehicles waiting.
/// - At the start each lane holds vehicles at the mean spacing speed/flow, each moved by a random offset that
///   leaves s0 + v T between neighbours.
/// - A vehicle leaves when its front passes the end.
///
/// Speed and position are advanced by the ballistic rule in substeps of at most 0.1 s (M. Treiber, V.
/// Kanagaraj, Physica A 419 (2015) 183); a speed never falls below zero and a gap never closes.
public struct HighwayTraffic: Sendable, Equatable {
  /// The length of the road.
  public let length_m: Double
  /// Lanes in each direction.
  public let lanesPerDirection: Int
  /// The width of a lane.
  public let laneWidth_m: Double
  /// The length of a vehicle.
  public let vehicleLength_m: Double
  /// The mean desired speed.
  public let desiredSpeed_mps: Double
  /// The standard deviation of desired speeds before they are cut at two of it.
  public let speedSpread_mps: Double
  /// Vehicles arriving per second and lane.
  public let entryFlow_perSecond: Double
  /// How every driver follows.
  public let driver: IntelligentDriver

  /// A road by its geometry, its drivers and the flow (vehicles per second) that arrives at each lane.
  public init(
    length: Metres, lanesPerDirection: Int, laneWidth: Metres = Metres(4), vehicleLength: Metres = Metres(5),
    desiredSpeed: MetresPerSecond, speedSpread: MetresPerSecond = MetresPerSecond(0), entryFlow: Hertz,
    driver: IntelligentDriver = .treiber2000
  ) {
    precondition(
      length.value > 0 && lanesPerDirection > 0 && laneWidth.value > 0 && vehicleLength.value > 0,
      "a road needs positive measures, not length \(length.value) m, \(lanesPerDirection) lanes of "
        + "\(laneWidth.value) m, vehicles of \(vehicleLength.value) m")
    precondition(
      speedSpread.value >= 0 && desiredSpeed.value > 2 * speedSpread.value,
      "the desired speed must exceed twice its spread, not \(desiredSpeed.value) and \(speedSpread.value) m/s"
    )
    precondition(
      entryFlow.value >= 0 && entryFlow.value.isFinite,
      "a flow must be finite and not negative: \(entryFlow.value) per second")
    length_m = length.value
    self.lanesPerDirection = lanesPerDirection
    laneWidth_m = laneWidth.value
    vehicleLength_m = vehicleLength.value
    desiredSpeed_mps = desiredSpeed.value
    speedSpread_mps = speedSpread.value
    entryFlow_perSecond = entryFlow.value
    self.driver = driver
  }

  /// The movements of an episode of `steps` and of `lookahead` more: steps + 1 + lookahead instants. A
  /// function of the arguments alone, whatever the number of slots. Entity: lane · 2³² + the vehicle's number
  /// in its lane, lanes of the direction +x first.
  public func plan(
    world: WorldDraws, slots: Int, steps: Int, interval_s: Double, lookahead: Int = 0
  ) -> MobilityPlan {
    precondition(steps >= 0 && lookahead >= 0, "a plan needs steps, not \(steps) and \(lookahead) ahead")
    let instants = steps + 1 + lookahead
    var builder = MobilityPlan.Builder(slots: slots, interval_s: interval_s, instants: instants)
    let substeps = max(1, Int((interval_s / 0.1 - 1e-9).rounded(.up)))
    let substep_s = interval_s / Double(substeps)
    var lanes = (0..<2 * lanesPerDirection).map { HighwayLane(road: self, index: $0, world: world) }
    var present: [MobilityPlan.Vehicle] = []
    for instant in 0..<instants {
      present.removeAll(keepingCapacity: true)
      for lane in lanes.indices where instant > 0 {
        for substep in 1...substeps {
          let elapsed = (instant - 1) * substeps + substep
          lanes[lane].advance(by: substep_s, to: Double(elapsed) * substep_s)
        }
      }
      let seen = lanes.span
      for lane in 0..<seen.count { seen[lane].append(to: &present) }
      builder.add(present)
    }
    return builder.finish()
  }
}
