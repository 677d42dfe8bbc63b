import EdgeCloud
public import ReinforcementLearning

/// Flies to the middle of the users to whom it is the nearest aircraft, and hovers there; again whenever these change.
///
/// With still users this is Lloyd's algorithm (IEEE Transactions on Information Theory 28 (1982) 129).
public struct HoverRule: Controller {
  /// The rule's name.
  public static let name = "hover"

  /// The rule for a world.
  public init(for world: AerialFleet) {}

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    for aircraft in 0..<world.parameters.fleet.count {
      var command = world.actions.idle
      if let place = world.centroid(of: aircraft) { command.velocity_mps = world.approach(place, of: aircraft) }
      world.actions.write(command, of: aircraft, into: &action)
    }
  }
}
