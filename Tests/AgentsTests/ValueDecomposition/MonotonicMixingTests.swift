import Agents
import Foundation
import NeuralNetworks
import Randomness
import Testing

/// QMIX's mixing network against PyTorch's autograd, finite differences and its two promises.
@Suite struct MonotonicMixingTests {
  private struct Case: Decodable {
    let agents, stateCount, embedding, hidden, rows: Int
    let parameters, states, values, slopes, totals, valueGradients, gradients: [Float]

    /// Written by Tests/Interoperability/make_mixing_fixtures.py.
    static func load() throws -> [Case] {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/mixing.json")
      return try decoder.decode([Case].self, from: Data(contentsOf: path))
    }
  }

  /// A mixing network with everything that it reads and gives.
  private struct Bench {
    let mixing: MonotonicMixing
    var parameters, states, values: [Float]
    let rows: Int
    var memory: MixingMemory
    var gradient: [Float]

    init(_ mixing: MonotonicMixing, parameters: [Float], states: [Float], values: [Float], rows: Int) {
      self.mixing = mixing
      self.parameters = parameters
      self.states = states
      self.values = values
      self.rows = rows
      memory = mixing.makeMemory(batch: rows, training: true)
      gradient = [Float](repeating: .nan, count: mixing.parameterCount)
    }

    /// Random parameters, states and values.
    init(agents: Int, stateCount: Int, embedding: Int, hidden: Int, rows: Int, seed: UInt64) {
      let mixing = MonotonicMixing(
        agents: agents, stateCount: stateCount, embedding: embedding, hypernetHidden: hidden)
      var stream = RandomStream(seed: seed)
      func normal(_ count: Int, _ scale: Double) -> [Float] { (0..<count).map { _ in Float(scale * stream.normal()) } }
      self.init(
        mixing, parameters: normal(mixing.parameterCount, 0.8), states: normal(rows * stateCount, 1),
        values: normal(rows * agents, 2), rows: rows)
    }

    /// Q_tot of all rows.
    mutating func mix() -> [Float] {
      let (mixing, rows, parameters, states, values) = (mixing, rows, parameters, states, values)
      mixing.mix(parameters.span, states: states.span, values: values.span, rows: rows, in: &memory)
      return memory.totals
    }

    mutating func differentiate(_ slopes: [Float]) {
      let (mixing, rows, parameters, states, values) = (mixing, rows, parameters, states, values)
      for row in 0..<rows { memory.totalGradients[row] = slopes[row] }
      var derivatives = gradient
      var span = derivatives.mutableSpan
      mixing.differentiate(
        parameters.span, states: states.span, values: values.span, rows: rows, in: &memory, gradient: &span)
      gradient = derivatives
    }
  }

  private func expectClose(_ found: [Float], _ wanted: [Float], _ name: String) {
    #expect(found.count == wanted.count, "\(name)")
    for (index, pair) in zip(found, wanted).enumerated() {
      #expect(abs(pair.0 - pair.1) <= 1e-5 * max(1, abs(pair.1)), "\(name) \(index): \(pair.0), not \(pair.1)")
    }
  }

  @Test func `values and all derivatives equal PyTorch's`() throws {
    let cases = try Case.load()
    #expect(cases.count == 3 && cases.contains { $0.hidden == 0 } && cases.contains { $0.hidden > 0 })
    for one in cases {
      let mixing = MonotonicMixing(
        agents: one.agents, stateCount: one.stateCount, embedding: one.embedding, hypernetHidden: one.hidden)
      #expect(mixing.parameterCount == one.parameters.count)
      var bench = Bench(mixing, parameters: one.parameters, states: one.states, values: one.values, rows: one.rows)
      expectClose(bench.mix(), one.totals, "Q_tot")
      bench.differentiate(one.slopes)
      expectClose(bench.memory.valueGradients, one.valueGradients, "value")
      expectClose(bench.gradient, one.gradients, "parameter")
    }
  }

