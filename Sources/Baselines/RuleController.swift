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
      let decision = world.decision(for: world.isDeciding(agent) ? rule.choose(for: agent, in: world) : 0)
      if let choice = decision.choice { action.discrete[agent] = choice }
      let first = agent * decision.numbers.count
      for index in decision.numbers.indices { action.continuous[first + index] = decision.numbers[index] }
    }
  }
}
