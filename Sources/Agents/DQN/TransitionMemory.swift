import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// Past transitions of one value learner and the batches drawn from them.
///
/// Transitions pass a window of n steps into a ring; drawn uniformly, or by priority with importance weights.
/// Observations and rewards are stored as they came, and normalised when they are drawn.
struct TransitionMemory: Sendable {
  private(set) var replay: ReplayBuffer
  private var window: NStepWindow
  private var index: PrioritizedIndex?
  private let priority: DQNConfiguration.Priority?
  private let branches: ActionBranches
  private let doubleQ: Bool
  private var loss: ValueLoss
  private var batch: Batch

  /// What an update reads and writes, taken once.
  private struct Batch: Sendable {
    var rows: [Int]
    var weights, errors: [Float]
    /// The states and behind them the following ones, as the network reads them.
    var inputs: [Float]
    var choices, rewards, discounts, terminated, maskColumns, targets: [Float]
    var masks: [Bool]

    init(size: Int, layout: TransitionLayout, targetCount: Int) {
      rows = [Int](repeating: 0, count: size)
      weights = [Float](repeating: 1, count: size)
      errors = weights
      inputs = [Float](repeating: 0, count: 2 * size * layout.observation.count)
      choices = [Float](repeating: 0, count: size * layout.actions.count)
      rewards = weights
      discounts = weights
      terminated = weights
      maskColumns = [Float](repeating: 0, count: size * layout.nextMask.count)
      masks = [Bool](repeating: true, count: size * layout.mask.optionCount)
      targets = [Float](repeating: 0, count: size * targetCount)
    }
  }

  /// - Parameter slots: the number of rows of a frame that may be stored here.
  init(
    _ configuration: DQNConfiguration, group: AgentGroup, branches: ActionBranches, slots: Int
  ) {
    let layout = Self.layout(of: group, branches)
    replay = ReplayBuffer(layout: layout, capacity: configuration.replayCapacity)
    window = NStepWindow(
      steps: configuration.returnSteps, discount: Double(configuration.discount), slots: slots, layout: layout)
    priority = configuration.priority
    index = configuration.priority.map {
      PrioritizedIndex(capacity: configuration.replayCapacity, exponent: $0.exponent, floor: $0.epsilon)
    }
    loss = ValueLoss(configuration.values, branches: branches, loss: configuration.loss)
    batch = Batch(size: configuration.batchSize, layout: layout, targetCount: loss.targetCount)
    doubleQ = configuration.doubleQ
    self.branches = branches
  }

  /// The columns of a transition: the choice of every branch stands for the action.
  static func layout(of group: AgentGroup, _ branches: ActionBranches) -> TransitionLayout {
    TransitionLayout(
      observations: group.observation.count, actions: branches.options.count, mask: branches.maskCount)
  }

  /// The memory that it will take when full, in bytes.
  static func bytes(_ configuration: DQNConfiguration, group: AgentGroup, _ branches: ActionBranches) -> Double {
    let tree = configuration.priority == nil ? 0 : PrioritizedIndex.bytes(capacity: configuration.replayCapacity)
    return ReplayBuffer.bytes(layout: layout(of: group, branches), capacity: configuration.replayCapacity) + tree
  }

  /// Stores what came of one row of a frame.
  ///
  /// - Parameters:
  ///   - slot: the row's place among those that are stored here.
  ///   - choices: the option taken in each branch.
  mutating func store(_ part: borrowing VectorFrame.Group, row: Int, slot: Int, choices: Span<Float>) {
    let layout = replay.layout
    let values = row * layout.observation.count..<(row + 1) * layout.observation.count
    let options = row * branches.maskCount..<(row + 1) * branches.maskCount
    let taken = window.push(
      slot: slot, observation: part.observations.span.extracting(values), actions: choices,
      reward: part.rewards[row], nextObservation: part.nextObservations.span.extracting(values),
      nextMask: part.nextMasks.span.extracting(options), terminated: part.terminated[row],
      truncated: part.truncated[row], into: &replay)
    guard index != nil else { return }
    for row in taken { index?.insert(row: row) }
  }

  /// One gradient step on a drawn batch; see ``ValueLearner/update(step:through:_:)``.
  mutating func update(
    _ function: inout ValueFunction, step: Int, through normalizer: borrowing Normalizer, rewardFactor: Float,
    _ stream: inout RandomStream
  ) {
    draw(step, &stream)
    gather(normalizer, rewardFactor)
    function.drawNoise(&stream)
    evaluate(&function)
    writeTargets(function)
    let figures = compare(&function)
    let inputs = batch.inputs
    function.descend(inputs.span, rows: size, loss: figures.loss, value: figures.value)
    if index != nil {
      let (rows, errors) = (batch.rows, batch.errors)
      index?.update(rows: rows.span, errors: errors.span)
    }
  }

  private var size: Int { batch.rows.count }

  private mutating func draw(_ step: Int, _ stream: inout RandomStream) {
    let stored = replay.count
    guard let priority else {
      for position in batch.rows.indices { batch.rows[position] = stream.integer(below: stored) }
      return
    }
    var (rows, weights): ([Int], [Float]) = ([], [])
    swap(&rows, &batch.rows)
    swap(&weights, &batch.weights)
    do {
      var chosen = rows.mutableSpan
      var corrections = weights.mutableSpan
      index?.sample(
        count: chosen.count, beta: priority.correction(at: step), using: &stream, rows: &chosen,
        weights: &corrections)
    }
    swap(&rows, &batch.rows)
    swap(&weights, &batch.weights)
  }

