import LinearAlgebra
package import NeuralNetworks
package import Randomness

/// The mixing network of QMIX: Q_tot = ELU(q · |W₁(s)| + b₁(s)) · |W₂(s)| + b₂(s).
///
/// q are the values of n agents, s the state. W₁ (n × e) and W₂ (e) come from one hypernetwork each, b₁ (e) from a
/// linear one and b₂ from one with a hidden layer of e units. No weight that a value meets is negative and ELU grows,
/// so that Q_tot grows with every agent's value and each agent's best action is part of the best joint one.
///
/// Source: T. Rashid et al., "QMIX: monotonic value function factorisation for deep multi-agent reinforcement
/// learning", ICML 2018, section 4 and figure 2.
package struct MonotonicMixing: Sendable, Equatable {
  /// The number n of agents.
  package let agents: Int
  /// The number e of hidden units.
  package let embedding: Int
  /// The networks that make W₁, b₁, W₂ and b₂ of the state, in this order.
  package let hypernetworks: [Network]
  /// The number of parameters of all of them, which lie one network after another.
  package let parameterCount: Int
  /// Where each of them has its own.
  let ranges: [Range<Int>]

  /// - Parameters:
  ///   - stateCount: the number of values of the state.
  ///   - hidden: hidden units of the hypernetworks of W₁ and W₂; 0 for linear ones.
  package init(agents: Int, stateCount: Int, embedding: Int, hypernetHidden hidden: Int) {
    precondition(agents > 0 && embedding > 0 && hidden >= 0, "mixing \(agents) values in \(embedding), \(hidden) units")
    self.agents = agents
    self.embedding = embedding
    func network(_ hidden: Int, _ outputs: Int) -> Network {
      .mlp(inputs: stateCount, hidden: hidden > 0 ? [hidden] : [], outputs: outputs)
    }
    hypernetworks = [
      network(hidden, agents * embedding), network(0, embedding), network(hidden, embedding), network(embedding, 1),
    ]
    var (end, ranges): (Int, [Range<Int>]) = (0, [])
    for network in hypernetworks {
      ranges.append(end..<end + network.layout.count)
      end += network.layout.count
    }
    self.ranges = ranges
    parameterCount = end
  }

  /// Draws the parameters of all hypernetworks.
  package func initialParameters(_ scheme: Initialization, using stream: inout RandomStream) -> [Float] {
    var values: [Float] = []
    for network in hypernetworks { values += network.initialParameters(scheme, using: &stream).values }
    return values
  }

  /// All memory that `batch` rows need.
  package func makeMemory(batch: Int, training: Bool) -> MixingMemory {
    MixingMemory(self, batch: batch, training: training)
  }

  /// Mixes the values of some rows: `memory.totals` gets a number for each. Allocates nothing.
  ///
  /// - Parameters:
  ///   - parameters: ``parameterCount`` elements.
  ///   - states: `[rows, stateCount]`.
  ///   - values: `[rows, agents]`; 0 for an agent that is not there.
  package func mix(
    _ parameters: Span<Float>, states: Span<Float>, values: Span<Float>, rows: Int, in memory: inout MixingMemory
  ) {
    for index in 0..<4 {
      hypernetworks[index].forward(
        parameters.extracting(ranges[index]), states, rows: rows, in: &memory.workspaces[index])
    }
    let (first, firstBias) = (memory.workspaces[0].outputs, memory.workspaces[1].outputs)
    let (last, lastBias) = (memory.workspaces[2].outputs, memory.workspaces[3].outputs)
    let (firstSpan, biasSpan, lastSpan) = (first.span, firstBias.span, last.span)
    let width = agents * embedding
    var hidden = memory.hidden.mutableSpan
    for row in 0..<rows {
      var units = hidden._mutatingExtracting(row * embedding..<(row + 1) * embedding)
      let biases = biasSpan.extracting(row * embedding..<(row + 1) * embedding)
      for unit in 0..<embedding { units[unit] = biases[unit] }
      for agent in 0..<agents {
        let start = row * width + agent * embedding
        let weights = firstSpan.extracting(start..<start + embedding)
        let value = values[row * agents + agent]
        for unit in 0..<embedding { units[unit] += value * abs(weights[unit]) }
      }
      for unit in 0..<embedding {
        let sum = units[unit]
        units[unit] = sum > 0 ? sum : Vectorizable.exp(sum) - 1
      }
    }
    for row in 0..<rows {
      var total = lastBias[row]
      for unit in 0..<embedding {
        total += memory.hidden[row * embedding + unit] * abs(lastSpan[row * embedding + unit])
      }
      memory.totals[row] = total
    }
  }

  /// Propagates `memory.totalGradients` of the last ``mix(_:states:values:rows:in:)`` back to
  /// `memory.valueGradients`, `[rows, agents]`, and to the hypernetworks' parameters. Allocates nothing.
  ///
  /// - Parameter gradient: ``parameterCount`` elements, overwritten with the sum over rows.
  package func differentiate(
    _ parameters: Span<Float>, states: Span<Float>, values: Span<Float>, rows: Int, in memory: inout MixingMemory,
    gradient: inout MutableSpan<Float>
  ) {
    differentiateLast(rows, &memory)
    differentiateFirst(values, rows, &memory)
    for index in 0..<4 {
      var part = gradient._mutatingExtracting(ranges[index])
      hypernetworks[index].backward(
        parameters.extracting(ranges[index]), states, rows: rows, in: &memory.workspaces[index], gradient: &part)
    }
  }

  /// The derivatives by W₂ and b₂, and, in `memory.hiddenGradients`, by the hidden sums, which are those by b₁.
  private func differentiateLast(_ rows: Int, _ memory: inout MixingMemory) {
    let (hidden, totals) = (memory.hidden, memory.totalGradients)
    let embedding = embedding
    memory.workspaces[3].withOutputGradients(rows: rows) { _, gradients in
      for row in 0..<rows { gradients[row] = totals[row] }
    }
    var slopes: [Float] = []
    swap(&slopes, &memory.hiddenGradients)
    do {
      var span = slopes.mutableSpan
      let units = hidden.span
      memory.workspaces[2].withOutputGradients(rows: rows) { weights, gradients in
        for row in 0..<rows {
          let total = totals[row]
          for index in row * embedding..<(row + 1) * embedding {
            let (weight, unit) = (weights[index], units[index])
            gradients[index] = Self.sign(weight) * total * unit
            span[index] = total * abs(weight) * (unit > 0 ? 1 : unit + 1)
          }
        }
      }
      memory.workspaces[1].withOutputGradients(rows: rows) { _, gradients in
        for index in 0..<rows * embedding { gradients[index] = span[index] }
      }
    }
    swap(&slopes, &memory.hiddenGradients)
  }

  /// The derivatives by W₁ and by the agents' values.
  private func differentiateFirst(_ values: Span<Float>, _ rows: Int, _ memory: inout MixingMemory) {
    let slopes = memory.hiddenGradients
    let (agents, embedding) = (agents, embedding)
    var valueGradients: [Float] = []
    swap(&valueGradients, &memory.valueGradients)
    do {
      var span = valueGradients.mutableSpan
      let all = slopes.span
      memory.workspaces[0].withOutputGradients(rows: rows) { weights, gradients in
        for row in 0..<rows {
          let slope = all.extracting(row * embedding..<(row + 1) * embedding)
          for agent in 0..<agents {
            let start = (row * agents + agent) * embedding
            let value = values[row * agents + agent]
            let own = weights.extracting(start..<start + embedding)
            var part = gradients._mutatingExtracting(start..<start + embedding)
            var sum: Float = 0
            for unit in 0..<embedding {
              part[unit] = Self.sign(own[unit]) * value * slope[unit]
              sum += abs(own[unit]) * slope[unit]
            }
            span[row * agents + agent] = sum
          }
        }
      }
    }
    swap(&valueGradients, &memory.valueGradients)
  }

  /// The derivative of the magnitude; 0 at 0.
  private static func sign(_ weight: Float) -> Float { weight > 0 ? 1 : weight < 0 ? -1 : 0 }
}

/// What mixing keeps from its forward to its backward pass, allocated once.
package struct MixingMemory: Sendable {
  /// Q_tot of the last rows.
  package fileprivate(set) var totals: [Float]
  /// Derivatives of the loss with respect to ``totals``, written by the caller.
  package var totalGradients: [Float]
  /// Derivatives with respect to the agents' values, `[batch, agents]`.
  package fileprivate(set) var valueGradients: [Float]
  /// Behind the ELU, `[batch, embedding]`; and derivatives before it.
  fileprivate var hidden, hiddenGradients: [Float]
  fileprivate var workspaces: [Workspace]

  fileprivate init(_ mixing: MonotonicMixing, batch: Int, training: Bool) {
    func zeros(_ columns: Int, _ isWanted: Bool = true) -> [Float] {
      isWanted ? [Float](repeating: 0, count: batch * columns) : []
    }
    totals = zeros(1)
    totalGradients = zeros(1, training)
    valueGradients = zeros(mixing.agents, training)
    hidden = zeros(mixing.embedding)
    hiddenGradients = zeros(mixing.embedding, training)
    workspaces = mixing.hypernetworks.map { $0.makeWorkspace(batch: batch, training: training) }
  }
}
