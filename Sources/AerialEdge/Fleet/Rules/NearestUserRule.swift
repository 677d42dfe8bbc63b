import EdgeCloud
public import ReinforcementLearning

/// Flies to the nearest user that has a task; stays where there is none.
public struct NearestUserRule: Controller {
  /// The rule's name.
  public static let name = "nearest-user"

  /// The rule for a world.
  public init(for world: AerialFleet) {}

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    let users = world.parameters.users.count
    for aircraft in 0..<world.parameters.fleet.count {
      var command = world.actions.idle
      var (chosen, least) = (-1, Double.infinity)
      for user in 0..<users where world.waiting[user] != nil {
        let distance2 = world.channel.ground2_m2[aircraft * users + user]
        if distance2 < least { (chosen, least) = (user, distance2) }
      }
      if chosen >= 0 {
        command.velocity_mps = world.approach(SIMD2(world.x_m[chosen], world.y_m[chosen]), of: aircraft)
      }
      world.actions.write(command, of: aircraft, into: &action)
    }
  }
}
