import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// A value function with the memory that it learns from: transitions, or sequences where it is recurrent.
struct ValueLearner: Sendable {
  var function: ValueFunction
  private var transitions: TransitionMemory?
  private var sequences: SequenceMemory?
  private var rewards: RewardScaling?

  /// - Parameter slots: the number of rows of a frame that may be stored here.
  init(
    _ configuration: DQNConfiguration, group: AgentGroup, branches: ActionBranches, slots: Int,
    stream: inout RandomStream
  ) {
    let network = configuration.network(inputs: group.observation.count, branches: branches)
    let batch = configuration.batchSize
    if configuration.scalesRewards {
      rewards = RewardScaling(discount: Double(configuration.discount), slots: slots)
    }
    if let recurrence = configuration.recurrence {
      let rows = batch * (recurrence.burnIn + recurrence.length + 1)
      function = ValueFunction(
        configuration, network: network, onlineRows: rows, targetRows: rows, stream: &stream)
      sequences = SequenceMemory(
        configuration, recurrence, group: group, branches: branches, stateCount: network.stateCount,
        slots: slots)
    } else {
      function = ValueFunction(
        configuration, network: network, onlineRows: configuration.doubleQ ? 2 * batch : batch, targetRows: batch,
        stream: &stream)
      transitions = TransitionMemory(configuration, group: group, branches: branches, slots: slots)
    }
  }

  /// The memory that stored experience will take when full, in bytes.
  static func bytes(_ configuration: DQNConfiguration, group: AgentGroup, _ branches: ActionBranches) -> Double {
    if let recurrence = configuration.recurrence {
      return SequenceMemory.bytes(configuration, recurrence, group: group, branches)
    }
    return TransitionMemory.bytes(configuration, group: group, branches)
  }

  /// Whether there is something to learn from.
  var canUpdate: Bool { (transitions?.replay.count ?? 0) > 0 || (sequences?.count ?? 0) > 0 }

  mutating func adopt(_ parameters: ParameterVector) { function.adopt(parameters) }

  mutating func copyToTarget() { function.copyToTarget() }

  mutating func takeFigures() -> (loss: Double, value: Double)? { function.takeFigures() }

  /// Stores what came of one row of a frame.
  ///
  /// - Parameters:
  ///   - slot: the row's place among those that are stored here.
  ///   - choices: the option taken in each branch.
  ///   - state: the recurrent state before the step.
  mutating func store(
    _ part: borrowing VectorFrame.Group, row: Int, slot: Int, choices: Span<Float>, state: Span<Float>
  ) {
    rewards?.add(part.rewards[row], slot: slot, ends: part.terminated[row] || part.truncated[row])
    transitions?.store(part, row: row, slot: slot, choices: choices)
    sequences?.store(part, row: row, slot: slot, choices: choices, state: state)
  }

  /// One gradient step on a drawn batch.
  ///
  /// - Parameters:
  ///   - step: environment steps done.
  ///   - normalizer: what the network reads, as it is now.
  mutating func update(step: Int, through normalizer: borrowing Normalizer, _ stream: inout RandomStream) {
    let factor = Float(rewards?.factor ?? 1)
    transitions?.update(&function, step: step, through: normalizer, rewardFactor: factor, &stream)
    sequences?.update(&function, step: step, through: normalizer, rewardFactor: factor, &stream)
  }

  func replaySnapshot() -> Snapshot { transitions?.snapshot() ?? sequences?.snapshot() ?? Snapshot() }

  mutating func restoreReplay(from snapshot: Snapshot) throws(SnapshotError) {
    if transitions != nil { try transitions?.restore(from: snapshot) }
    if sequences != nil { try sequences?.restore(from: snapshot) }
  }
}

extension ValueLearner: Restorable {
  /// What is learned; the replay is ``replaySnapshot()``.
  func snapshot() -> Snapshot {
    var snapshot = function.snapshot()
    if let rewards { snapshot.set("rewards", rewards.snapshot()) }
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.function.restore(from: snapshot)
    if rewards != nil { try copy.rewards?.restore(from: try snapshot.group("rewards")) }
    self = copy
  }
}
