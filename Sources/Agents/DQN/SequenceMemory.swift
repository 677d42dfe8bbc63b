import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// Past sequences of one recurrent value learner and the batches drawn from them.
///
/// Both networks start from the state that was stored with a sequence. Its burn-in steps bring that state, which
/// older parameters made, up to date and have no loss of their own; where a sequence begins its trajectory nothing is
/// stale, and every step counts. The loss is the mean over the steps that count; padding never does.
///
/// Differences to R2D2 (S. Kapturowski et al., ICLR 2019): derivatives of later steps pass through the burn-in, and
/// rewards are not rescaled. A sequence's priority is 0.9 · its greatest error + 0.1 · its mean error, as there.
struct SequenceMemory: Sendable {
  private var replay: SequenceReplay
  private var index: PrioritizedIndex?
  private let priority: DQNConfiguration.Priority?
  private let branches: ActionBranches
  private let doubleQ: Bool
  private let burnIn: Int
  private let returnSteps: Int
  private let discounts: [Float]
  private var loss: ValueLoss
  private var batch: SequenceBatch
  private var sequences: [Int]
  private var weights, errors: [Float]
  private var target: [Float]

  /// - Parameters:
  ///   - stateCount: the values of a recurrent state.
  ///   - slots: the number of rows of a frame that may be stored here.
  init(
    _ configuration: DQNConfiguration, _ recurrence: DQNConfiguration.Recurrence, group: AgentGroup,
    branches: ActionBranches, stateCount: Int, slots: Int
  ) {
    let layout = Self.layout(recurrence, group: group, branches, stateCount: stateCount)
    let capacity = Self.capacity(configuration, recurrence)
    replay = SequenceReplay(layout: layout, overlap: recurrence.overlap, slots: slots, capacity: capacity)
    priority = configuration.priority
    index = configuration.priority.map {
      PrioritizedIndex(capacity: capacity, exponent: $0.exponent, floor: $0.epsilon)
    }
    self.branches = branches
    doubleQ = configuration.doubleQ
    burnIn = recurrence.burnIn
    returnSteps = configuration.returnSteps
    var powers: [Float] = [1]
    for _ in 0..<configuration.returnSteps { powers.append(powers[powers.count - 1] * configuration.discount) }
    discounts = powers
    loss = ValueLoss(configuration.values, branches: branches, loss: configuration.loss)
    batch = SequenceBatch(layout: layout, count: configuration.batchSize)
    sequences = [Int](repeating: 0, count: configuration.batchSize)
    weights = [Float](repeating: 1, count: configuration.batchSize)
    errors = weights
    target = [Float](repeating: 0, count: loss.targetCount)
  }

  private static func layout(
    _ recurrence: DQNConfiguration.Recurrence, group: AgentGroup, _ branches: ActionBranches, stateCount: Int
  ) -> SequenceLayout {
    SequenceLayout(
      length: recurrence.burnIn + recurrence.length, observations: group.observation.count,
      actions: branches.options.count, mask: branches.maskCount, state: stateCount)
  }

  /// As many sequences as hold the recipe's transitions, each counted once.
  private static func capacity(
    _ configuration: DQNConfiguration, _ recurrence: DQNConfiguration.Recurrence
  ) -> Int {
    max(1, configuration.replayCapacity / (recurrence.burnIn + recurrence.length - recurrence.overlap))
  }

  /// The memory that it will take when full, in bytes, without the sequences in the making.
  static func bytes(
    _ configuration: DQNConfiguration, _ recurrence: DQNConfiguration.Recurrence, group: AgentGroup,
    _ branches: ActionBranches
  ) -> Double {
    let layout = layout(recurrence, group: group, branches, stateCount: recurrence.hidden)
    let capacity = capacity(configuration, recurrence)
    let tree = configuration.priority == nil ? 0 : PrioritizedIndex.bytes(capacity: capacity)
    return Double(capacity) * layout.bytes + tree
  }

  /// The number of stored sequences.
  var count: Int { replay.count }

  /// Stores what came of one row of a frame; see ``ValueLearner/store(_:row:slot:choices:state:)``.
  mutating func store(
    _ part: borrowing VectorFrame.Group, row: Int, slot: Int, choices: Span<Float>, state: Span<Float>
  ) {
    let width = replay.layout.observationCount
    let values = row * width..<(row + 1) * width
    let options = row * branches.maskCount..<(row + 1) * branches.maskCount
    let taken = replay.push(
      slot: slot, observation: part.observations.span.extracting(values), state: state, actions: choices,
      reward: Float(part.rewards[row]), nextObservation: part.nextObservations.span.extracting(values),
      mask: part.masks.span.extracting(options), nextMask: part.nextMasks.span.extracting(options),
      terminated: part.terminated[row], truncated: part.truncated[row])
    if let taken { index?.insert(row: taken) }
  }

  /// One gradient step on a drawn batch; see ``ValueLearner/update(step:through:_:)``.
  mutating func update(
    _ function: inout ValueFunction, step: Int, through normalizer: borrowing Normalizer, rewardFactor: Float,
    _ stream: inout RandomStream
  ) {
    draw(step, &stream)
    let drawn = sequences
    replay.gather(drawn.span, into: &batch)
    forgetEnds()
    Self.normalize(&batch.observations, normalizer)
    for index in batch.rewards.indices { batch.rewards[index] *= rewardFactor }
    function.drawNoise(&stream)
    evaluate(&function)
    let figures = compare(&function)
    let inputs = batch.observations
    function.descend(inputs.span, rows: rows, loss: figures.loss, value: figures.value)
    if index != nil {
      let errors = errors
      index?.update(rows: drawn.span, errors: errors.span)
    }
  }

