import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// One set of action-value parameters with all that improves it: target, optimizer, replay and working memory.
struct ValueLearner: Sendable, Restorable {
  let network: Network
  private(set) var online: ParameterVector
  private(set) var target: ParameterVector
  private(set) var replay: ReplayBuffer
  private(set) var updates = 0
  /// Sums since the last ``takeFigures()``: loss, mean chosen value, updates.
  private var sums = (loss: 0.0, value: 0.0, count: 0)
  private var optimizer: Adam
  private let clipping: GradientClipping
  private let configuration: DQNConfiguration
  private let normalizer: Normalizer
  private var workspace: Workspace
  private var batch: Batch

  /// What an update reads and writes, taken once.
  private struct Batch: Sendable {
    var rows: [Int]
    var observations, inputs: [Float]
    var nextMasks: [Float]
    var actions, rewards, terminated, targets: [Float]
    var selection: [Float]
    var targetValues: [Float]
    var gradient: ParameterVector

    var size: Int { rows.count }

    init(size: Int, observations width: Int, actions count: Int, layout: ParameterLayout) {
      rows = [Int](repeating: 0, count: size)
      observations = [Float](repeating: 0, count: size * width)
      inputs = observations
      nextMasks = [Float](repeating: 0, count: size * count)
      actions = [Float](repeating: 0, count: size)
      rewards = actions
      terminated = actions
      targets = actions
      selection = nextMasks
      targetValues = nextMasks
      gradient = ParameterVector(layout: layout)
    }
  }

  init(
    _ configuration: DQNConfiguration, group: AgentGroup, normalizer: Normalizer, stream: inout RandomStream
  ) {
    let actions = group.action.maskCount
    network = Network.mlp(
      inputs: group.observation.count, hidden: configuration.hidden, outputs: actions,
      activation: configuration.activation)
    online = network.initialParameters(using: &stream)
    target = online
    optimizer = Adam(count: online.values.count, learningRate: configuration.learningRate)
    replay = ReplayBuffer(
      layout: TransitionLayout(observations: group.observation.count, actions: 1, mask: actions),
      capacity: configuration.replayCapacity)
    workspace = network.makeWorkspace(batch: configuration.batchSize, training: true)
    batch = Batch(
      size: configuration.batchSize, observations: group.observation.count, actions: actions,
      layout: network.layout)
    clipping = GradientClipping(maximumNorm: configuration.gradientClip)
    self.configuration = configuration
    self.normalizer = normalizer
  }

  /// Begins from other parameters than random ones.
  mutating func adopt(_ parameters: ParameterVector) {
    online = parameters
    target = parameters
  }

  mutating func store(
    observation: Span<Float>, action: Int32, reward: Double, nextObservation: Span<Float>, nextMask: Span<Bool>,
    terminated: Bool, truncated: Bool
  ) {
    replay.append(
      observation: observation, action: Float(action), reward: Float(reward), nextObservation: nextObservation,
      nextMask: nextMask, terminated: terminated, truncated: truncated)
  }

  /// Leaves the action values of normalised observations in a workspace.
  func value(_ inputs: Span<Float>, rows: Int, in workspace: inout Workspace) {
    network.forward(online, inputs, rows: rows, in: &workspace)
  }

  mutating func copyToTarget() { target.copy(from: online) }

  /// One gradient step on a batch drawn uniformly from the replay.
  mutating func update(_ stream: inout RandomStream) {
    precondition(replay.count > 0, "an update needs at least one stored transition")
    for index in 0..<batch.rows.count { batch.rows[index] = stream.integer(below: replay.count) }
    let layout = replay.layout
    let rows = batch.rows
    Self.gather(layout.action, rows, of: replay, into: &batch.actions)
    Self.gather(layout.reward, rows, of: replay, into: &batch.rewards)
    Self.gather(layout.terminated, rows, of: replay, into: &batch.terminated)
    Self.gather(layout.nextMask, rows, of: replay, into: &batch.nextMasks)
    valueNextStates()
    gatherInputs(layout.observation)
    evaluate(online)
    differentiate()
    backpropagate()
    let scale = clipping.scale(for: batch.gradient.values.span)
    optimizer.update(&online, along: batch.gradient, gradientScale: scale)
    if case .polyak(let tau) = configuration.target { target.move(toward: online, by: tau) }
    updates += 1
  }

  private static func gather(
    _ columns: Range<Int>, _ rows: [Int], of replay: borrowing ReplayBuffer, into values: inout [Float]
  ) {
    var span = values.mutableSpan
    replay.gather(columns, rows: rows.span, into: &span)
  }

