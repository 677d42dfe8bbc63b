import EdgeCloud
import Randomness

/// A robot that drives at one speed from waypoint to waypoint, each uniform over the hall.
///
/// A function of (seed, robot, time): the value holds the present leg only.
struct RobotMotion: Sendable, Equatable {
  let robot: UInt64
  let speed_mps: Double
  private(set) var leg: UInt64 = 0
  private(set) var from: (x_m: Double, y_m: Double) = (0, 0)
  private(set) var to: (x_m: Double, y_m: Double) = (0, 0)
  private(set) var start_s = 0.0
  private(set) var end_s = 0.0

  static func == (a: RobotMotion, b: RobotMotion) -> Bool {
    a.robot == b.robot && a.leg == b.leg && a.start_s == b.start_s && a.end_s == b.end_s && a.from == b.from
      && a.to == b.to
  }

  init(robot: Int, speed_mps: Double) {
    self.robot = UInt64(robot)
    self.speed_mps = speed_mps
  }

  /// Begins at the first waypoint at time 0.
  mutating func reset(in hall: FactoryHall, _ world: WorldDraws) {
    leg = 0
    to = waypoint(0, in: hall, world)
    end_s = 0
    next(in: hall, world)
  }

  /// Goes on to the leg of a time, which must not lie before the present one.
  mutating func advance(to time_s: Double, in hall: FactoryHall, _ world: WorldDraws) {
    while end_s <= time_s { next(in: hall, world) }
  }

  /// Where the robot is at a time of the present leg.
  func position(at time_s: Double) -> (x_m: Double, y_m: Double) {
    let share = min(max((time_s - start_s) / (end_s - start_s), 0), 1)
    return (from.x_m + share * (to.x_m - from.x_m), from.y_m + share * (to.y_m - from.y_m))
  }

  private mutating func next(in hall: FactoryHall, _ world: WorldDraws) {
    leg += 1
    from = to
    to = waypoint(leg, in: hall, world)
    let dx = to.x_m - from.x_m
    let dy = to.y_m - from.y_m
    start_s = end_s
    // A leg takes some time, even between two waypoints that happen to be one.
    end_s = start_s + max((dx * dx + dy * dy).squareRoot() / speed_mps, 1e-3)
  }

  private func waypoint(_ leg: UInt64, in hall: FactoryHall, _ world: WorldDraws) -> (x_m: Double, y_m: Double) {
    let words = world.block(.hallWaypoint, entity: robot, time: leg)
    return (hall.length_m * Variate.uniform(words.0), hall.width_m * Variate.uniform(words.1))
  }
}
