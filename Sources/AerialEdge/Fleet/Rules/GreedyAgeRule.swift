import EdgeCloud
public import ReinforcementLearning

/// Flies, among the users to whom it is the nearest aircraft, to the one whose information is oldest after the flight's
/// own time is taken off.
public struct GreedyAgeRule: Controller {
  /// The rule's name.
  public static let name = "greedy-age"

  /// The rule for a world.
  public init(for world: AerialFleet) {}

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    let users = world.parameters.users.count
    let speed = max(world.parameters.fleet.speed_mps, 1e-9)
    for aircraft in 0..<world.parameters.fleet.count {
      var command = world.actions.idle
      var (chosen, most) = (-1, -Double.infinity)
      for user in 0..<users where world.nearestAircraft(to: user) == aircraft {
        let flight = world.channel.ground2_m2[aircraft * users + user].squareRoot() / speed
        let worth = world.age_s[user] - flight
        if worth > most { (chosen, most) = (user, worth) }
      }
      if chosen >= 0 {
        command.velocity_mps = world.approach(SIMD2(world.x_m[chosen], world.y_m[chosen]), of: aircraft)
      }
      world.actions.write(command, of: aircraft, into: &action)
    }
  }
}
