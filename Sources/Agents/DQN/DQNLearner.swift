import NeuralNetworks
public import Policies
import Randomness
public import ReinforcementLearning
public import Snapshots

/// Deep Q-learning with replay and a target network, for any number of agents in groups with discrete actions.
///
/// Agents of a group share one set of parameters, or own one each. Plain or double; masks count in acting and
/// in targets; truncated trajectories bootstrap from their true last observation; every slot draws its own
/// exploration, at a probability that depends on the number of environment steps alone.
///
/// Source: V. Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015.
/// Differences: Adam for RMSProp; the loss, the cadence and the target's rhythm are part of the recipe.
public struct DQNLearner: PolicyLearner {
  /// The recipe.
  public let configuration: DQNConfiguration
  private let groups: [AgentGroup]
  private let normalizers: [Normalizer]
  /// For each group, one value learner or one for each agent.
  private var members: [[ValueLearner]]
  private var exploration: RandomStream
  private var sampling: RandomStream
  private var inputs: [[Float]]
  private var values: [[Float]]
  private var workspaces: [Workspace]
  private let environments: Int

  /// A learner with random parameters.
  ///
  /// - Parameters:
  ///   - groups: the world's groups; actions must be discrete (``unsupported(_:)``).
  ///   - environments: the number of environments in a frame.
  ///   - seed: the seed of everything that the learner draws.
  public init(_ configuration: DQNConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64) {
    precondition(Self.unsupported(groups) == nil, Self.unsupported(groups) ?? "")
    self.configuration = configuration
    self.groups = groups
    self.environments = environments
    let root = RandomStream(seed: seed)
    exploration = root.split(1)
    sampling = root.split(2)
    let initial = root.split(3)
    normalizers = groups.map { group in
      switch configuration.normalization {
      case .none: .identity(group.observation.count)
      case .ranges: .ranges(of: group.observation)
      }
    }
    members = []
    inputs = []
    values = []
    workspaces = []
    for (index, group) in groups.enumerated() {
      let count = configuration.sharing == .shared ? 1 : group.count
      let stream = initial.split(UInt64(index))
      members.append(
        (0..<count).map { member in
          var stream = stream.split(UInt64(member))
          return ValueLearner(configuration, group: group, normalizer: normalizers[index], stream: &stream)
        })
      inputs.append([Float](repeating: 0, count: environments * group.count * group.observation.count))
      values.append([Float](repeating: 0, count: environments * group.count * group.action.maskCount))
      workspaces.append(
        members[index][0].network.makeWorkspace(batch: environments * group.count, training: false))
    }
  }

  /// Why a world of these groups cannot be learned by DQN; nil when it can.
  public static func unsupported(_ groups: [AgentGroup]) -> String? {
    for group in groups {
      guard case .discrete = group.action else {
        return "dqn needs discrete actions, but group \(group.name) has others"
      }
    }
    return nil
  }

  /// The memory that the replays of a learner will take when full, in bytes.
  public static func replayBytes(_ configuration: DQNConfiguration, groups: [AgentGroup]) -> Double {
    groups.reduce(0) { total, group in
      let layout = TransitionLayout(
        observations: group.observation.count, actions: 1, mask: group.action.maskCount)
      let replays = configuration.sharing == .shared ? 1 : group.count
      return total + Double(replays) * ReplayBuffer.bytes(layout: layout, capacity: configuration.replayCapacity)
    }
  }

  /// The probability of a random action after `step` environment steps.
  public func epsilon(at step: Int) -> Double {
    step < configuration.warmupSteps ? 1 : configuration.epsilon.value(at: step)
  }

  /// The policy as it is now.
  public var policies: PolicySet {
    PolicySet(
      algorithm: "dqn",
      groups: groups.indices.map { index in
        GroupPolicy(
          group: groups[index], head: .greedyValue, network: members[index][0].network,
          normalizer: normalizers[index], parameters: members[index].map(\.online))
      })
  }

