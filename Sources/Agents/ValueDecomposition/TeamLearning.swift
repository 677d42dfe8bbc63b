import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// What a team learns from and with: one replay, all parameters in one vector, and the update.
///
/// The loss of a transition is that of Q_tot(s, a) against r + γ · Q_tot⁻(s′, a′), where each agent's a′ is its best
/// permitted action: by its target network, or by its online network for double Q-learning. Where nobody remains,
/// the target is r. An agent that was not there, or goes on no more, brings 0 to the sum or to the mixing.
struct TeamLearning: Sendable {
  private let configuration: ValueDecompositionConfiguration
  private(set) var members: [TeamMember]
  var parameters: TrainedParameters
  private(set) var replay: TeamReplay
  /// The first column of each member's agents in the state.
  private let stateStarts: [Int]
  private let agentCount: Int
  private(set) var mixer: TeamMixer
  private var rewardScaling: RewardScaling?
  /// What an update draws.
  private var rows: [Int]
  private var rewards, terminated: [Float]
  private var touched: UInt32 = 0
  /// Sums since the last ``takeFigures()``: loss, Q_tot, updates.
  private var sums = (loss: 0.0, total: 0.0, count: 0)

  /// - Parameters:
  ///   - environments: the number of environments in a frame.
  ///   - stream: random numbers of the initial parameters.
  init(
    _ configuration: ValueDecompositionConfiguration, groups: [AgentGroup], branches: [ActionBranches],
    environments: Int, stream: RandomStream
  ) {
    self.configuration = configuration
    let agents = configuration.agents
    let layout = TeamLayout(groups, choices: branches.map(\.options.count))
    replay = TeamReplay(layout: layout, capacity: agents.replayCapacity)
    var (members, starts, names): ([TeamMember], [Int], ParameterLayout) = ([], [], ParameterLayout())
    var (values, state, first): ([Float], Int, Int) = ([], 0, 0)
    for (index, group) in groups.enumerated() {
      let stretches = agents.sharing == .shared ? [0..<group.count] : (0..<group.count).map { $0..<$0 + 1 }
      for (number, slots) in stretches.enumerated() {
        let member = TeamMember(
          agents, group: index, slots: slots, firstAgent: first + slots.lowerBound, start: values.count,
          branches: branches[index], layout: layout.groups[index])
        var stream = stream.split(UInt64(index)).split(UInt64(number))
        values += member.network.initialParameters(agents.initialization, using: &stream).values
        names.append("\(group.name).\(number)", shape: [member.range.count])
        members.append(member)
        starts.append(state + slots.lowerBound * group.observation.count)
      }
      state += group.count * group.observation.count
      first += group.count
    }
    mixer = TeamMixer(
      configuration.mixing, agents: first, state: state, start: values.count, batch: agents.batchSize)
    if let network = mixer.network {
      var stream = stream.split(UInt64(groups.count))
      values += network.initialParameters(agents.initialization, using: &stream)
      names.append("mixing", shape: [network.parameterCount])
    }
    parameters = TrainedParameters(ParameterVector(layout: names, values: values), agents.descent)
    rows = [Int](repeating: 0, count: agents.batchSize)
    rewards = [Float](repeating: 0, count: agents.batchSize)
    terminated = rewards
    rewardScaling =
      agents.scalesRewards ? RewardScaling(discount: Double(agents.discount), slots: environments) : nil
    self.members = members
    stateStarts = starts
    agentCount = first
  }

  /// The parameters of one member.
  func online(_ member: Int) -> ParameterVector {
    ParameterVector(
      layout: members[member].network.layout, values: Array(parameters.online.values[members[member].range]))
  }

  /// Begins from other parameters of the members than random ones; the mixing keeps its own.
  mutating func adopt(_ others: [ParameterVector]) {
    var online = parameters.online
    for (member, other) in zip(members, others) { online.values.replaceSubrange(member.range, with: other.values) }
    parameters.adopt(online)
  }

  mutating func copyToTarget() { parameters.moveTarget(by: 1) }

  /// Stores what came of every environment's step.
  ///
  /// - Parameter choices: for each group the option taken in each branch of each row.
  mutating func store(_ frame: borrowing VectorFrame, choices: [[Float]]) {
    for environment in 0..<frame.environments {
      let reward = configuration.reward.value(frame, environment: environment)
      guard replay.append(frame, environment: environment, choices: choices, reward: reward) else { continue }
      rewardScaling?.add(reward, slot: environment, ends: frame.episodeOver[environment])
    }
  }