  /// Zeros for what is shown behind an end. No loss counts it, but 0 times what is no number would.
  private mutating func forgetEnds() {
    let width = replay.layout.observationCount
    for sequence in 0..<batch.count {
      let steps = batch.steps[sequence]
      guard batch.terminated[(steps - 1) * batch.count + sequence] != 0 else { continue }
      let first = (steps * batch.count + sequence) * width
      for column in first..<first + width { batch.observations[column] = 0 }
    }
  }

  private static func normalize(_ observations: inout [Float], _ normalizer: borrowing Normalizer) {
    var span = observations.mutableSpan
    normalizer.apply(inPlace: &span)
  }

  /// Rows of an evaluation: one more than the steps, for each sequence.
  private var rows: Int { (replay.layout.length + 1) * batch.count }

  private mutating func draw(_ step: Int, _ stream: inout RandomStream) {
    let stored = replay.count
    guard let priority else {
      for position in sequences.indices { sequences[position] = stream.integer(below: stored) }
      return
    }
    var (chosen, corrections): ([Int], [Float]) = ([], [])
    swap(&chosen, &sequences)
    swap(&corrections, &weights)
    do {
      var rows = chosen.mutableSpan
      var span = corrections.mutableSpan
      index?.sample(
        count: rows.count, beta: priority.correction(at: step), using: &stream, rows: &rows, weights: &span)
    }
    swap(&chosen, &sequences)
    swap(&corrections, &weights)
  }

  private func evaluate(_ function: inout ValueFunction) {
    let steps = replay.layout.length + 1
    for index in 0..<batch.states.count {
      function.workspace.state[index] = batch.states[index]
      function.targetWorkspace.state[index] = batch.states[index]
    }
    function.evaluateTarget(batch.observations.span, rows: rows, steps: steps)
    function.evaluateOnline(batch.observations.span, rows: rows, steps: steps)
  }

  /// The first step of a sequence that counts.
  private func firstStep(_ sequence: Int) -> Int {
    let width = replay.layout.stateCount
    for index in sequence * width..<(sequence + 1) * width where batch.states[index] != 0 { return burnIn }
    return 0
  }

  /// Writes the derivatives of the mean weighted loss by the online network's outputs.
  private mutating func compare(_ function: inout ValueFunction) -> (loss: Double, value: Double) {
    var counted = 0
    for sequence in 0..<batch.count { counted += max(0, batch.steps[sequence] - firstStep(sequence)) }
    let next = function.targetWorkspace.outputs
    let total = rows * function.network.outputCount
    var sums = (loss: 0.0, value: 0.0)
    function.workspace.withOutputGradients(rows: rows) { outputs, gradients in
      for index in 0..<total { gradients[index] = 0 }
      for sequence in 0..<batch.count {
        compare(sequence, outputs, next.span, share: 1 / Float(max(1, counted)), &gradients, &sums)
      }
    }
    let count = Double(max(1, counted))
    return (sums.loss / count, sums.value / count)
  }

  private mutating func compare(
    _ sequence: Int, _ outputs: Span<Float>, _ next: Span<Float>, share: Float,
    _ gradients: inout MutableSpan<Float>, _ sums: inout (loss: Double, value: Double)
  ) {
    let width = outputs.count / rows
    let actions = branches.options.count
    let choices = batch.actions
    var greatest: Float = 0
    var sum: Float = 0
    let first = firstStep(sequence)
    for time in first..<max(first, batch.steps[sequence]) {
      writeTarget(sequence, time, doubleQ ? outputs : next, next, width)
      let row = time * batch.count + sequence
      var gradient = gradients._mutatingExtracting(row * width..<(row + 1) * width)
      let wanted = target
      let result = loss.compare(
        outputs.extracting(row * width..<(row + 1) * width),
        choices: choices.span.extracting(row * actions..<(row + 1) * actions), with: wanted.span,
        weight: weights[sequence] * share, gradient: &gradient)
      sums.loss += Double(weights[sequence] * result.loss)
      sums.value += Double(result.value)
      greatest = max(greatest, result.error)
      sum += result.error
    }
    let counted = batch.steps[sequence] - first
    let error = counted > 0 ? 0.9 * greatest + 0.1 * sum / Float(counted) : 0
    errors[sequence] = error.isFinite ? error : 0
  }

  /// The target of one step: the rewards of up to n steps within the sequence and the value behind them.
  private mutating func writeTarget(
    _ sequence: Int, _ time: Int, _ selection: Span<Float>, _ next: Span<Float>, _ width: Int
  ) {
    let end = min(time + returnSteps, batch.steps[sequence])
    var reward: Float = 0
    for step in time..<end { reward += discounts[step - time] * batch.rewards[step * batch.count + sequence] }
    let last = (end - 1) * batch.count + sequence
    let row = end * batch.count + sequence
    let masks = batch.masks
    var values: [Float] = []
    swap(&values, &target)
    do {
      var span = values.mutableSpan
      loss.writeTarget(
        reward: reward, discount: discounts[end - time], terminated: batch.terminated[last] != 0,
        mask: masks.span.extracting(row * branches.maskCount..<(row + 1) * branches.maskCount),
        next: next.extracting(row * width..<(row + 1) * width),
        selection: selection.extracting(row * width..<(row + 1) * width), into: &span)
    }
    swap(&values, &target)
  }
}

extension SequenceMemory: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = replay.snapshot()
    if let index { snapshot.set("priorities", index.snapshot()) }
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.replay.restore(from: snapshot)
    if index != nil { try copy.index?.restore(from: try snapshot.group("priorities")) }
    self = copy
  }
}
