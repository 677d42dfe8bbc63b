public import ReinforcementLearning

/// Hovers where the episode began.
public struct StayRule: Controller {
  /// The rule's name.
  public static let name = "stay"

  /// The rule for a world.
  public init(for world: AerialFleet) {}

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing AerialFleet, _ action: inout JointAction) {
    for aircraft in 0..<world.parameters.fleet.count {
      world.actions.write(world.actions.idle, of: aircraft, into: &action)
    }
  }
}
