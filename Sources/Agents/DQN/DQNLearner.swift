import NeuralNetworks
public import Policies
import Randomness
public import ReinforcementLearning
public import Snapshots

/// The DQN family, for any number of agents in groups whose actions are choices, or can be cut into levels.
///
/// Agents of a group share one set of parameters, or own one each. Plain or double, dueling, n-step, prioritised,
/// noisy, with distributions or quantiles, recurrent: each as the recipe says. Masks count in acting and in targets;
/// truncated trajectories bootstrap from their true last observation; every slot draws its own exploration, at a
/// probability that depends on the number of environment steps alone.
///
/// Sources: V. Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015; M. Hessel
/// et al., "Rainbow: combining improvements in deep reinforcement learning", AAAI 2018. Differences: Adam for
/// RMSProp; the loss, the cadence and the target's rhythm are part of the recipe.
public struct DQNLearner: PolicyLearner {
  /// The recipe.
  public let configuration: DQNConfiguration
  let groups: [AgentGroup]
  private let branches: [ActionBranches]
  private var normalizers: GroupNormalizers
  /// For each group, one value learner or one for each agent.
  var members: [[ValueLearner]]
  /// The random numbers of acting: exploration and noise; and of drawing batches.
  private var exploration: RandomStream
  private var sampling: RandomStream
  private var evaluations: [ValueEvaluation]
  /// For each group, the option taken in each branch of each row, and the recurrent state before the step.
  private var choices: [[Float]]
  private var states: [[Float]]
  private var chosen: [Int32]

  /// A learner with random parameters.
  ///
  /// - Parameters:
  ///   - groups: the world's groups; their actions must fit (``unsupported(_:levels:)``).
  ///   - environments: the number of environments in a frame.
  ///   - seed: the seed of everything that the learner draws.
  public init(_ configuration: DQNConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64) {
    let reason = Self.unsupported(groups, levels: configuration.levels)
    precondition(reason == nil, reason ?? "")
    self.configuration = configuration
    self.groups = groups
    let root = RandomStream(seed: seed)
    exploration = root.split(1)
    sampling = root.split(2)
    let initial = root.split(3)
    let branches = groups.compactMap { ActionBranches($0.action, levels: configuration.levels) }
    self.branches = branches
    normalizers = GroupNormalizers(configuration.normalization, groups)
    members = []
    evaluations = []
    choices = []
    states = []
    for (index, group) in groups.enumerated() {
      let isShared = configuration.sharing == .shared
      let rows = environments * group.count
      let stream = initial.split(UInt64(index))
      members.append(
        (0..<(isShared ? 1 : group.count)).map { member in
          var stream = stream.split(UInt64(member))
          return ValueLearner(
            configuration, group: group, branches: branches[index], slots: isShared ? rows : environments,
            stream: &stream)
        })
      evaluations.append(
        ValueEvaluation(
          members[index][0].function.network, normalizers[index], head: configuration.values, rows: rows))
      choices.append([Float](repeating: 0, count: rows * branches[index].options.count))
      states.append(evaluations[index].state)
    }
    chosen = [Int32](repeating: 0, count: branches.map(\.options.count).max() ?? 0)
  }

  /// Why a world of these groups cannot be learned by the DQN family; nil when it can.
  ///
  /// - Parameter levels: the number of levels of real numbers; nil where actions are native.
  public static func unsupported(_ groups: [AgentGroup], levels: Int? = nil) -> String? {
    for group in groups where ActionBranches(group.action, levels: levels) == nil {
      return "group \(group.name) has real numbers in its actions, which need algorithm.actions: {levels: n}"
    }
    return nil
  }

  /// The memory that the replays of a learner will take when full, in bytes.
  public static func replayBytes(_ configuration: DQNConfiguration, groups: [AgentGroup]) -> Double {
    groups.reduce(0) { total, group in
      guard let branches = ActionBranches(group.action, levels: configuration.levels) else { return total }
      let replays = configuration.sharing == .shared ? 1 : group.count
      return total + Double(replays) * ValueLearner.bytes(configuration, group: group, branches)
    }
  }

