import NeuralNetworks
public import Policies
import Randomness
public import ReinforcementLearning
public import Snapshots

/// Proximal policy optimisation for any number of agents in groups, with critics of their own observations (IPPO) or of
/// all agents' (MAPPO).
///
/// Agents of a group share actor and critic, or own one each. A rollout is complete when `rollout_steps` steps of
/// every environment are recorded; then every set of parameters learns from it by itself, in several epochs of
/// minibatches, and the rollout is forgotten. Masks count in acting, probabilities and entropies. A terminated
/// trajectory is worth nothing more, a truncated one what its true last observation promises, and so is one that the
/// rollout's end cuts; empty slots are not learned from. What newcomers see is not known when the rollout ends with
/// their arrival: a central critic's last value takes their slots as empty.
///
/// Sources: J. Schulman et al., "Proximal policy optimization algorithms", arXiv 1707.06347, 2017; C. Schroeder de Witt
/// et al., "Is independent learning all you need in the StarCraft multi-agent challenge?", arXiv 2011.09533, 2020; C. Yu
/// et al., "The surprising effectiveness of PPO in cooperative multi-agent games", NeurIPS 2022. Differences: returns
/// move their running mean once a rollout; step sizes follow environment steps; no recurrence.
public struct PPOLearner: PolicyLearner {
  /// The recipe.
  public let configuration: PPOConfiguration
  let groups: [AgentGroup]
  private var normalizers: GroupNormalizers
  /// For each group, one set of parameters or one for each agent.
  var members: [[ProximalActorCritic]]
  private var rollouts: [ObservedRollout]
  /// Recorded steps of the running rollout.
  private var filled = 0

  /// A learner with random parameters.
  ///
  /// - Parameters:
  ///   - groups: the world's groups; their actions must fit (``unsupported(_:groups:)``).
  ///   - environments: the number of environments in a frame.
  ///   - seed: the seed of everything that the learner draws.
  public init(_ configuration: PPOConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64) {
    let reason = Self.unsupported(configuration, groups: groups)
    precondition(reason == nil, reason ?? "")
    self.configuration = configuration
    self.groups = groups
    normalizers = GroupNormalizers(configuration.normalization, groups)
    rollouts = groups.map {
      ObservedRollout(
        $0, environments: environments, steps: configuration.rolloutSteps,
        isAdvised: configuration.prior != nil)
    }
    let root = RandomStream(seed: seed)
    members = groups.indices.map { index in
      let outputs = ActorOutputs(groups[index].action)
      precondition(outputs != nil, "the actions of \(groups[index].name) have a range without end")
      let stream = root.split(UInt64(index))
      return (0..<(configuration.sharing == .shared ? 1 : groups[index].count)).compactMap { member in
        outputs.map {
          ProximalActorCritic(
            configuration, groups: groups, group: index, member: configuration.sharing == .shared ? nil : member,
            outputs: $0, environments: environments, stream: stream.split(UInt64(member)))
        }
      }
    }
  }

  /// Why a world of these groups cannot be learned by a recipe; nil when it can.
  public static func unsupported(_ configuration: PPOConfiguration, groups: [AgentGroup]) -> String? {
    for group in groups {
      guard let outputs = ActorOutputs(group.action) else {
        return "group \(group.name) has real numbers without end in its actions; their ranges must be finite"
      }
      if !outputs.ranges.isEmpty, configuration.initialDeviation == nil {
        return "group \(group.name) has real numbers in its actions, which need algorithm.initial_deviation"
      }
      if configuration.prior != nil, outputs.choices.isEmpty {
        return "group \(group.name) has no choices in its actions, of which algorithm.prior could say anything"
      }
    }
    return nil
  }

  /// The memory that a rollout takes, in bytes.
  public static func rolloutBytes(
    _ configuration: PPOConfiguration, groups: [AgentGroup], environments: Int
  ) -> Double {
    groups.reduce(0) { total, group in
      let action = group.action
      let seen = 4 * group.observation.count + (configuration.prior == nil ? 1 : 5) * action.maskCount
      // Log-probability, reward, bootstrap, value, advantage, target, order and kind.
      let taken = 4 * (action.discreteCount + action.continuousCount) + 7 * 4 + 1
      return total + Double(configuration.rolloutSteps) * Double(environments * group.count) * Double(seen + taken)
    }
  }

  /// The policy as it is now: the actors without noise.
  public var policies: PolicySet {
    PolicySet(
      algorithm: configuration.name,
      groups: groups.indices.map { index in
        GroupPolicy(
          group: groups[index], head: .actor, network: members[index][0].actor.network,
          normalizer: normalizers[index], parameters: members[index].map(\.actor.policy))
      })
  }

