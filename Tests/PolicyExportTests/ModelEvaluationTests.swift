import NeuralNetworks
import Policies
import PolicyExport
import Randomness
import ReinforcementLearning
import Testing

struct ModelEvaluationTests {
  @Test func `answers as ONNX Runtime does`() {
    let fields = (0..<4).map { ObservationField("x\($0)", unit: "1", in: -10...10, "value \($0)") }
    let policy = GroupPolicy(
      group: AgentGroup(
        name: "agent", count: 1, observation: ObservationSpace(fields),
        action: .discrete(labels: ["a", "b", "c"])),
      head: .greedyValue, network: MinimalPolicy.network, normalizer: MinimalPolicy.normalizer,
      parameters: [MinimalPolicy.parameters])
    var evaluation = ModelEvaluation(policy, parameters: 0)
    var compared = 0
    for (row, observation) in MinimalPolicy.observations.enumerated() {
      let offset = MinimalPolicy.normalizer.offset
      let scale = MinimalPolicy.normalizer.scale
      let clipped = observation.indices.map { index in
        let limit = MinimalPolicy.clip
        return max(-limit, min(limit, (observation[index] - offset[index]) / scale[index])) * scale[index]
          + offset[index]
      }
      let values = evaluation.answer(to: clipped).values
      for (ours, theirs) in zip(values, MinimalPolicy.values[row]) {
        #expect(abs(ours - theirs) <= 1e-5 * max(1, abs(theirs)))
      }
      let mask = MinimalPolicy.masks[row]
      let chosen = greedyAction(values.span, permitted: mask.span)
      #expect(chosen == MinimalPolicy.actions[row])
      compared += values.count
    }
    #expect(compared == 24)
  }

  @Test(arguments: SampleFamily.set.groups.indices)
  func `equals the graph evaluated operation by operation in Double`(_ member: Int) throws {
    let policy = SampleFamily.set.groups[member]
    let branches = try #require(policy.branches)
    var stream = RandomStream(seed: 3)
    for index in policy.parameters.indices {
      let graph = PolicyGraph.make(policy, parameters: index)
      var evaluation = ModelEvaluation(policy, parameters: index)
      for _ in 0..<50 {
        let row = RandomRow(policy, branches, using: &stream)
        let ours = evaluation.answer(to: row.observation, state: row.state)
        let exact = GraphInterpreter.run(graph, row.tensors)
        expectClose(ours.values, exact["q_values"])
        if policy.network.stateCount > 0 { expectClose(ours.state, exact["state_out"]) }
        let choices = try #require(branches.choices(of: ours.values, permitted: row.mask))
        if let name = ActionPort.integers(of: policy.group.action) {
          #expect(exact[name] == choices[..<branches.integers].map(Double.init))
        }
        if let name = ActionPort.reals(of: policy.group.action) {
          #expect(exact[name] == zip(branches.levels, choices[branches.integers...]).map { Double($0[$1]) })
        }
      }
    }
  }

  @Test func `carries its state on and forgets it where a trajectory begins`() throws {
    let policy = SampleFamily.recurrent
    let observation: [Float] = [100, -200, 300]
    var evaluation = ModelEvaluation(policy, parameters: 0)
    let first = evaluation.answer(to: observation)
    #expect(evaluation.answer(to: observation) == first)
    #expect(evaluation.answer(to: observation, state: [Float](repeating: 0, count: 10)) == first)
    let second = evaluation.answer(to: observation, state: first.state)
    #expect(second != first)
    let graph = PolicyGraph.make(policy, parameters: 0)
    let exact = GraphInterpreter.run(
      graph,
      [
        "observation": observation.map(Double.init), "action_mask": [1, 1, 1],
        "state_in": first.state.map(Double.init),
      ])
    expectClose(second.values, exact["q_values"])
  }

  private func expectClose(_ ours: [Float], _ exact: [Double]?) {
    #expect(ours.count == exact?.count)
    for (a, b) in zip(ours, exact ?? []) { #expect(abs(Double(a) - b) <= 1e-4 * max(1, abs(b))) }
  }
}

extension RandomRow {
  /// The row as the inputs of a graph.
  var tensors: [String: [Double]] {
    var tensors = ["observation": observation.map(Double.init)]
    if !mask.isEmpty { tensors["action_mask"] = mask.map { $0 ? 1 : 0 } }
    if !state.isEmpty { tensors["state_in"] = state.map(Double.init) }
    return tensors
  }
}

extension ActionSpace {
  var labels: [String] {
    if case .discrete(let labels) = self { labels } else { [] }
  }
}
