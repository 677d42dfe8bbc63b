public import ReinforcementLearning

/// Every agent does what it does when it does nothing.
public struct IdleController<World: Environment>: Controller {
  /// For worlds like the given one.
  public init(for world: World) {}

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    var agent = 0
    for (index, group) in world.groups.enumerated() {
      for slot in 0..<group.count {
        let own = world.idleAction(for: agent)
        let integers = action.discreteStart[index] + slot * group.action.discreteCount
        for (choice, value) in own.discrete.enumerated() { action.discrete[integers + choice] = value }
        let reals = action.continuousStart[index] + slot * group.action.continuousCount
        for (dimension, value) in own.continuous.enumerated() { action.continuous[reals + dimension] = value }
        agent += 1
      }
    }
  }
}
