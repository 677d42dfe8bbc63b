public import EdgeCloud
public import ReinforcementLearning

/// An offloading rule that decides for every agent of a world.
public struct RuleController<World: Environment & OffloadingView, Rule: OffloadingRule>: Controller {
  private var rule: Rule

  /// The rule for worlds like the given one.
  public init(_ rule: Rule.Type, for world: World) { self.rule = Rule(agents: world.deciderCount) }

  public mutating func begin(seed: UInt64) { rule.begin(seed: seed) }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    for agent in 0..<world.deciderCount {
      action.take(
        world.decision(for: world.isDeciding(agent) ? rule.choose(for: agent, in: world) : 0), by: agent)
    }
  }
}

extension JointAction {
  /// Writes the decision of a decider.
  mutating func take(_ decision: OffloadingDecision, by decider: Int) {
    if let choice = decision.choice { discrete[decider] = choice }
    let first = decider * decision.numbers.count
    for index in decision.numbers.indices { continuous[first + index] = decision.numbers[index] }
  }
}
