import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Testing

struct ValueEvaluationTests {
  static let members = Fixture.family.groups

  static func observations(_ rows: Int, seed: UInt64 = 5) -> [Float] {
    var stream = RandomStream(seed: seed)
    return (0..<rows).flatMap { _ in
      [Float(stream.uniform(in: 0..<1e6)), Float(stream.uniform(in: -20..<60)), Float(stream.normal())]
    }
  }

  /// The values of rows by the network itself and the head, from the state given.
  static func expected(_ policy: GroupPolicy, _ observations: [Float], state: [Float]) -> (
    values: [Float], state: [Float]
  ) {
    let rows = observations.count / 3
    var workspace = policy.network.makeWorkspace(batch: rows, training: false)
    workspace.state = state
    var inputs = observations
    var span = inputs.mutableSpan
    policy.normalizer.apply(inPlace: &span)
    policy.network.forward(policy.parameters[0], inputs, rows: rows, in: &workspace)
    var values = [Float](repeating: 0, count: workspace.outputs.count / policy.values.atoms)
    var written = values.mutableSpan
    policy.values.values(of: workspace.outputs.span, into: &written)
    return (values, workspace.state)
  }

  func close(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
  }

  @Test(arguments: members.indices)
  func `is normaliser, network and head, row for row`(_ member: Int) {
    let policy = Self.members[member]
    let observations = Self.observations(6)
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 6)
    evaluation.evaluate(observations.span, rows: 0..<6, under: policy.parameters[0])
    let zeros = [Float](repeating: 0, count: 6 * policy.network.stateCount)
    let (values, state) = Self.expected(policy, observations, state: zeros)
    #expect(values.count == 6 * (policy.branches?.count ?? 0))
    #expect(close(evaluation.values[...], values[...]) && close(evaluation.state[...], state[...]))
  }

  @Test(arguments: members.indices)
  func `some rows leave the values and states of the others alone`(_ member: Int) {
    let policy = Self.members[member]
    let (options, width) = (policy.branches?.count ?? 0, policy.network.stateCount)
    let observations = Self.observations(5)
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 5)
    evaluation.evaluate(observations.span, rows: 0..<5, under: policy.parameters[0])
    let before = evaluation
    let others = Self.observations(5, seed: 6)
    evaluation.evaluate(others.span, rows: 2..<4, under: policy.parameters[0])
    let (values, state) = Self.expected(
      policy, Array(others[6..<12]), state: Array(before.state[2 * width..<4 * width]))
    #expect(close(evaluation.values[2 * options..<4 * options], values[...]))
    #expect(close(evaluation.state[2 * width..<4 * width], state[...]))
    for rows in [0..<2, 4..<5] {
      let part = rows.lowerBound * options..<rows.upperBound * options
      #expect(evaluation.values[part] == before.values[part])
      let states = rows.lowerBound * width..<rows.upperBound * width
      #expect(evaluation.state[states] == before.state[states])
    }
  }

  @Test func `a normaliser that changes nothing gives the same as none`() {
    let policy = Self.members[2]
    let observations = Self.observations(3)
    var plain = ValueEvaluation(policy.network, .identity(3), head: .expected, rows: 3)
    plain.evaluate(observations.span, rows: 0..<3, under: policy.parameters[0])
    var workspace = policy.network.makeWorkspace(batch: 3, training: false)
    policy.network.forward(policy.parameters[0], observations, rows: 3, in: &workspace)
    #expect(plain.values == workspace.outputs)
  }

  @Test func `a forgotten row begins anew, the others go on`() {
    let policy = Self.members[3]
    let width = policy.network.stateCount
    let observations = Self.observations(3)
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 3)
    #expect(evaluation.stateCount == 9 && evaluation.state == [Float](repeating: 0, count: 27))
    evaluation.evaluate(observations.span, rows: 0..<3, under: policy.parameters[0])
    let (first, state) = (evaluation.values, evaluation.state)
    evaluation.forget(row: 1)
    #expect(evaluation.state[width..<2 * width].allSatisfy { $0 == 0 })
    #expect(evaluation.state[..<width] == state[..<width] && evaluation.state[(2 * width)...] == state[(2 * width)...])
    evaluation.evaluate(observations.span, rows: 0..<3, under: policy.parameters[0])
    #expect(close(evaluation.values[6..<12], first[6..<12]))
    #expect(!close(evaluation.values[..<6], first[..<6]) && !close(evaluation.values[12...], first[12...]))
  }

  @Test func `noise is silent until it is drawn, and then the same for all rows`() {
    let policy = Self.members[0]
    let observation = Self.observations(1)
    let observations = observation + observation
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 2)
    evaluation.evaluate(observations.span, rows: 0..<2, under: policy.parameters[0])
    let silent = evaluation.values
    var stream = RandomStream(seed: 1)
    evaluation.drawNoise(using: &stream)
    evaluation.evaluate(observations.span, rows: 0..<2, under: policy.parameters[0])
    #expect(!close(evaluation.values[...], silent[...]))
    #expect(close(evaluation.values[..<3], evaluation.values[3...]))
  }
}
