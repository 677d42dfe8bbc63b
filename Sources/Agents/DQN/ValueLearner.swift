import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// A value function with the memory that it learns from: transitions, or sequences where it is recurrent.
struct ValueLearner: Sendable {
  private(set) var function: ValueFunction
  private var transitions: TransitionMemory?
  private var sequences: SequenceMemory?

  /// - Parameter slots: the number of rows of a frame that may be stored here.
  init(
    _ configuration: DQNConfiguration, group: AgentGroup, branches: ActionBranches, normalizer: Normalizer,
    slots: Int, stream: inout RandomStream
  ) {
    let network = configuration.network(inputs: group.observation.count, branches: branches)
    let batch = configuration.batchSize
    if let recurrence = configuration.recurrence {
      let rows = batch * (recurrence.burnIn + recurrence.length + 1)
      function = ValueFunction(
        configuration, network: network, onlineRows: rows, targetRows: rows, stream: &stream)
      sequences = SequenceMemory(
        configuration, recurrence, group: group, branches: branches, normalizer: normalizer,
        stateCount: network.stateCount, slots: slots)
    } else {
      function = ValueFunction(
        configuration, network: network, onlineRows: configuration.doubleQ ? 2 * batch : batch, targetRows: batch,
        stream: &stream)
      transitions = TransitionMemory(
        configuration, group: group, branches: branches, normalizer: normalizer, slots: slots)
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
    transitions?.store(part, row: row, slot: slot, choices: choices)
    sequences?.store(part, row: row, slot: slot, choices: choices, state: state)
  }

  /// One gradient step on a drawn batch.
  mutating func update(step: Int, _ stream: inout RandomStream) {
    transitions?.update(&function, step: step, &stream)
    sequences?.update(&function, step: step, &stream)
  }

  func replaySnapshot() -> Snapshot { transitions?.snapshot() ?? sequences?.snapshot() ?? Snapshot() }

  mutating func restoreReplay(from snapshot: Snapshot) throws(SnapshotError) {
    if transitions != nil { try transitions?.restore(from: snapshot) }
    if sequences != nil { try sequences?.restore(from: snapshot) }
  }
}

extension ValueLearner: Restorable {
  /// What is learned; the replay is ``replaySnapshot()``.
  func snapshot() -> Snapshot { function.snapshot() }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try function.restore(from: snapshot) }
}
