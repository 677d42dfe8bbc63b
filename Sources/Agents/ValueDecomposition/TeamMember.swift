import NeuralNetworks
import Policies
import ReinforcementLearning

/// One agent network of a team: for whom it acts, where its parameters lie, and the memory of an update.
///
/// Serves a stretch of slots of one group: all of them, or one. Rows are ordered by transition, then by slot.
struct TeamMember: Sendable {
  /// The group's number.
  let group: Int
  /// The slots of the group that it acts for.
  let slots: Range<Int>
  /// The number of its first slot among all agents of the team.
  let firstAgent: Int
  let network: Network
  /// Its part of the team's parameters.
  let range: Range<Int>
  let branches: ActionBranches
  private let layout: TeamLayout.Group
  private let doubleQ: Bool
  private let rows: Int
  private let loss: ValueLoss
  private var workspace, targetWorkspace: Workspace
  /// The states and behind them the following ones, as the network reads them.
  private var inputs: [Float]
  private var choices, active, remaining, maskColumns: [Float]
  private var masks: [Bool]

  /// - Parameter start: where its parameters begin.
  init(
    _ configuration: DQNConfiguration, group: Int, slots: Range<Int>, firstAgent: Int, start: Int,
    branches: ActionBranches, layout: TeamLayout.Group
  ) {
    let batch = configuration.batchSize
    let rows = batch * slots.count
    self.group = group
    self.slots = slots
    self.firstAgent = firstAgent
    self.branches = branches
    self.layout = layout
    self.rows = rows
    doubleQ = configuration.doubleQ
    loss = ValueLoss(.expected, branches: branches, loss: configuration.loss)
    let network = configuration.network(inputs: layout.observationCount, branches: branches)
    self.network = network
    range = start..<start + network.layout.count
    workspace = network.makeWorkspace(batch: doubleQ ? 2 * rows : rows, training: true)
    targetWorkspace = network.makeWorkspace(batch: rows, training: false)
    func zeros(_ columns: Int) -> [Float] { [Float](repeating: 0, count: rows * columns) }
    inputs = zeros(2 * layout.observationCount)
    choices = zeros(layout.choiceCount)
    active = zeros(1)
    remaining = zeros(1)
    maskColumns = zeros(layout.mask.columnCount)
    masks = [Bool](repeating: true, count: rows * layout.mask.optionCount)
  }

  /// Takes its part of some stored transitions.
  mutating func gather(_ drawn: [Int], of replay: borrowing TeamReplay, through normalizer: borrowing Normalizer) {
    let (layout, slots, rows) = (layout, slots, rows)
    func part(_ columns: Range<Int>) -> Range<Int> { layout.columns(of: slots, in: columns) }
    Self.gather(part(layout.choices), drawn, of: replay, into: &choices)
    Self.gather(part(layout.active), drawn, of: replay, into: &active)
    Self.gather(part(layout.remaining), drawn, of: replay, into: &remaining)
    Self.gather(part(layout.nextMasks), drawn, of: replay, into: &maskColumns)
    let columns = maskColumns
    do {
      var permitted = masks.mutableSpan
      layout.mask.unpack(columns.span, rows: rows, into: &permitted)
    }
    var all = inputs.mutableSpan
    let half = all.count / 2
    do {
      var states = all._mutatingExtracting(0..<half)
      replay.gather(part(layout.observations), rows: drawn.span, into: &states)
    }
    do {
      var following = all._mutatingExtracting(half..<2 * half)
      replay.gather(part(layout.nextObservations), rows: drawn.span, into: &following)
    }
    normalizer.apply(inPlace: &all)
  }

  private static func gather(
    _ columns: Range<Int>, _ drawn: [Int], of replay: borrowing TeamReplay, into values: inout [Float]
  ) {
    var span = values.mutableSpan
    replay.gather(columns, rows: drawn.span, into: &span)
  }

  /// Writes its agents' part of the states, or of the following ones: what its network reads, zeros for an agent that
  /// is not there.
  ///
  /// - Parameters:
  ///   - states: `[transitions, width]`.
  ///   - start: the first column of its agents.
  func writeStates(following: Bool, into states: inout [Float], width: Int, from start: Int) {
    let (observed, present) = (layout.observationCount, following ? remaining : active)
    let first = following ? inputs.count / 2 : 0
    let source = inputs.span
    var target = states.mutableSpan
    for row in 0..<rows {
      let (transition, slot) = row.quotientAndRemainder(dividingBy: slots.count)
      let place = transition * width + start + slot * observed
      var part = target._mutatingExtracting(place..<place + observed)
      let values = source.extracting(first + row * observed..<first + (row + 1) * observed)
      let isThere = present[row] != 0
      for index in 0..<observed { part[index] = isThere ? values[index] : 0 }
    }
  }

