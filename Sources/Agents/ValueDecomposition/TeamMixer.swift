import ReinforcementLearning

/// How the values of a team's agents become Q_tot: their sum, or a monotonic mixing; with the memory of an update.
struct TeamMixer: Sendable {
  /// The mixing network; nil for a sum.
  let network: MonotonicMixing?
  /// Where its parameters lie among the team's; empty for a sum.
  let range: Range<Int>
  /// The number of values of the state that it reads; 0 for a sum.
  let stateCount: Int
  /// What agents bring in each transition, `[transitions, agents]`; 0 for an agent that is not there.
  var values, nextValues: [Float]
  /// The states and the following ones, `[transitions, stateCount]`.
  var states, nextStates: [Float]
  /// Q_tot of the states by the online parameters, and of the following ones by the target's.
  private(set) var totals, nextTotals: [Float]
  /// The derivatives of the loss by Q_tot, written by the caller; and those by the agents' values.
  var slopes: [Float]
  private(set) var valueGradients: [Float]
  private let agents: Int
  private var memory, targetMemory: [MixingMemory]

  /// - Parameters:
  ///   - state: the number of values of the joint observations.
  ///   - start: where its parameters begin.
  ///   - batch: the transitions of an update.
  init(_ mixing: ValueDecompositionConfiguration.Mixing, agents: Int, state: Int, start: Int, batch: Int) {
    network = mixing.network(agents: agents, stateCount: state)
    self.agents = agents
    range = start..<start + (network?.parameterCount ?? 0)
    stateCount = network == nil ? 0 : state
    func zeros(_ columns: Int) -> [Float] { [Float](repeating: 0, count: batch * columns) }
    values = zeros(agents)
    nextValues = zeros(agents)
    valueGradients = zeros(agents)
    states = zeros(stateCount)
    nextStates = zeros(stateCount)
    totals = zeros(1)
    nextTotals = zeros(1)
    slopes = zeros(1)
    memory = network.map { [$0.makeMemory(batch: batch, training: true)] } ?? []
    targetMemory = network.map { [$0.makeMemory(batch: batch, training: false)] } ?? []
  }

  /// Computes ``totals`` and ``nextTotals``.
  mutating func mix(online: [Float], target: [Float]) {
    let rows = totals.count
    guard let network else {
      for row in 0..<rows {
        totals[row] = values[row * agents..<(row + 1) * agents].reduce(0, +)
        nextTotals[row] = nextValues[row * agents..<(row + 1) * agents].reduce(0, +)
      }
      return
    }
    let (states, values, nextStates, nextValues) = (states, values, nextStates, nextValues)
    network.mix(
      online.span.extracting(range), states: states.span, values: values.span, rows: rows, in: &memory[0])
    network.mix(
      target.span.extracting(range), states: nextStates.span, values: nextValues.span, rows: rows,
      in: &targetMemory[0])
    for row in 0..<rows {
      totals[row] = memory[0].totals[row]
      nextTotals[row] = targetMemory[0].totals[row]
    }
  }

  /// Propagates ``slopes`` back to ``valueGradients`` and to its part of the team's gradient, which it overwrites.
  mutating func differentiate(online: [Float], gradient: inout [Float]) {
    guard let network else {
      for row in slopes.indices {
        for place in row * agents..<(row + 1) * agents { valueGradients[place] = slopes[row] }
      }
      return
    }
    for row in slopes.indices { memory[0].totalGradients[row] = slopes[row] }
    let (states, values) = (states, values)
    var all = gradient.mutableSpan
    var part = all._mutatingExtracting(range)
    network.differentiate(
      online.span.extracting(range), states: states.span, values: values.span, rows: slopes.count, in: &memory[0],
      gradient: &part)
    for place in valueGradients.indices { valueGradients[place] = memory[0].valueGradients[place] }
  }
}

extension ValueDecompositionConfiguration.Mixing {
  /// The mixing network of a team; nil where values are summed.
  func network(agents: Int, stateCount: Int) -> MonotonicMixing? {
    guard case .monotonic(let embedding, let hidden) = self else { return nil }
    return MonotonicMixing(agents: agents, stateCount: stateCount, embedding: embedding, hypernetHidden: hidden)
  }
}
