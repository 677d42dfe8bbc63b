import NeuralNetworks
public import ReinforcementLearning

/// A trained policy acting greedily, without noise, in a world that it fits.
public struct PolicyController<World: Environment>: Controller {
  private let policies: PolicySet
  private var observations: [[Float]]
  private var normalized: [[Float]]
  private var masks: [[Bool]]
  private var workspaces: [Workspace]

  /// A controller for worlds like the given one.
  ///
  /// - Precondition: the policy fits the world (``PolicySet/mismatch(with:)`` is nil).
  public init(_ policies: PolicySet, for world: World) {
    let groups = world.groups
    precondition(policies.mismatch(with: groups) == nil, policies.mismatch(with: groups) ?? "")
    self.policies = policies
    observations = groups.map { [Float](repeating: 0, count: $0.count * $0.observation.count) }
    normalized = observations
    masks = groups.map { [Bool](repeating: true, count: $0.count * $0.action.maskCount) }
    workspaces = zip(groups, policies.groups).map { $1.network.makeWorkspace(batch: $0.count, training: false) }
  }

  public mutating func begin(seed: UInt64) {}

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    for index in 0..<policies.groups.count {
      var seen = observations[index].mutableSpan
      world.observe(group: index, into: &seen)
      var mask = masks[index].mutableSpan
      world.writeActionMask(group: index, into: &mask)
      decide(index, &action)
    }
  }

  private mutating func decide(_ index: Int, _ action: inout JointAction) {
    let policy = policies.groups[index]
    let width = policy.group.observation.count
    let options = policy.group.action.maskCount
    let seen = observations[index]
    let agents = seen.count / width
    do {
      var inputs = normalized[index].mutableSpan
      policy.normalizer.apply(seen.span, rows: agents, into: &inputs)
    }
    let inputs = normalized[index]
    if policy.isShared {
      policy.network.forward(policy.parameters[0], inputs.span, rows: agents, in: &workspaces[index])
      for agent in 0..<agents { choose(agent, row: agent, options, index, &action) }
    } else {
      for agent in 0..<agents {
        let row = inputs.span.extracting(agent * width..<(agent + 1) * width)
        policy.network.forward(policy.parameters[agent], row, rows: 1, in: &workspaces[index])
        choose(agent, row: 0, options, index, &action)
      }
    }
  }

  private func choose(_ agent: Int, row: Int, _ options: Int, _ index: Int, _ action: inout JointAction) {
    let outputs = workspaces[index].outputs
    let mask = masks[index]
    let chosen = greedyAction(
      outputs.span.extracting(row * options..<(row + 1) * options),
      permitted: mask.span.extracting(agent * options..<(agent + 1) * options))
    action.discrete[action.discreteStart[index] + agent] = Int32(chosen ?? 0)
  }
}