  /// One gradient step on a drawn batch.
  mutating func update(through normalizers: borrowing GroupNormalizers, _ stream: inout RandomStream) {
    let stored = replay.count
    for position in rows.indices { rows[position] = stream.integer(below: stored) }
    gather(normalizers)
    evaluate()
    let figures = compare()
    differentiate()
    parameters.descend(dragging: configuration.agents.target.fraction)
    sums.loss += figures.loss
    sums.total += figures.total
    sums.count += 1
  }

  private mutating func gather(_ normalizers: borrowing GroupNormalizers) {
    let (layout, rows) = (replay.layout, rows)
    touched = replay.touch(rows: rows.span)
    let factor = Float(rewardScaling?.factor ?? 1)
    for row in rows.indices {
      rewards[row] = factor * replay.value(row: rows[row], column: layout.reward.lowerBound)
      terminated[row] = replay.value(row: rows[row], column: layout.terminated.lowerBound)
    }
    let width = mixer.stateCount
    for index in members.indices {
      members[index].gather(rows, of: replay, through: normalizers[members[index].group])
      guard width > 0 else { continue }
      members[index].writeStates(following: false, into: &mixer.states, width: width, from: stateStarts[index])
      members[index].writeStates(following: true, into: &mixer.nextStates, width: width, from: stateStarts[index])
    }
  }

  /// The agents' values, and Q_tot of them.
  private mutating func evaluate() {
    let (online, target) = (parameters.online.values, parameters.target.values)
    for index in members.indices {
      members[index].evaluate(online: online, target: target)
      members[index].writeValues(into: &mixer.values, next: &mixer.nextValues, agents: agentCount)
    }
    mixer.mix(online: online, target: target)
  }

  /// Writes the derivatives of the mean loss by Q_tot.
  private mutating func compare() -> (loss: Double, total: Double) {
    let (discount, loss) = (configuration.agents.discount, configuration.agents.loss)
    var sums = (loss: 0.0, total: 0.0)
    for row in rows.indices {
      let following = terminated[row] != 0 ? 0 : discount * mixer.nextTotals[row]
      let error = mixer.totals[row] - (rewards[row] + following)
      mixer.slopes[row] = loss.derivative(error) / Float(rows.count)
      sums.loss += Double(loss.value(error))
      sums.total += Double(mixer.totals[row])
    }
    return (sums.loss / Double(rows.count), sums.total / Double(rows.count))
  }

  /// Propagates the derivatives back through the mixing and all members.
  private mutating func differentiate() {
    let online = parameters.online.values
    mixer.differentiate(online: online, gradient: &parameters.gradient.values)
    let slopes = mixer.valueGradients
    for index in members.indices {
      members[index].differentiate(slopes, agents: agentCount, online: online, gradient: &parameters.gradient.values)
    }
  }

  /// Mean loss and mean Q_tot since the last call; nil without updates.
  mutating func takeFigures() -> (loss: Double, total: Double)? {
    defer { sums = (0, 0, 0) }
    return sums.count == 0 ? nil : (sums.loss / Double(sums.count), sums.total / Double(sums.count))
  }
}

extension TeamLearning: Restorable {
  /// What is learned; the replay is ``replaySnapshot()``.
  func snapshot() -> Snapshot {
    var snapshot = parameters.snapshot()
    snapshot.set("figures", [sums.loss, sums.total, Double(sums.count)])
    if let rewardScaling { snapshot.set("rewards", rewardScaling.snapshot()) }
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.parameters.restore(from: snapshot)
    let figures = try snapshot.doubles("figures", count: 3)
    guard let count = Int(exactly: figures[2]), count >= 0 else {
      throw snapshot.mismatch("figures", expected: "two sums and a number of updates", found: "\(figures)")
    }
    copy.sums = (figures[0], figures[1], count)
    if rewardScaling != nil { try copy.rewardScaling?.restore(from: try snapshot.group("rewards")) }
    self = copy
  }

  func replaySnapshot() -> Snapshot { replay.snapshot() }

  mutating func restoreReplay(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = replay
    try copy.restore(from: snapshot)
    for row in 0..<copy.count where !members.allSatisfy({ $0.knows(row, of: copy) }) {
      throw snapshot.mismatch(
        "rows", expected: "known actions and a permitted next one for whoever remains", found: "others in row \(row)")
    }
    replay = copy
  }
}