  @Test(arguments: [0, 3])
  func `derivatives are the slopes of a twin in double precision`(hidden: Int) {
    var bench = Bench(agents: 3, stateCount: 4, embedding: 5, hidden: hidden, rows: 4, seed: 11)
    let slopes: [Float] = [0.5, -1.5, 2, 1]
    let totals = bench.mix()
    bench.differentiate(slopes)
    let twin = MixingTwin(agents: 3, stateCount: 4, embedding: 5, hidden: hidden)
    var parameters = bench.parameters.map { Double($0) }
    var values = bench.values.map { Double($0) }
    let states = bench.states.map { Double($0) }
    func objective() -> Double {
      let totals = twin.totals(parameters, states, values)
      return zip(totals, slopes).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    for (found, wanted) in zip(totals, twin.totals(parameters, states, values)) {
      #expect(abs(Double(found) - wanted) < 1e-4)
    }
    func slope(_ change: (Double) -> Void) -> Double {
      let h = 1e-5
      change(h)
      let above = objective()
      change(-2 * h)
      let below = objective()
      change(h)
      return (above - below) / (2 * h)
    }
    for index in parameters.indices {
      let wanted = slope { parameters[index] += $0 }
      #expect(abs(Double(bench.gradient[index]) - wanted) < 1e-3 * max(1, abs(wanted)), "parameter \(index)")
    }
    for index in values.indices {
      let wanted = slope { values[index] += $0 }
      #expect(abs(Double(bench.memory.valueGradients[index]) - wanted) < 1e-3 * max(1, abs(wanted)), "value \(index)")
    }
  }

  @Test func `the team's value never falls where an agent's rises`() {
    var rising = 0
    for seed in 0..<50 as Range<UInt64> {
      var bench = Bench(agents: 4, stateCount: 6, embedding: 8, hidden: seed % 2 == 0 ? 0 : 5, rows: 16, seed: seed)
      let before = bench.mix()
      bench.differentiate([Float](repeating: 1, count: 16))
      #expect(bench.memory.valueGradients.allSatisfy { $0 >= 0 })
      rising += bench.memory.valueGradients.count { $0 > 0 }
      let agent = Int(seed % 4)
      for row in 0..<16 { bench.values[row * 4 + agent] += 3 }
      #expect(zip(before, bench.mix()).allSatisfy { $1 >= $0 })
    }
    #expect(rising > 50 * 16 * 4 / 2, "most of them rise")
  }

  /// Individual and global maximum, as section 4 of the paper asks of a factorisation.
  @Test func `the best joint action is made of each agent's best`() {
    var stream = RandomStream(seed: 3)
    for seed in 0..<40 as Range<UInt64> {
      let (agents, actions) = (3, 4)
      let own = (0..<agents).map { _ in (0..<actions).map { _ in Float(2 * stream.normal()) } }
      let joint = (0..<64).map { [$0 / 16, $0 / 4 % 4, $0 % 4] }
      var bench = Bench(agents: agents, stateCount: 5, embedding: 6, hidden: 0, rows: 64, seed: seed)
      let state = Array(bench.states[..<5])
      bench.states = (0..<64).flatMap { _ in state }
      bench.values = joint.flatMap { actions in (0..<agents).map { own[$0][actions[$0]] } }
      let totals = bench.mix()
      let best = own.map { values in values.indices.max { values[$0] < values[$1] } ?? -1 }
      let place = joint.firstIndex { $0 == best } ?? -1
      #expect(totals[place] == totals.max(), "seed \(seed)")
    }
  }
}

/// The mixing network written out in `Double`.
private struct MixingTwin {
  let agents, stateCount, embedding, hidden: Int

  /// Takes the next dense layers' parameters and evaluates them.
  private func evaluate(_ parameters: [Double], _ first: inout Int, _ state: [Double], _ hidden: Int, _ outputs: Int)
    -> [Double]
  {
    func dense(_ x: [Double], _ outputs: Int) -> [Double] {
      let (weights, bias) = (first, first + outputs * x.count)
      first = bias + outputs
      return (0..<outputs).map { row in
        x.indices.reduce(parameters[bias + row]) { $0 + parameters[weights + row * x.count + $1] * x[$1] }
      }
    }
    return hidden == 0 ? dense(state, outputs) : dense(dense(state, hidden).map { max(0, $0) }, outputs)
  }

  func totals(_ parameters: [Double], _ states: [Double], _ values: [Double]) -> [Double] {
    (0..<states.count / stateCount).map { row in
      let state = Array(states[row * stateCount..<(row + 1) * stateCount])
      var place = 0
      let w1 = evaluate(parameters, &place, state, hidden, agents * embedding)
      let b1 = evaluate(parameters, &place, state, 0, embedding)
      let w2 = evaluate(parameters, &place, state, hidden, embedding)
      let b2 = evaluate(parameters, &place, state, embedding, 1)
      return (0..<embedding).reduce(b2[0]) { total, unit in
        let sum = (0..<agents).reduce(b1[unit]) {
          $0 + values[row * agents + $1] * abs(w1[$1 * embedding + unit])
        }
        return total + (sum > 0 ? sum : expm1(sum)) * abs(w2[unit])
      }
    }
  }
}