  /// The probability of a random action after `step` environment steps.
  public func epsilon(at step: Int) -> Double { configuration.epsilon(at: step) }

  /// The number of levels of a group's real numbers; nil where its actions have none.
  private func levels(_ index: Int) -> Int? { branches[index].levels.isEmpty ? nil : configuration.levels }

  /// The policy as it is now.
  public var policies: PolicySet {
    PolicySet(
      algorithm: configuration.name,
      groups: groups.indices.map { index in
        GroupPolicy(
          group: groups[index], head: .greedyValue, values: configuration.values,
          levels: levels(index),
          network: members[index][0].function.network, normalizer: normalizers[index],
          parameters: members[index].map(\.function.online))
      })
  }

  /// Begins from another policy's parameters; with running normalisation from its normaliser too, which new
  /// observations then move (``RunningNormalizer/adopt(_:)``).
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  public mutating func adopt(_ policies: PolicySet) -> String? {
    if let reason = policies.mismatch(with: groups) { return reason }
    var normalizers = normalizers
    for index in groups.indices {
      let policy = policies.groups[index]
      let misfit = policy.misfit(
        network: members[index][0].function.network, values: configuration.values, levels: levels(index),
        isShared: members[index].count == 1)
      if let misfit { return misfit }
      if !normalizers.adopt(policy.normalizer, group: index) { return policy.otherwiseNormalized }
    }
    self.normalizers = normalizers
    for index in groups.indices {
      let policy = policies.groups[index]
      for member in members[index].indices {
        members[index][member].adopt(policy.parameters[policy.isShared ? 0 : member])
      }
    }
    return nil
  }

  public mutating func act(_ frame: inout VectorFrame, step: Int) {
    let epsilon = epsilon(at: step)
    for index in groups.indices {
      if configuration.noise != nil { evaluations[index].drawNoise(using: &exploration) }
      if epsilon < 1 || evaluations[index].stateCount > 0 { evaluate(index, frame) }
      for row in 0..<frame.groups[index].rows { choose(index, row, epsilon, &frame.groups[index]) }
    }
  }

  /// Computes the action values of all rows of a group.
  private mutating func evaluate(_ index: Int, _ frame: borrowing VectorFrame) {
    let observations = frame.groups[index].observations
    let rows = frame.groups[index].rows
    if evaluations[index].stateCount > 0 {
      for position in states[index].indices { states[index][position] = evaluations[index].state[position] }
    }
    let normalizer = normalizers[index]
    if members[index].count == 1 {
      evaluations[index].evaluate(
        observations.span, rows: 0..<rows, under: members[index][0].function.online, through: normalizer)
    } else {
      for row in 0..<rows {
        evaluations[index].evaluate(
          observations.span, rows: row..<row + 1, under: members[index][row % groups[index].count].function.online,
          through: normalizer)
      }
    }
  }

  /// Decides for one row, at random with probability `epsilon`.
  private mutating func choose(_ index: Int, _ row: Int, _ epsilon: Double, _ part: inout VectorFrame.Group) {
    branches[index].choose(
      row: row, by: evaluations[index], exploring: epsilon, using: &exploration, into: &chosen, &choices[index], &part)
  }

  public mutating func record(_ frame: borrowing VectorFrame) {
    for index in groups.indices {
      normalizers.count(frame.groups[index], group: index)
      for row in 0..<frame.groups[index].rows { record(frame.groups[index], index, row) }
    }
  }