  /// Reads the batch's observations from the replay, as the network wants them.
  private mutating func gatherInputs(_ columns: Range<Int>) {
    let rows = batch.rows
    Self.gather(columns, rows, of: replay, into: &batch.observations)
    let observations = batch.observations
    let normalizer = normalizer
    var inputs = batch.inputs.mutableSpan
    normalizer.apply(observations.span, rows: rows.count, into: &inputs)
  }

  /// Leaves the action values of the batch's inputs in the workspace.
  private mutating func evaluate(_ parameters: ParameterVector) {
    let inputs = batch.inputs
    network.forward(parameters, inputs.span, rows: batch.size, in: &workspace)
  }

  private mutating func valueNextStates() {
    gatherInputs(replay.layout.nextObservation)
    evaluate(target)
    for index in 0..<batch.targetValues.count { batch.targetValues[index] = workspace.outputs[index] }
    if configuration.doubleQ {
      evaluate(online)
      for index in 0..<batch.selection.count { batch.selection[index] = workspace.outputs[index] }
    }
    let selection = configuration.doubleQ ? batch.selection : batch.targetValues
    var targets: [Float] = []
    swap(&targets, &batch.targets)
    do {
      var span = targets.mutableSpan
      temporalDifferenceTargets(
        rewards: batch.rewards.span, terminated: batch.terminated.span, nextMask: batch.nextMasks.span,
        targetValues: batch.targetValues.span, selectionValues: selection.span, discount: configuration.discount,
        into: &span)
    }
    swap(&targets, &batch.targets)
  }

  /// Writes the loss's derivative with respect to the action values; only chosen actions have one.
  private mutating func differentiate() {
    let rows = batch.size
    let actions = network.outputCount
    var loss = 0.0
    var values = 0.0
    for index in 0..<rows * actions { workspace.outputGradients[index] = 0 }
    for row in 0..<rows {
      let index = row * actions + Int(batch.actions[row])
      let value = workspace.outputs[index]
      let difference = value - batch.targets[row]
      loss += Double(configuration.loss.value(difference))
      values += Double(value)
      workspace.outputGradients[index] = configuration.loss.derivative(difference) / Float(rows)
    }
    sums.loss += loss / Double(rows)
    sums.value += values / Double(rows)
    sums.count += 1
  }

  private mutating func backpropagate() {
    let inputs = batch.inputs
    network.backward(online, inputs.span, rows: batch.size, in: &workspace, gradient: &batch.gradient)
  }

  /// Mean loss and mean chosen value since the last call; nil without updates.
  mutating func takeFigures() -> (loss: Double, value: Double)? {
    defer { sums = (0, 0, 0) }
    return sums.count == 0 ? nil : (sums.loss / Double(sums.count), sums.value / Double(sums.count))
  }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("online", online.values)
    snapshot.set("target", target.values)
    snapshot.set("optimizer", optimizer.snapshot())
    snapshot.set("updates", integer: updates)
    snapshot.set("figures", [sums.loss, sums.value, Double(sums.count)])
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.online.values = try snapshot.floats("online", count: online.values.count)
    copy.target.values = try snapshot.floats("target", count: target.values.count)
    try copy.optimizer.restore(from: try snapshot.group("optimizer"))
    copy.updates = try snapshot.integer("updates")
    guard copy.updates >= 0 else {
      throw snapshot.mismatch("updates", expected: "a number of updates", found: "\(copy.updates)")
    }
    let figures = try snapshot.doubles("figures", count: 3)
    guard let count = Int(exactly: figures[2]), count >= 0 else {
      throw snapshot.mismatch("figures", expected: "two sums and a number of updates", found: "\(figures)")
    }
    copy.sums = (figures[0], figures[1], count)
    self = copy
  }

  mutating func restoreReplay(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = replay
    try copy.restore(from: snapshot)
    let layout = copy.layout
    for row in 0..<copy.count {
      let action = copy.value(row: row, column: layout.action.lowerBound)
      let known = Int(exactly: action).map { (0..<network.outputCount).contains($0) } ?? false
      let ends = copy.value(row: row, column: layout.terminated.lowerBound) != 0
      guard known, ends || layout.nextMask.contains(where: { copy.value(row: row, column: $0) != 0 }) else {
        throw snapshot.mismatch(
          "rows", expected: "actions below \(network.outputCount) and a permitted next one wherever nothing ended",
          found: "row \(row) with action \(action)")
      }
    }
    replay = copy
  }
}
