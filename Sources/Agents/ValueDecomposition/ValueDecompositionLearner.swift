import NeuralNetworks
public import Policies
import Randomness
public import ReinforcementLearning
public import Snapshots

/// VDN and QMIX: agents of one team, each with action values of its own, learning from the team's reward alone.
///
/// The value of a joint action is the sum of the agents' values (VDN), or a network of them that grows with each and
/// whose weights are functions of the state (QMIX, ``ValueDecompositionConfiguration/Mixing``); so each agent that
/// acts best by its own values acts best for the team. All agents of all groups are one team. Groups share one network
/// or have one for each agent; actions are choices, or real numbers cut into levels, and an action of several choices
/// is worth the mean over its choices.
///
/// - Reward: the mean or the sum over the agents that were there (``TeamReward``).
/// - State: what all networks read, group after group and slot after slot; zeros for an empty slot.
/// - End: a transition is terminal where no agent's trajectory goes on. An agent that left brings 0 to the value of
///   the following state, where a cut episode's agents bring that of their true last observation; whoever joined
///   counts from the next transition on.
///
/// Masks count in acting and in targets; every row draws its own exploration, at a probability that depends on the
/// number of environment steps alone.
///
/// Sources: P. Sunehag et al., "Value-decomposition networks for cooperative multi-agent learning", AAMAS 2018;
/// T. Rashid et al., "QMIX: monotonic value function factorisation for deep multi-agent reinforcement learning",
/// ICML 2018. Differences: transitions for episodes, networks without memory, and no number of the agent among what a
/// network reads: agents that must differ where they see alike have networks of their own.
public struct ValueDecompositionLearner: PolicyLearner {
  /// The recipe.
  public let configuration: ValueDecompositionConfiguration
  let groups: [AgentGroup]
  private let branches: [ActionBranches]
  private var normalizers: GroupNormalizers
  var learning: TeamLearning
  /// The random numbers of acting and of drawing batches.
  private var exploration, sampling: RandomStream
  private var evaluations: [ValueEvaluation]
  /// For each group, the option taken in each branch of each row.
  private var choices: [[Float]]
  private var chosen: [Int32]

  /// A learner with random parameters.
  ///
  /// - Parameters:
  ///   - groups: the world's groups; their actions must fit (``unsupported(_:groups:)``).
  ///   - environments: the number of environments in a frame.
  ///   - seed: the seed of everything that the learner draws.
  public init(_ configuration: ValueDecompositionConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64) {
    let reason = Self.unsupported(configuration, groups: groups)
    precondition(reason == nil, reason ?? "")
    precondition(configuration.isPlain, "teams know no distributions, noise, memory, priorities or n-step returns")
    self.configuration = configuration
    self.groups = groups
    let agents = configuration.agents
    let root = RandomStream(seed: seed)
    exploration = root.split(1)
    sampling = root.split(2)
    let branches = groups.compactMap { ActionBranches($0.action, levels: agents.levels) }
    self.branches = branches
    let normalizers = GroupNormalizers(agents.normalization, groups)
    self.normalizers = normalizers
    learning = TeamLearning(
      configuration, groups: groups, branches: branches, environments: environments, stream: root.split(3))
    evaluations = groups.indices.map { index in
      ValueEvaluation(
        agents.network(inputs: groups[index].observation.count, branches: branches[index]), normalizers[index],
        head: .expected, rows: environments * groups[index].count)
    }
    choices = groups.indices.map {
      [Float](repeating: 0, count: environments * groups[$0].count * branches[$0].options.count)
    }
    chosen = [Int32](repeating: 0, count: branches.map(\.options.count).max() ?? 0)
  }

  /// Why a world of these groups cannot be learned by a recipe; nil when it can.
  public static func unsupported(_ configuration: ValueDecompositionConfiguration, groups: [AgentGroup]) -> String? {
    if let reason = DQNLearner.unsupported(groups, levels: configuration.agents.levels) { return reason }
    let agents = groups.reduce(0) { $0 + $1.count }
    let state = groups.reduce(0) { $0 + $1.count * $1.observation.count }
    guard case .monotonic(let embedding, let hidden) = configuration.mixing else { return nil }
    let weights = hidden > 0 ? hidden * (state + agents * embedding) : state * agents * embedding
    guard weights > 100_000_000 else { return nil }
    return "the mixing of \(agents) agents by a state of \(state) values has \(weights) weights, more than the "
      + "100,000,000 allowed; lower algorithm.mixing.embedding, or give algorithm.mixing.hypernet_hidden"
  }

  /// The memory that the replay of a learner will take when full, in bytes.
  public static func replayBytes(_ configuration: ValueDecompositionConfiguration, groups: [AgentGroup]) -> Double {
    let branches = groups.compactMap { ActionBranches($0.action, levels: configuration.agents.levels) }
    guard branches.count == groups.count else { return 0 }
    return TeamReplay.bytes(
      layout: TeamLayout(groups, choices: branches.map(\.options.count)), capacity: configuration.agents.replayCapacity)
  }

  /// The probability of a random action after `step` environment steps.
  public func epsilon(at step: Int) -> Double { configuration.agents.epsilon(at: step) }

  /// The number of levels of a group's real numbers; nil where its actions have none.
  private func levels(_ index: Int) -> Int? { branches[index].levels.isEmpty ? nil : configuration.agents.levels }

