import NeuralNetworks
public import Policies
import Randomness
public import ReinforcementLearning
public import Snapshots

/// The MADDPG family: deterministic actors, and critics that may see everybody while training.
///
/// `maddpg`: joint critics; `matd3`: two of them, of which the lesser counts, delayed actors and smoothed targets;
/// `iddpg`: critics of the own observation and action; `ddpg` and `td3`: the cases of one agent. Choices are learned
/// through the straight-through Gumbel-softmax, real numbers through tanh; any action space may have both. Masks
/// count in acting, in the target actors and in the actors' updates; truncated trajectories bootstrap from their true
/// last observation.
///
/// Within an update all sets of parameters learn from the actors as they were before it (the paper's algorithm 1), so
/// that the result is the same on any number of threads.
///
/// Sources: R. Lowe et al., "Multi-agent actor-critic for mixed cooperative-competitive environments", NeurIPS 2017;
/// T. Lillicrap et al., "Continuous control with deep reinforcement learning", ICLR 2016; S. Fujimoto et al.,
/// "Addressing function approximation error in actor-critic methods", ICML 2018; J. Ackermann et al., "Reducing
/// overestimation bias in multi-agent domains using double centralized critics", 2019.
public struct MADDPGLearner: PolicyLearner {
  /// The recipe.
  public let configuration: MADDPGConfiguration
  private var workers = 1
  let groups: [AgentGroup]
  private let outputs: [ActorOutputs]
  private var normalizers: GroupNormalizers
  private var replay: JointReplay
  var members: [ActorCritic]
  /// Where all learn from the same transitions, these.
  private var shared: PreparedBatch
  private var drawn: DrawnRows
  private var published: [PublishedActor]
  private var exploring: [ExploringActors]
  private var exploration, sampling: RandomStream

  /// A learner with random parameters.
  ///
  /// - Parameters:
  ///   - groups: the world's groups; their actions must fit (``unsupported(_:groups:)``).
  ///   - environments: the number of environments in a frame.
  ///   - seed: the seed of everything that the learner draws.
  public init(_ configuration: MADDPGConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64) {
    let reason = Self.unsupported(configuration, groups: groups)
    precondition(reason == nil, reason ?? "")
    self.configuration = configuration
    self.groups = groups
    let outputs = groups.compactMap { ActorOutputs($0.action) }
    self.outputs = outputs
    let root = RandomStream(seed: seed)
    exploration = root.split(1)
    sampling = root.split(2)
    let (own, decisions) = (root.split(3), root.split(4))
    normalizers = GroupNormalizers(configuration.normalization, groups)
    let replay = JointReplay(groups, environments: environments, capacity: configuration.replayCapacity)
    self.replay = replay
    let networks = zip(groups, outputs).map {
      configuration.actorNetwork(inputs: $0.observation.count, outputs: $1.count)
    }
    let batches = Self.places(configuration, groups).enumerated().map { index, place in
      AgentBatch(
        place, groups[place.group], outputs: outputs[place.group], network: networks[place.group],
        batchSize: configuration.batchSize, replay: replay, stream: decisions.split(UInt64(index)))
    }
    let sharesIndices = configuration.indices == .shared
    members = batches.enumerated().map { index, batch in
      ActorCritic(
        configuration, batch.place, network: networks[batch.place.group], among: batches, drawsItself: !sharesIndices,
        stream: own.split(UInt64(index)))
    }
    shared = PreparedBatch(sharesIndices ? batches : [], configuration)
    drawn = DrawnRows(size: configuration.batchSize)
    published = members.map { PublishedActor(online: $0.actor.online, target: $0.actor.target) }
    exploring = groups.indices.map { index in
      ExploringActors(
        groups[index], outputs: outputs[index], network: networks[index], environments: environments,
        noise: configuration.noise)
    }
  }

  /// The sets of parameters in the order of the world.
  private static func places(_ configuration: MADDPGConfiguration, _ groups: [AgentGroup]) -> [Place] {
    groups.enumerated().flatMap { index, group in
      configuration.sharing == .shared
        ? [Place(group: index, member: 0, slots: 0..<group.count)]
        : (0..<group.count).map { Place(group: index, member: $0, slots: $0..<$0 + 1) }
    }
  }

