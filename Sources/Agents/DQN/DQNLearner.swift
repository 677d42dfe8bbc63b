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
  private let groups: [AgentGroup]
  private let branches: [ActionBranches]
  /// For each group what its networks read: a fixed map, or one that follows what is recorded.
  private let fixed: [Normalizer]
  private var running: [RunningNormalizer]
  /// For each group, one value learner or one for each agent.
  private var members: [[ValueLearner]]
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
    switch configuration.normalization {
    case .none: fixed = groups.map { .identity($0.observation.count) }
    case .ranges: fixed = groups.map { .ranges(of: $0.observation) }
    case .running: fixed = []
    }
    running = configuration.normalization == .running ? groups.map { RunningNormalizer(of: $0.observation) } : []
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
          members[index][0].function.network, running.isEmpty ? fixed[index] : running[index].normalizer,
          head: configuration.values, rows: rows))
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
  public func epsilon(at step: Int) -> Double {
    step < configuration.warmupSteps ? 1 : configuration.epsilon.value(at: step)
  }

  /// What the networks of a group read now.
  private func normalizer(_ index: Int) -> Normalizer { running.isEmpty ? fixed[index] : running[index].normalizer }

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
          network: members[index][0].function.network, normalizer: normalizer(index),
          parameters: members[index].map(\.function.online))
      })
  }

  /// Begins from another policy's parameters; with running normalisation from its normaliser too, which new
  /// observations then move (``RunningNormalizer/adopt(_:)``).
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  public mutating func adopt(_ policies: PolicySet) -> String? {
    if let reason = policies.mismatch(with: groups) { return reason }
    var running = running
    for index in groups.indices {
      let policy = policies.groups[index]
      if !policy.isShared, members[index].count == 1 {
        return
          "the policy has parameters of its own for each agent of \(groups[index].name), the experiment shares them"
      }
      if policy.network != members[index][0].function.network {
        return "the policy's network for \(groups[index].name) has other layers than the experiment asks for"
      }
      if policy.values != configuration.values || policy.levels != levels(index) {
        return "the policy's action values for \(groups[index].name) are made otherwise than the experiment asks for"
      }
      let reads = running.isEmpty ? policy.normalizer == fixed[index] : running[index].adopt(policy.normalizer)
      if !reads {
        return "the policy's network for \(groups[index].name) reads otherwise normalised observations"
      }
    }
    self.running = running
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
    let normalizer = normalizer(index)
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
    let branches = branches[index]
    let explores = exploration.uniform() < epsilon
    let masks = part.masks
    let mask = masks.span.extracting(row * branches.maskCount..<(row + 1) * branches.maskCount)
    var start = 0
    for branch in 0..<branches.options.count {
      let option: Int?
      if explores {
        option = randomOption(branches, branch, from: start, permitted: mask)
      } else {
        let values = evaluations[index].values
        option = branches.greedyOption(
          values.span.extracting(row * branches.count..<(row + 1) * branches.count), permitted: mask,
          branch: branch, from: start)
      }
      chosen[branch] = Int32(option ?? 0)
      choices[index][row * branches.options.count + branch] = Float(chosen[branch])
      start += branches.options[branch]
    }
    branches.write(
      chosen.span, into: &part.actions, at: row * groups[index].action.discreteCount, &part.continuousActions,
      at: row * groups[index].action.continuousCount)
  }

  private mutating func randomOption(
    _ branches: ActionBranches, _ branch: Int, from start: Int, permitted mask: Span<Bool>
  ) -> Int? {
    let options = branches.options[branch]
    guard branch < branches.integers else { return exploration.integer(below: options) }
    var count = 0
    for option in 0..<options where mask[start + option] { count += 1 }
    guard count > 0 else { return nil }
    var remaining = exploration.integer(below: count)
    for option in 0..<options where mask[start + option] {
      if remaining == 0 { return option }
      remaining -= 1
    }
    return nil
  }

  public mutating func record(_ frame: borrowing VectorFrame) {
    for index in groups.indices {
      if !running.isEmpty { running[index].count(frame.groups[index]) }
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
    if case .hard(let interval) = configuration.target, step / interval > (step - advanced) / interval {
      for index in members.indices {
        for member in members[index].indices { members[index][member].copyToTarget() }
      }
    }
    guard step > configuration.warmupSteps else { return }
    let last = max(step - advanced, configuration.warmupSteps)
    let blocks = step / configuration.trainEvery - last / configuration.trainEvery
    for _ in 0..<blocks * configuration.updatesPerBlock {
      for index in members.indices {
        let normalizer = normalizer(index)
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
      if !running.isEmpty { groupLearners.set("normalization", running[index].snapshot()) }
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
      if !running.isEmpty { try copy.running[index].restore(from: try groupLearners.group("normalization")) }
      for number in members[index].indices {
        try copy.members[index][number].restore(from: try groupLearners.group("member-\(number)"))
        try copy.members[index][number].restoreReplay(from: try groupReplays.group("member-\(number)"))
      }
    }
    let random = try snapshot.group("random")
    copy.exploration = try Self.stream("exploration", in: random)
    copy.sampling = try Self.stream("sampling", in: random)
    self = copy
  }

  private static func stream(_ name: String, in snapshot: Snapshot) throws(SnapshotError) -> RandomStream {
    guard let stream = RandomStream(words: try snapshot.uint64s(name, count: 8)) else {
      throw snapshot.mismatch(name, expected: "the state of a random stream", found: "other words")
    }
    return stream
  }
}