  /// Begins from another policy's actors; with running normalisation from its normaliser too, which new observations
  /// then move (``RunningNormalizer/adopt(_:)``). Critics and deviations stay as they are.
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  public mutating func adopt(_ policies: PolicySet) -> String? {
    if let reason = policies.mismatch(with: groups) { return reason }
    var normalizers = normalizers
    for index in groups.indices {
      let policy = policies.groups[index]
      let own = members[index]
      let isShared = own.count == 1 && groups[index].count > 1
      if let misfit = policy.actorMisfit(network: own[0].actor.network, isShared: isShared) { return misfit }
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
    let isAdvised = frame.groups.allSatisfy { !$0.advice.isEmpty }
    precondition(configuration.prior == nil || isAdvised, "a prior is asked for in a world that has none")
    let moment = max(0, step - filled * frame.environments)
    for index in groups.indices {
      let normalizer = normalizers[index]
      rollouts[index].see(frame.groups[index], at: filled, through: normalizer)
    }
    for index in groups.indices {
      for member in members[index].indices {
        members[index][member].act(&frame.groups[index], at: filled, from: rollouts, moment: moment)
      }
    }
  }

  public mutating func record(_ frame: borrowing VectorFrame) {
    let isLast = filled == configuration.rolloutSteps - 1
    for index in groups.indices {
      let episodeOver = frame.episodeOver
      for member in members[index].indices {
        members[index][member].record(frame.groups[index], episodeOver: episodeOver, at: filled, isLast: isLast)
      }
    }
    if isLast || Self.isCut(frame) {
      for index in groups.indices {
        let normalizer = normalizers[index]
        rollouts[index].seeNext(frame.groups[index], through: normalizer)
      }
      for index in groups.indices {
        for member in members[index].indices { members[index][member].bootstrap(at: filled, from: rollouts) }
      }
    }
    for index in groups.indices { normalizers.count(frame.groups[index], group: index) }
    filled += 1
  }

  /// Whether a step cut a trajectory.
  private static func isCut(_ frame: borrowing VectorFrame) -> Bool {
    if frame.episodeOver.contains(true) { return true }
    for index in frame.groups.indices where frame.groups[index].truncated.contains(true) { return true }
    return false
  }

  public mutating func update(step: Int, advanced: Int) {
    guard filled == configuration.rolloutSteps else { return }
    filled = 0
    let moment = max(0, step - advanced * configuration.rolloutSteps)
    for index in members.indices {
      for member in members[index].indices { members[index][member].update(from: rollouts, moment: moment) }
    }
  }

  public mutating func progress(step: Int) -> LearningProgress {
    var figures = PPOFigures(hasPrior: configuration.prior != nil)
    for index in members.indices {
      for member in members[index].indices { figures.merge(members[index][member].takeFigures()) }
    }
    return LearningProgress(
      updates: members.joined().reduce(0) { $0 + $1.updates }, figures: figures.named,
      hasDiverged: figures.haveDiverged)
  }

  /// What the critics expect of the future of each row of a group, in the rewards' unit, as a frame shows it before
  /// its step. Allocates.
  public func values(of frame: borrowing VectorFrame, group: Int) -> [Float] {
    var rollouts = rollouts
    for index in groups.indices {
      let normalizer = normalizers[index]
      rollouts[index].see(frame.groups[index], at: 0, through: normalizer)
    }
    let stride = members[group].count
    var values = [Float](repeating: 0, count: frame.groups[group].rows)
    for (member, own) in members[group].enumerated() {
      for (slot, value) in own.values(at: 0, from: rollouts).enumerated() { values[slot * stride + member] = value }
    }
    return values
  }
}

/// The complete state: `learner`, `rollout` and `random` groups of a checkpoint.
extension PPOLearner {
  public func snapshot() -> Snapshot {
    var learner = Snapshot()
    var rollout = Snapshot()
    var random = Snapshot()
    rollout.set("filled", integer: filled)
    for (index, group) in groups.enumerated() {
      var (learners, taken, streams) = (Snapshot(), Snapshot(), Snapshot())
      for (number, member) in members[index].enumerated() {
        learners.set("member-\(number)", member.snapshot())
        taken.set("member-\(number)", member.rolloutSnapshot(filled: filled))
        streams.set("member-\(number)", member.randomSnapshot())
      }
      if let map = normalizers.snapshot(group: index) { learners.set("normalization", map) }
      taken.set("observed", rollouts[index].snapshot(filled: filled))
      learner.set(group.name, learners)
      rollout.set(group.name, taken)
      random.set(group.name, streams)
    }
    var snapshot = Snapshot()
    snapshot.set("learner", learner)
    snapshot.set("rollout", rollout)
    snapshot.set("random", random)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let learner = try snapshot.group("learner")
    let rollout = try snapshot.group("rollout")
    let random = try snapshot.group("random")
    let filled = try rollout.integer("filled")
    guard (0..<configuration.rolloutSteps).contains(filled) else {
      throw rollout.mismatch("filled", expected: "fewer steps than \(configuration.rolloutSteps)", found: "\(filled)")
    }
    copy.filled = filled
    for (index, group) in groups.enumerated() {
      let learners = try learner.group(group.name)
      let taken = try rollout.group(group.name)
      let streams = try random.group(group.name)
      let found = learners.names.count { $0.hasPrefix("member-") }
      guard found == members[index].count else {
        throw learner.mismatch(
          group.name, expected: "parameters for \(members[index].count) learners", found: "those of \(found)")
      }
      try copy.normalizers.restore(group: index, from: "normalization", in: learners)
      try copy.rollouts[index].restore(from: try taken.group("observed"), filled: filled)
      for number in members[index].indices {
        let name = "member-\(number)"
        try copy.members[index][number].restore(from: try learners.group(name))
        try copy.members[index][number].restoreRollout(from: try taken.group(name), filled: filled)
        try copy.members[index][number].restoreRandom(from: try streams.group(name))
      }
    }
    self = copy
  }
}