  private mutating func gather(_ normalizer: borrowing Normalizer, _ rewardFactor: Float) {
    let (layout, rows) = (replay.layout, batch.rows)
    Self.gather(layout.actions, rows, of: replay, into: &batch.choices)
    Self.gather(layout.reward, rows, of: replay, into: &batch.rewards)
    for row in rows.indices { batch.rewards[row] *= rewardFactor }
    Self.gather(layout.discount, rows, of: replay, into: &batch.discounts)
    Self.gather(layout.terminated, rows, of: replay, into: &batch.terminated)
    Self.gather(layout.nextMask, rows, of: replay, into: &batch.maskColumns)
    Self.unpack(layout.mask, batch.maskColumns, rows: rows.count, into: &batch.masks)
    Self.gather(
      layout.observation, then: layout.nextObservation, rows, of: replay, normalizer, into: &batch.inputs)
  }

  /// The states and behind them the following ones, as the network reads them.
  private static func gather(
    _ states: Range<Int>, then following: Range<Int>, _ rows: [Int], of replay: borrowing ReplayBuffer,
    _ normalizer: borrowing Normalizer, into inputs: inout [Float]
  ) {
    var all = inputs.mutableSpan
    let half = rows.count * states.count
    do {
      var part = all._mutatingExtracting(0..<half)
      replay.gather(states, rows: rows.span, into: &part)
    }
    do {
      var part = all._mutatingExtracting(half..<2 * half)
      replay.gather(following, rows: rows.span, into: &part)
    }
    normalizer.apply(inPlace: &all)
  }

  private static func unpack(_ mask: PackedMask, _ columns: [Float], rows: Int, into masks: inout [Bool]) {
    var span = masks.mutableSpan
    mask.unpack(columns.span, rows: rows, into: &span)
  }

  private static func gather(
    _ columns: Range<Int>, _ rows: [Int], of replay: borrowing ReplayBuffer, into values: inout [Float]
  ) {
    var span = values.mutableSpan
    replay.gather(columns, rows: rows.span, into: &span)
  }

  /// The target network on the next states; the online network on the states and, for double Q-learning, in the
  /// same pass on the next ones.
  private func evaluate(_ function: inout ValueFunction) {
    let inputs = batch.inputs.span
    let half = inputs.count / 2
    function.evaluateTarget(inputs.extracting(half..<2 * half), rows: size)
    function.evaluateOnline(inputs, rows: doubleQ ? 2 * size : size)
  }

  private mutating func writeTargets(_ function: borrowing ValueFunction) {
    let width = function.network.outputCount
    let next = function.targetWorkspace.outputs
    let online = function.workspace.outputs
    let first = doubleQ ? size * width : 0
    let selection = doubleQ ? online : next
    let maskCount = branches.maskCount
    let targetCount = loss.targetCount
    let masks = batch.masks
    var targets: [Float] = []
    swap(&targets, &batch.targets)
    do {
      var all = targets.mutableSpan
      for row in 0..<size {
        var target = all._mutatingExtracting(row * targetCount..<(row + 1) * targetCount)
        loss.writeTarget(
          reward: batch.rewards[row], discount: batch.discounts[row], terminated: batch.terminated[row] != 0,
          mask: masks.span.extracting(row * maskCount..<(row + 1) * maskCount),
          next: next.span.extracting(row * width..<(row + 1) * width),
          selection: selection.span.extracting(first + row * width..<first + (row + 1) * width), into: &target)
      }
    }
    swap(&targets, &batch.targets)
  }

  /// Writes the derivatives of the mean weighted loss by the online network's outputs.
  private mutating func compare(_ function: inout ValueFunction) -> (loss: Double, value: Double) {
    let width = function.network.outputCount
    let actions = branches.options.count
    let targetCount = loss.targetCount
    let rows = size
    let targets = batch.targets
    let choices = batch.choices
    var sums = (loss: 0.0, value: 0.0)
    function.workspace.withOutputGradients(rows: rows) { outputs, gradients in
      for row in 0..<rows {
        var gradient = gradients._mutatingExtracting(row * width..<(row + 1) * width)
        let weight = batch.weights[row]
        let result = loss.compare(
          outputs.extracting(row * width..<(row + 1) * width),
          choices: choices.span.extracting(row * actions..<(row + 1) * actions),
          with: targets.span.extracting(row * targetCount..<(row + 1) * targetCount),
          weight: weight / Float(rows), gradient: &gradient)
        batch.errors[row] = result.error.isFinite ? result.error : 0
        sums.loss += Double(weight * result.loss)
        sums.value += Double(result.value)
      }
    }
    return (sums.loss / Double(rows), sums.value / Double(rows))
  }
}

extension TransitionMemory: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = replay.snapshot()
    if let index { snapshot.set("priorities", index.snapshot()) }
    snapshot.set("window", window.snapshot())
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    try copy.replay.restore(from: snapshot)
    try copy.window.restore(from: try snapshot.group("window"))
    if index != nil { try copy.index?.restore(from: try snapshot.group("priorities")) }
    try copy.checkRows(snapshot)
    self = copy
  }

  /// Refuses stored actions that no branch has and next states without a permitted option.
  private func checkRows(_ snapshot: Snapshot) throws(SnapshotError) {
    let layout = replay.layout
    for row in 0..<replay.count {
      let isKnown = branches.options.indices.allSatisfy { branch in
        let choice = replay.value(row: row, column: layout.actions.lowerBound + branch)
        return Int(exactly: choice).map { (0..<branches.options[branch]).contains($0) } ?? false
      }
      let ends = replay.value(row: row, column: layout.terminated.lowerBound) != 0
      let permits =
        layout.nextMask.isEmpty || layout.nextMask.contains { replay.value(row: row, column: $0) != 0 }
      guard isKnown, ends || permits else {
        throw snapshot.mismatch(
          "rows", expected: "known actions and a permitted next one wherever nothing ended",
          found: "others in row \(row)"
        )
      }
    }
  }
}
