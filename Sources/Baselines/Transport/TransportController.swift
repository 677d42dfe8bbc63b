public import EdgeCloud
public import ReinforcementLearning

/// The most probable option of each agent in the optimal transport of all tasks over all computers.
///
/// As ``GreedyCostRule`` it predicts from what agents observe, but it sees the observations of all and decides for all at
/// once, so that a unit that would be overrun gets a price. The lowest of equals.
public struct TransportController<World: Environment & ComputingView>: Controller {
  private var allocation: TransportAllocation

  /// The rule for worlds like the given one.
  public init(_ settings: TransportAllocation.Settings = .init(), for world: World) {
    allocation = TransportAllocation(settings, for: world)
  }

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    allocation.allocate(in: world)
    let options = world.options.count
    for agent in 0..<world.deciderCount {
      var best = 0
      if world.isDeciding(agent) {
        var greatest = 0.0
        for option in 0..<options where allocation.probabilities[agent * options + option] > greatest {
          (best, greatest) = (option, allocation.probabilities[agent * options + option])
        }
        if greatest == 0 { best = world.firstOption(for: agent) { _ in false } }
      }
      action.take(world.decision(for: best), by: agent)
    }
  }
}

/// The name of the rule, and of the prior.
public enum OptimalTransport {
  /// On the command line, and under `algorithm.prior.name`.
  public static let name = "optimal-transport"
}