  /// Begins from another policy's parameters.
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  public mutating func adopt(_ policies: PolicySet) -> String? {
    if let reason = policies.mismatch(with: groups) { return reason }
    for index in groups.indices {
      let policy = policies.groups[index]
      if !policy.isShared, members[index].count == 1 {
        return
          "the policy has parameters of its own for each agent of \(groups[index].name), the experiment shares them"
      }
      if policy.network != members[index][0].network {
        return "the policy's network for \(groups[index].name) has other layers than the experiment asks for"
      }
      if policy.normalizer != normalizers[index] {
        return "the policy's network for \(groups[index].name) reads otherwise normalised observations"
      }
    }
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
      if epsilon < 1 {
        let observations = frame.groups[index].observations
        value(index, observations.span)
      }
      let actions = groups[index].action.maskCount
      let masks = frame.groups[index].masks
      let values = values[index]
      for row in 0..<frame.groups[index].rows {
        let mask = masks.span.extracting(row * actions..<(row + 1) * actions)
        let explores = exploration.uniform() < epsilon
        let chosen =
          explores
          ? randomAction(permitted: mask)
          : greedyAction(values.span.extracting(row * actions..<(row + 1) * actions), permitted: mask)
        frame.groups[index].actions[row] = Int32(chosen ?? 0)
      }
    }
  }

  /// Computes the action values of all rows of a group.
  private mutating func value(_ index: Int, _ observations: Span<Float>) {
    let width = groups[index].observation.count
    let rows = observations.count / width
    do {
      var normalized = inputs[index].mutableSpan
      normalizers[index].apply(observations, rows: rows, into: &normalized)
    }
    let inputs = inputs[index]
    let actions = groups[index].action.maskCount
    if members[index].count == 1 {
      members[index][0].value(inputs.span, rows: rows, in: &workspaces[index])
      for offset in 0..<rows * actions { values[index][offset] = workspaces[index].outputs[offset] }
      return
    }
    for row in 0..<rows {
      let input = inputs.span.extracting(row * width..<(row + 1) * width)
      members[index][row % groups[index].count].value(input, rows: 1, in: &workspaces[index])
      for action in 0..<actions { values[index][row * actions + action] = workspaces[index].outputs[action] }
    }
  }

  private mutating func randomAction(permitted mask: Span<Bool>) -> Int? {
    var count = 0
    for action in 0..<mask.count where mask[action] { count += 1 }
    guard count > 0 else { return nil }
    var remaining = exploration.integer(below: count)
    for action in 0..<mask.count where mask[action] {
      if remaining == 0 { return action }
      remaining -= 1
    }
    return nil
  }

  public mutating func record(_ frame: borrowing VectorFrame) {
    for index in groups.indices {
      let width = groups[index].observation.count
      let actions = groups[index].action.maskCount
      let part = frame.groups[index]
      for row in 0..<part.rows where part.active[row] {
        let member = members[index].count == 1 ? 0 : row % groups[index].count
        let values = row * width..<(row + 1) * width
        members[index][member].store(
          observation: part.observations.span.extracting(values), action: part.actions[row],
          reward: part.rewards[row], nextObservation: part.nextObservations.span.extracting(values),
          nextMask: part.nextMasks.span.extracting(row * actions..<(row + 1) * actions),
          terminated: part.terminated[row], truncated: part.truncated[row])
      }
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
        for member in members[index].indices where members[index][member].replay.count > 0 {
          members[index][member].update(&sampling)
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
    let updates = members.joined().reduce(0) { $0 + $1.updates }
    func mean(_ numbers: [Double]) -> Double {
      numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
    }
    return LearningProgress(
      updates: updates,
      figures: [("loss", mean(losses)), ("q_mean", mean(values)), ("epsilon", epsilon(at: step))])
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
        groupReplays.set("member-\(number)", member.replay.snapshot())
      }
      learner.set(group.name, groupLearners)
      replays.set(group.name, groupReplays)
    }
    var random = Snapshot()
    random.set("exploration", exploration.words)
    random.set("sampling", sampling.words)
    var snapshot = Snapshot()
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
      guard groupLearners.names.count == members[index].count else {
        throw learner.mismatch(
          group.name, expected: "parameters for \(members[index].count) learners",
          found: "those of \(groupLearners.names.count)")
      }
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
