public import Snapshots

/// An environment whose agents are each rewarded for the difference that they made.
///
/// With G(z) the sum of all agents' rewards for the joint action z of a step, agent i is paid
///
///     Dᵢ(z) = G(z) − G(z₋ᵢ)
///
/// where z₋ᵢ is z with i's action replaced by its ``Environment/idleAction(for:)``. What i gains by an action is what
/// all gain by it, and what others do weighs on it as little as it can. Dᵢ is the difference within the step: what the
/// idle action would have led to later is not in it, so that a world whose rewards do not yet know the actions of their
/// own step (particle worlds in PettingZoo's order of motion) pays 0 throughout. States, endings, masks, metrics and
/// records are the world's own, bit for bit.
///
/// A step plays z₋ᵢ in a copy of the world for each agent that is there and not idle: of A such agents it costs A + 1
/// steps and A assignments, N + 1 at most. All copies are one scratch world, which is assigned from the state before
/// the step; so a step does not allocate where the world's own step and ``Environment/assign(from:)`` do not. An agent
/// whose action is its idle one gets 0, as G(z) − G(z) is, without a copy. Draws depend on the seed alone, so a copy
/// meets the same chance. A batch steps one environment after another, whatever batch the world brings.
///
/// Idle actions must not change over an environment's life.
///
/// Sources: D. H. Wolpert, K. Tumer, "Optimal payoff functions for members of collectives", Advances in Complex Systems
/// 4 (2001); J. Foerster et al., "Counterfactual multi-agent policy gradients", AAAI 2018, where the idle action
/// is the default action.
public struct DifferenceRewarded<World: Environment>: Environment {
  /// The world inside.
  public private(set) var world: World
  /// Where copies are stepped.
  private var scratch: World
  /// What all do, but for one.
  private var altered: JointAction
  private var imagined: StepOutcome
  /// What all would have earned without each agent's action.
  private var without: [Double]
  /// Whose difference is to be found.
  private var counts: [Bool]
  private let idle: JointAction
  private let parts: [Part]

  /// A group's slots and the widths of their actions.
  private struct Part: Sendable {
    let agents: Range<Int>
    let discreteStart: Int
    let discreteCount: Int
    let continuousStart: Int
    let continuousCount: Int

    func integers(of agent: Int) -> Range<Int> {
      let first = discreteStart + (agent - agents.lowerBound) * discreteCount
      return first..<first + discreteCount
    }

    func reals(of agent: Int) -> Range<Int> {
      let first = continuousStart + (agent - agents.lowerBound) * continuousCount
      return first..<first + continuousCount
    }
  }

  init(_ world: World) {
    self.world = world
    scratch = world
    altered = JointAction(for: world.groups)
    let agentCount = world.agentCount
    imagined = StepOutcome(agents: agentCount)
    without = [Double](repeating: 0, count: agentCount)
    counts = [Bool](repeating: false, count: agentCount)
    var parts: [Part] = []
    var idle = altered
    for (index, group) in world.groups.enumerated() {
      let first = world.firstAgent(ofGroup: index)
      let part = Part(
        agents: first..<first + group.count, discreteStart: idle.discreteStart[index],
        discreteCount: group.action.discreteCount, continuousStart: idle.continuousStart[index],
        continuousCount: group.action.continuousCount)
      for agent in part.agents {
        let action = world.idleAction(for: agent)
        idle.discrete.replaceSubrange(part.integers(of: agent), with: action.discrete)
        idle.continuous.replaceSubrange(part.reals(of: agent), with: action.continuous)
      }
      parts.append(part)
    }
    self.idle = idle
    self.parts = parts
  }

  public var groups: [AgentGroup] { world.groups }

  public mutating func reset(seed: UInt64) { world.reset(seed: seed) }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    findPresent()
    for index in 0..<altered.discrete.count { altered.discrete[index] = actions.discrete[index] }
    for index in 0..<altered.continuous.count { altered.continuous[index] = actions.continuous[index] }
    for part in 0..<parts.count {
      for agent in parts[part].agents where counts[agent] {
        let (integers, reals) = (parts[part].integers(of: agent), parts[part].reals(of: agent))
        counts[agent] = replace(integers, reals)
        guard counts[agent] else { continue }
        scratch.assign(from: world)
        scratch.step(altered, outcome: &imagined)
        without[agent] = Self.sum(imagined.rewards.span)
        for index in integers { altered.discrete[index] = actions.discrete[index] }
        for index in reals { altered.continuous[index] = actions.continuous[index] }
      }
    }
    world.step(actions, outcome: &outcome)
    let total = Self.sum(outcome.rewards.span)
    for agent in 0..<counts.count { outcome.rewards[agent] = counts[agent] ? total - without[agent] : 0 }
  }

  /// Lets an agent do nothing.
  ///
  /// - Returns: whether that changes anything.
  private mutating func replace(_ integers: Range<Int>, _ reals: Range<Int>) -> Bool {
    var changes = false
    for index in integers where altered.discrete[index] != idle.discrete[index] {
      altered.discrete[index] = idle.discrete[index]
      changes = true
    }
    for index in reals where altered.continuous[index] != idle.continuous[index] {
      altered.continuous[index] = idle.continuous[index]
      changes = true
    }
    return changes
  }

  private mutating func findPresent() {
    var found: [Bool] = []
    swap(&found, &counts)
    for group in 0..<parts.count {
      var all = found.mutableSpan
      var part = all._mutatingExtracting(parts[group].agents)
      world.writeActive(group: group, into: &part)
    }
    swap(&found, &counts)
  }

  /// Σ over agents, first to last: equal rewards give equal sums.
  private static func sum(_ rewards: Span<Double>) -> Double {
    var sum = 0.0
    for agent in 0..<rewards.count { sum += rewards[agent] }
    return sum
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) { world.observe(group: group, into: &values) }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    world.writeActionMask(group: group, into: &mask)
  }

  public func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    world.writeActive(group: group, into: &active)
  }

  public var stateCount: Int { world.stateCount }

  public func state(into values: inout MutableSpan<Float>) { world.state(into: &values) }

  public func idleAction(for agent: Int) -> AgentAction { world.idleAction(for: agent) }

  public mutating func assign(from other: DifferenceRewarded) { world.assign(from: other.world) }

  public func metrics() -> [Metric] { world.metrics() }

  public var recordColumns: [String] { world.recordColumns }

  public func records() -> [[RecordValue]] { world.records() }

  public func brokenInvariants() -> [String] { world.brokenInvariants() }

  /// The snapshot of the world inside: how it is rewarded is no part of its state.
  public func snapshot() -> Snapshot { world.snapshot() }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try world.restore(from: snapshot) }
}

extension Environment {
  /// This environment with each agent rewarded for the difference that its action made to the sum of all rewards.
  public func differenceRewarded() -> DifferenceRewarded<Self> { DifferenceRewarded(self) }
}