  private mutating func record(_ part: borrowing VectorFrame.Group, _ index: Int, _ row: Int) {
    let isShared = members[index].count == 1
    let width = branches[index].options.count
    let stateCount = evaluations[index].stateCount
    if part.active[row] {
      let (choices, states) = (choices[index], states[index])
      members[index][isShared ? 0 : row % groups[index].count].store(
        part, row: row, slot: isShared ? row : row / groups[index].count,
        choices: choices.span.extracting(row * width..<(row + 1) * width),
        state: states.span.extracting(row * stateCount..<(row + 1) * stateCount))
    }
    if stateCount > 0, part.terminated[row] || part.truncated[row] || !part.active[row] {
      evaluations[index].forget(row: row)
    }
  }

  public mutating func update(step: Int, advanced: Int) {
    if configuration.target.copies(step: step, advanced: advanced) {
      for index in members.indices {
        for member in members[index].indices { members[index][member].copyToTarget() }
      }
    }
    for _ in 0..<UpdateRhythm(configuration).updates(step: step, advanced: advanced) {
      for index in members.indices {
        let normalizer = normalizers[index]
        for member in members[index].indices where members[index][member].canUpdate {
          members[index][member].update(step: step, through: normalizer, &sampling)
        }
      }
    }
  }

  public mutating func progress(step: Int) -> LearningProgress {
    var losses: [Double] = []
    var values: [Double] = []
    for index in members.indices {
      for member in members[index].indices {
        guard let figures = members[index][member].takeFigures() else { continue }
        losses.append(figures.loss)
        values.append(figures.value)
      }
    }
    let updates = members.joined().reduce(0) { $0 + $1.function.updates }
    func mean(_ numbers: [Double]) -> Double {
      numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
    }
    return LearningProgress(
      updates: updates,
      figures: [("loss", mean(losses)), ("q_mean", mean(values)), ("epsilon", epsilon(at: step))],
      hasDiverged: losses.contains { !$0.isFinite })
  }
}

/// The complete state: `learner`, `replay` and `random` groups of a checkpoint.
extension DQNLearner {
  public func snapshot() -> Snapshot {
    var learner = Snapshot()
    var replays = Snapshot()
    for (index, group) in groups.enumerated() {
      var groupLearners = Snapshot()
      var groupReplays = Snapshot()
      for (number, member) in members[index].enumerated() {
        groupLearners.set("member-\(number)", member.snapshot())
        groupReplays.set("member-\(number)", member.replaySnapshot())
      }
      if let map = normalizers.snapshot(group: index) { groupLearners.set("normalization", map) }
      learner.set(group.name, groupLearners)
      replays.set(group.name, groupReplays)
    }
    var random = Snapshot()
    random.set("exploration", exploration.words)
    random.set("sampling", sampling.words)
    var snapshot = Snapshot()
    for (index, group) in groups.enumerated() where evaluations[index].stateCount > 0 {
      if case .group(var own)? = learner[group.name] {
        own.set("acting_state", evaluations[index].state)
        learner.set(group.name, own)
      }
    }
    snapshot.set("learner", learner)
    snapshot.set("replay", replays)
    snapshot.set("random", random)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let learner = try snapshot.group("learner")
    let replays = try snapshot.group("replay")
    for (index, group) in groups.enumerated() {
      let groupLearners = try learner.group(group.name)
      let groupReplays = try replays.group(group.name)
      let found = groupLearners.names.count { $0.hasPrefix("member-") }
      guard found == members[index].count else {
        throw learner.mismatch(
          group.name, expected: "parameters for \(members[index].count) learners", found: "those of \(found)")
      }
      if evaluations[index].stateCount > 0 {
        copy.evaluations[index].state = try groupLearners.floats(
          "acting_state", count: evaluations[index].state.count)
      }
      try copy.normalizers.restore(group: index, from: "normalization", in: groupLearners)
      for number in members[index].indices {
        try copy.members[index][number].restore(from: try groupLearners.group("member-\(number)"))
        try copy.members[index][number].restoreReplay(from: try groupReplays.group("member-\(number)"))
      }
    }
    let random = try snapshot.group("random")
    copy.exploration = try random.stream("exploration")
    copy.sampling = try random.stream("sampling")
    self = copy
  }
}