  /// Why a world of these groups cannot be learned by a recipe; nil when it can.
  public static func unsupported(_ configuration: MADDPGConfiguration, groups: [AgentGroup]) -> String? {
    for group in groups where ActorOutputs(group.action) == nil {
      return "group \(group.name) has a real number without a lowest or a highest value in its actions"
    }
    return nil
  }

  /// The memory of a full replay and of an update's rows, in bytes.
  public static func bytes(_ configuration: MADDPGConfiguration, groups: [AgentGroup]) -> Double {
    let agents = groups.map { Double($0.count) }
    let widths = groups.map { Double($0.observation.count + (ActorOutputs($0.action)?.count ?? 0)) }
    let joint = zip(agents, widths).reduce(0) { $0 + $1.0 * $1.1 }
    let all = agents.reduce(0, +)
    let sets = configuration.sharing == .shared ? Double(groups.count) : all
    let size = Double(configuration.batchSize)
    let drawn = (configuration.indices == .shared ? 1 : sets) * 3 * joint * size
    let read: Double =
      switch configuration.critic {
      case .joint: all * joint * size
      case .own: joint * size
      case .pooled(let width): (joint * sets + all * Double(width) * sets) * size
      }
    let hidden = Double(configuration.criticHidden.reduce(0, +) + configuration.actorHidden.reduce(0, +))
    return JointReplay.bytes(groups, capacity: configuration.replayCapacity)
      + 4 * (drawn + 2 * read + 2 * all * size * hidden)
  }

  /// The policy as it is now: without noise.
  public var policies: PolicySet {
    PolicySet(
      algorithm: configuration.name,
      groups: groups.indices.map { index in
        let own = members.filter { $0.place.group == index }
        return GroupPolicy(
          group: groups[index], head: .actor, network: own[0].network, normalizer: normalizers[index],
          parameters: own.map(\.actor.online))
      })
  }

  /// Begins from another policy's actors, with running normalisation from its normaliser too; critics stay random.
  ///
  /// - Returns: why that policy does not fit, or nil when it was adopted.
  public mutating func adopt(_ policies: PolicySet) -> String? {
    if let reason = policies.mismatch(with: groups) { return reason }
    var normalizers = normalizers
    for index in groups.indices {
      let policy = policies.groups[index]
      let own = members.filter { $0.place.group == index }
      let isShared = own.count == 1 && groups[index].count > 1
      if let misfit = policy.actorMisfit(network: own[0].network, isShared: isShared) { return misfit }
      if !normalizers.adopt(policy.normalizer, group: index) { return policy.otherwiseNormalized }
    }
    self.normalizers = normalizers
    for index in members.indices {
      let policy = policies.groups[members[index].place.group]
      members[index].adopt(policy.parameters[policy.isShared ? 0 : members[index].place.member])
    }
    return nil
  }

  public mutating func act(_ frame: inout VectorFrame, step: Int) {
    let isRandom = step < configuration.randomSteps
    let deviation = configuration.noise.deviation.value(at: step)
    let randomChoice = configuration.randomChoice.value(at: step)
    var member = 0
    for index in groups.indices {
      if isRandom {
        exploring[index].decideAtRandom(&frame.groups[index], using: &exploration)
        continue
      }
      exploring[index].read(frame.groups[index], through: normalizers[index])
      while member < members.count, members[member].place.group == index {
        exploring[index].evaluate(members[member].place.slots, under: members[member].actor.online)
        member += 1
      }
      exploring[index].decide(
        &frame.groups[index], deviation: deviation, randomChoice: randomChoice, using: &exploration)
    }
  }

  public mutating func record(_ frame: borrowing VectorFrame) {
    for index in groups.indices { normalizers.count(frame.groups[index], group: index) }
    replay.record(frame)
    for index in exploring.indices where exploring[index].process != nil {
      for row in 0..<frame.groups[index].rows {
        let part = frame.groups[index].terminated[row] || frame.groups[index].truncated[row]
        if part || !frame.groups[index].active[row] || frame.episodeOver[row / groups[index].count] {
          exploring[index].process?.reset(row: row)
        }
      }
    }
  }

  public mutating func update(step: Int, advanced: Int) {
    let rhythm = UpdateRhythm(
      warmupSteps: configuration.warmupSteps, trainEvery: configuration.trainEvery,
      updatesPerBlock: configuration.updatesPerBlock)
    guard replay.count > 0 else { return }
    for _ in 0..<rhythm.updates(step: step, advanced: advanced) { updateOnce(step) }
  }