  /// The target network on the following states; the online network on the states and, for double Q-learning, in the
  /// same pass on the following ones.
  mutating func evaluate(online: [Float], target: [Float]) {
    let inputs = inputs
    let half = inputs.count / 2
    network.forward(
      target.span.extracting(range), inputs.span.extracting(half..<2 * half), rows: rows, in: &targetWorkspace)
    network.forward(
      online.span.extracting(range), inputs.span, rows: doubleQ ? 2 * rows : rows, in: &workspace)
  }

  /// Writes the value of what each agent did, the mean over its branches, and of the best that it may do next, by the
  /// target network; 0 for an agent that was not there, or goes on no more.
  ///
  /// - Parameters:
  ///   - values: `[transitions, agents]`.
  ///   - nextValues: of the same shape.
  func writeValues(into values: inout [Float], next nextValues: inout [Float], agents: Int) {
    let (outputs, following) = (workspace.outputs, targetWorkspace.outputs)
    let (width, options) = (network.outputCount, branches.maskCount)
    let first = doubleQ ? rows * width : 0
    let selecting = doubleQ ? outputs : following
    for row in 0..<rows {
      let (transition, slot) = row.quotientAndRemainder(dividingBy: slots.count)
      let place = transition * agents + firstAgent + slot
      values[place] = active[row] == 0 ? 0 : chosen(outputs.span, row)
      nextValues[place] =
        remaining[row] == 0
        ? 0
        : loss.meanOfBest(
          selecting.span.extracting(first + row * width..<first + (row + 1) * width),
          following.span.extracting(row * width..<(row + 1) * width),
          masks.span.extracting(row * options..<(row + 1) * options))
    }
  }

  private func chosen(_ outputs: Span<Float>, _ row: Int) -> Float {
    var (sum, start): (Float, Int) = (0, row * network.outputCount)
    for branch in 0..<branches.options.count {
      sum += outputs[start + Int(choices[row * layout.choiceCount + branch])]
      start += branches.options[branch]
    }
    return sum / Float(branches.options.count)
  }

  /// Propagates the derivatives by its agents' values back to its parameters.
  ///
  /// - Parameters:
  ///   - valueGradients: `[transitions, agents]`.
  ///   - gradient: the team's; its own part is overwritten.
  mutating func differentiate(_ valueGradients: [Float], agents: Int, online: [Float], gradient: inout [Float]) {
    let (choices, active, inputs) = (choices, active, inputs)
    let (branches, width, slots, rows) = (branches, network.outputCount, slots, rows)
    let share = 1 / Float(branches.options.count)
    workspace.withOutputGradients(rows: rows) { _, gradients in
      for index in 0..<gradients.count { gradients[index] = 0 }
      for row in 0..<rows where active[row] != 0 {
        let (transition, slot) = row.quotientAndRemainder(dividingBy: slots.count)
        let slope = share * valueGradients[transition * agents + firstAgent + slot]
        var start = row * width
        for branch in 0..<branches.options.count {
          gradients[start + Int(choices[row * branches.options.count + branch])] = slope
          start += branches.options[branch]
        }
      }
    }
    var all = gradient.mutableSpan
    var part = all._mutatingExtracting(range)
    network.backward(online.span.extracting(range), inputs.span, rows: rows, in: &workspace, gradient: &part)
  }

  /// Whether a stored row holds only actions that its agents have, and for whoever remains a permitted next one.
  func knows(_ row: Int, of replay: borrowing TeamReplay) -> Bool {
    for slot in slots {
      let actions = layout.columns(of: slot..<slot + 1, in: layout.choices)
      for (branch, column) in actions.enumerated() {
        let choice = Int(exactly: replay.value(row: row, column: column)) ?? -1
        if !(0..<branches.options[branch]).contains(choice) { return false }
      }
      let remains = replay.value(row: row, column: layout.remaining.lowerBound + slot) != 0
      let permitted = layout.columns(of: slot..<slot + 1, in: layout.nextMasks)
      if remains, !permitted.isEmpty, permitted.allSatisfy({ replay.value(row: row, column: $0) == 0 }) { return false }
    }
    return true
  }
}
