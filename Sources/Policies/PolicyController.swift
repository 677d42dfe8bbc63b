public import ReinforcementLearning

/// A trained policy acting greedily, without noise, in a world that it fits.
///
/// A policy with memory begins every episode, and every trajectory of a newcomer, with an empty one.
public struct PolicyController<World: Environment>: Controller {
  private let policies: PolicySet
  /// How each group's outputs become actions.
  private let choosers: [Chooser]
  private var observations: [[Float]]
  private var masks: [[Bool]]
  private var active: [[Bool]]
  private var evaluations: [ValueEvaluation]
  private var choices: [Int32]

  private enum Chooser: Sendable {
    case branches(ActionBranches)
    case actor(ActorOutputs)

    init(_ policy: GroupPolicy) {
      switch policy.head {
      case .greedyValue:
        guard let branches = policy.branches else {
          preconditionFailure("the policy of \(policy.group.name) has no levels for its real numbers")
        }
        self = .branches(branches)
      case .actor:
        guard let outputs = policy.actorOutputs else {
          preconditionFailure("the actions of \(policy.group.name) have a range without end")
        }
        self = .actor(outputs)
      }
    }
  }

  /// A controller for worlds like the given one.
  ///
  /// - Precondition: the policy fits the world (``PolicySet/mismatch(with:)`` is nil).
  public init(_ policies: PolicySet, for world: World) {
    let groups = world.groups
    precondition(policies.mismatch(with: groups) == nil, policies.mismatch(with: groups) ?? "")
    self.policies = policies
    choosers = policies.groups.map { Chooser($0) }
    observations = groups.map { [Float](repeating: 0, count: $0.count * $0.observation.count) }
    masks = groups.map { [Bool](repeating: true, count: $0.count * $0.action.maskCount) }
    active = groups.map { [Bool](repeating: true, count: $0.count) }
    evaluations = zip(groups, policies.groups).map {
      ValueEvaluation($1.network, $1.normalizer, head: $1.values, rows: $0.count)
    }
    let most = policies.groups.compactMap { $0.branches?.options.count }.max() ?? 0
    choices = [Int32](repeating: 0, count: most)
  }

  public mutating func begin(seed: UInt64) {
    for index in evaluations.indices {
      for row in 0..<evaluations[index].rows { evaluations[index].forget(row: row) }
    }
  }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    for index in 0..<policies.groups.count {
      do {
        var seen = observations[index].mutableSpan
        world.observe(group: index, into: &seen)
        var mask = masks[index].mutableSpan
        if mask.count > 0 { world.writeActionMask(group: index, into: &mask) }
      }
      evaluate(index)
      forgetAbsent(index, world)
      choose(index, &action)
    }
  }

  /// Nothing is remembered of empty slots.
  private mutating func forgetAbsent(_ index: Int, _ world: borrowing World) {
    guard evaluations[index].stateCount > 0 else { return }
    do {
      var span = active[index].mutableSpan
      world.writeActive(group: index, into: &span)
    }
    for row in 0..<evaluations[index].rows where !active[index][row] { evaluations[index].forget(row: row) }
  }

  public mutating func note(_ outcome: borrowing StepOutcome) {
    var agent = 0
    for index in evaluations.indices {
      for row in 0..<evaluations[index].rows {
        if outcome.terminated[agent] || outcome.truncated[agent] { evaluations[index].forget(row: row) }
        agent += 1
      }
    }
  }

  private mutating func evaluate(_ index: Int) {
    let seen = observations[index]
    let rows = evaluations[index].rows
    if policies.groups[index].isShared {
      evaluations[index].evaluate(seen.span, rows: 0..<rows, under: policies.groups[index].parameters[0])
    } else {
      for row in 0..<rows {
        evaluations[index].evaluate(seen.span, rows: row..<row + 1, under: policies.groups[index].parameters[row])
      }
    }
  }

  private mutating func choose(_ index: Int, _ action: inout JointAction) {
    switch choosers[index] {
    case .branches(let branches): choose(index, among: branches, &action)
    case .actor(let outputs): choose(index, by: outputs, &action)
    }
  }

  private mutating func choose(_ index: Int, among branches: ActionBranches, _ action: inout JointAction) {
    let space = policies.groups[index].group.action
    let mask = masks[index]
    for agent in 0..<evaluations[index].rows {
      let permitted = mask.span.extracting(agent * branches.maskCount..<(agent + 1) * branches.maskCount)
      var start = 0
      for branch in 0..<branches.options.count {
        let values = evaluations[index].values
        let row = values.span.extracting(agent * branches.count..<(agent + 1) * branches.count)
        choices[branch] = Int32(branches.greedyOption(row, permitted: permitted, branch: branch, from: start) ?? 0)
        start += branches.options[branch]
      }
      branches.write(
        choices.span, into: &action.discrete, at: action.discreteStart[index] + agent * space.discreteCount,
        &action.continuous, at: action.continuousStart[index] + agent * space.continuousCount)
    }
  }

  private func choose(_ index: Int, by outputs: ActorOutputs, _ action: inout JointAction) {
    let space = policies.groups[index].group.action
    let (mask, values) = (masks[index], evaluations[index].values)
    for agent in 0..<evaluations[index].rows {
      outputs.writeGreedy(
        values.span.extracting(agent * outputs.count..<(agent + 1) * outputs.count),
        permitted: mask.span.extracting(agent * outputs.logitCount..<(agent + 1) * outputs.logitCount),
        into: &action.discrete, at: action.discreteStart[index] + agent * space.discreteCount,
        &action.continuous, at: action.continuousStart[index] + agent * space.continuousCount)
    }
  }
}