  private mutating func updateOnce(_ step: Int) {
    for index in members.indices {
      published[index].target.copy(from: members[index].actor.target)
      if configuration.others == .current { published[index].online.copy(from: members[index].actor.online) }
    }
    let (recipe, replay, normalizers, actors) = (configuration, replay, normalizers, published)
    let temperature = Float(recipe.temperature.value(at: step))
    guard recipe.indices == .shared else {
      forEach(of: &members, workers: workers) { _, member in
        member.updateAlone(replay, normalizers, actors, recipe, temperature: temperature)
      }
      return
    }
    drawn.draw(from: replay, using: &sampling)
    let rows = drawn
    forEach(of: &shared.agents, workers: workers) { index, batch in
      batch.prepare(rows, of: replay, through: normalizers[batch.place.group], actors[index], recipe)
    }
    loadJoint()
    let prepared = shared
    forEach(of: &members, workers: workers) { _, member in
      member.update(prepared, recipe, temperature: temperature)
    }
  }

  private mutating func loadJoint() {
    let agents = shared.agents
    forEach(of: &shared.joint, workers: workers) { _, rows in rows.load(agents) }
  }

  public mutating func use(workers: Int) { self.workers = max(workers, 1) }

  public mutating func progress(step: Int) -> LearningProgress {
    var sums: [ActorCritic.Sums] = []
    for index in members.indices {
      if let figures = members[index].takeFigures() { sums.append(figures) }
    }
    func mean(_ part: (ActorCritic.Sums) -> (Double, Int)) -> Double {
      let means = sums.map(part).filter { $0.1 > 0 }.map { $0.0 / Double($0.1) }
      return means.isEmpty ? .nan : means.reduce(0, +) / Double(means.count)
    }
    let loss = mean { ($0.criticLoss, $0.criticUpdates) }
    return LearningProgress(
      updates: members.reduce(0) { $0 + $1.critics[0].updates },
      figures: [
        ("critic_loss", loss), ("q_mean", mean { ($0.value, $0.criticUpdates) }),
        ("actor_loss", mean { ($0.actorLoss, $0.actorUpdates) }),
        ("noise", configuration.noise.deviation.value(at: step)),
        ("temperature", configuration.temperature.value(at: step)),
      ],
      hasDiverged: sums.contains { !$0.criticLoss.isFinite || !$0.actorLoss.isFinite })
  }
}

/// The complete state: `learner`, `replay` and `random` groups of a checkpoint.
extension MADDPGLearner {
  public func snapshot() -> Snapshot {
    var learner = Snapshot()
    for (index, group) in groups.enumerated() {
      var own = Snapshot()
      for member in members where member.place.group == index {
        own.set("member-\(member.place.member)", member.snapshot())
      }
      if let map = normalizers.snapshot(group: index) { own.set("normalization", map) }
      if let process = exploring[index].process { own.set("noise", process.snapshot()) }
      learner.set(group.name, own)
    }
    var random = Snapshot()
    random.set("exploration", exploration.words)
    random.set("sampling", sampling.words)
    random.set("decisions", shared.agents.flatMap(\.stream.words))
    var snapshot = Snapshot()
    snapshot.set("learner", learner)
    snapshot.set("replay", replay.snapshot())
    snapshot.set("random", random)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let learner = try snapshot.group("learner")
    for (index, group) in groups.enumerated() {
      let own = try learner.group(group.name)
      let found = own.names.count { $0.hasPrefix("member-") }
      let wanted = members.count { $0.place.group == index }
      guard found == wanted else {
        throw learner.mismatch(group.name, expected: "parameters for \(wanted) learners", found: "those of \(found)")
      }
      try copy.normalizers.restore(group: index, from: "normalization", in: own)
      if exploring[index].process != nil { try copy.exploring[index].process?.restore(from: try own.group("noise")) }
    }
    for index in members.indices {
      let place = members[index].place
      let own = try learner.group(groups[place.group].name)
      try copy.members[index].restore(from: try own.group("member-\(place.member)"))
    }
    try copy.replay.restore(from: try snapshot.group("replay"))
    let random = try snapshot.group("random")
    copy.exploration = try random.stream("exploration")
    copy.sampling = try random.stream("sampling")
    try copy.shared.agents.restoreStreams(named: "decisions", in: random)
    self = copy
  }
}