  /// The numbers of a group's members.
  private func members(ofGroup group: Int) -> [Int] {
    learning.members.indices.filter { learning.members[$0].group == group }
  }

  /// The policy as it is now.
  public var policies: PolicySet {
    PolicySet(
      algorithm: configuration.name,
      groups: groups.indices.map { index in
        let members = members(ofGroup: index)
        return GroupPolicy(
          group: groups[index], head: .greedyValue, levels: levels(index),
          network: learning.members[members[0]].network, normalizer: normalizers[index],
          parameters: members.map { learning.online($0) })
      })
  }

  /// Begins from another policy's parameters, the mixing from its own; with running normalisation from its normaliser
  /// too, which new observations then move.
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  public mutating func adopt(_ policies: PolicySet) -> String? {
    if let reason = policies.mismatch(with: groups) { return reason }
    var normalizers = normalizers
    var parameters: [ParameterVector] = []
    for index in groups.indices {
      let (policy, members) = (policies.groups[index], members(ofGroup: index))
      let misfit = policy.misfit(
        network: learning.members[members[0]].network, values: .expected, levels: levels(index),
        isShared: configuration.agents.sharing == .shared)
      if let misfit { return misfit }
      if !normalizers.adopt(policy.normalizer, group: index) { return policy.otherwiseNormalized }
      parameters += members.indices.map { policy.parameters[policy.isShared ? 0 : $0] }
    }
    self.normalizers = normalizers
    learning.adopt(parameters)
    return nil
  }

  public mutating func act(_ frame: inout VectorFrame, step: Int) {
    let epsilon = epsilon(at: step)
    for index in groups.indices {
      if epsilon < 1 { evaluate(index, frame) }
      for row in 0..<frame.groups[index].rows { choose(index, row, epsilon, &frame.groups[index]) }
    }
  }

  /// Computes the action values of all rows of a group.
  private mutating func evaluate(_ index: Int, _ frame: borrowing VectorFrame) {
    let observations = frame.groups[index].observations
    let (online, normalizer) = (learning.parameters.online.values, normalizers[index])
    let (rows, count) = (frame.groups[index].rows, groups[index].count)
    for member in learning.members.indices where learning.members[member].group == index {
      let parameters = online.span.extracting(learning.members[member].range)
      let slots = learning.members[member].slots
      if slots.count == count {
        evaluations[index].evaluate(observations.span, rows: 0..<rows, under: parameters, through: normalizer)
      } else {
        for row in stride(from: slots.lowerBound, to: rows, by: count) {
          evaluations[index].evaluate(observations.span, rows: row..<row + 1, under: parameters, through: normalizer)
        }
      }
    }
  }

  /// Decides for one row, at random with probability `epsilon`.
  private mutating func choose(_ index: Int, _ row: Int, _ epsilon: Double, _ part: inout VectorFrame.Group) {
    branches[index].choose(
      row: row, by: evaluations[index], exploring: epsilon, using: &exploration, into: &chosen, &choices[index], &part)
  }

  public mutating func record(_ frame: borrowing VectorFrame) {
    for index in groups.indices { normalizers.count(frame.groups[index], group: index) }
    learning.store(frame, choices: choices)
  }

  public mutating func update(step: Int, advanced: Int) {
    if configuration.agents.target.copies(step: step, advanced: advanced) { learning.copyToTarget() }
    let due = UpdateRhythm(configuration.agents).updates(step: step, advanced: advanced)
    guard due > 0, learning.replay.count > 0 else { return }
    for _ in 0..<due { learning.update(through: normalizers, &sampling) }
  }

  public mutating func progress(step: Int) -> LearningProgress {
    let figures = learning.takeFigures()
    return LearningProgress(
      updates: learning.parameters.updates,
      figures: [
        ("loss", figures?.loss ?? .nan), ("q_total", figures?.total ?? .nan), ("epsilon", epsilon(at: step)),
      ],
      hasDiverged: figures.map { !$0.loss.isFinite } ?? false)
  }
}

/// The complete state: `learner`, `replay` and `random` groups of a checkpoint.
extension ValueDecompositionLearner {
  public func snapshot() -> Snapshot {
    var learner = Snapshot()
    learner.set("team", learning.snapshot())
    var maps = Snapshot()
    for (index, group) in groups.enumerated() {
      if let map = normalizers.snapshot(group: index) { maps.set(group.name, map) }
    }
    if !maps.names.isEmpty { learner.set("normalization", maps) }
    var replay = Snapshot()
    replay.set("team", learning.replaySnapshot())
    var random = Snapshot()
    random.set("exploration", exploration.words)
    random.set("sampling", sampling.words)
    var snapshot = Snapshot()
    snapshot.set("learner", learner)
    snapshot.set("replay", replay)
    snapshot.set("random", random)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let learner = try snapshot.group("learner")
    try copy.learning.restore(from: try learner.group("team"))
    try copy.learning.restoreReplay(from: try snapshot.group("replay").group("team"))
    for (index, group) in groups.enumerated() where copy.normalizers.isRunning {
      try copy.normalizers.restore(group: index, from: group.name, in: try learner.group("normalization"))
    }
    let random = try snapshot.group("random")
    copy.exploration = try random.stream("exploration")
    copy.sampling = try random.stream("sampling")
    self = copy
  }
}
