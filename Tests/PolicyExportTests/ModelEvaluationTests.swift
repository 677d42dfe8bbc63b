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
      let values = evaluation.outputs(for: clipped)
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

  @Test func `equals the graph evaluated operation by operation in Double`() {
    var stream = RandomStream(seed: 3)
    for policy in SamplePolicies.set().groups {
      for index in policy.parameters.indices {
        let graph = PolicyGraph.make(policy, parameters: index)
        var evaluation = ModelEvaluation(policy, parameters: index)
        for _ in 0..<50 {
          let observation = policy.group.observation.fields.map { field in
            let low = max(field.range.lowerBound, -100)
            return Float(stream.uniform(in: Double(low)..<Double(min(field.range.upperBound, low + 1e7))))
          }
          var mask = policy.group.action.labels.map { _ in stream.bernoulli(0.5) }
          mask[stream.integer(below: mask.count)] = true
          let tensors = GraphInterpreter.run(
            graph, ["observation": observation.map(Double.init), "action_mask": mask.map { $0 ? 1 : 0 }])
          let ours = evaluation.outputs(for: observation)
          let exact = tensors["q_values"] ?? []
          #expect(exact.count == ours.count)
          for (a, b) in zip(ours, exact) { #expect(abs(Double(a) - b) <= 1e-4 * max(1, abs(b))) }
          let chosen = greedyAction(ours.span, permitted: mask.span)
          #expect(tensors["action"] == [Double(chosen ?? -1)])
        }
      }
    }
  }
}

extension ActionSpace {
  var labels: [String] {
    if case .discrete(let labels) = self { labels } else { [] }
  }
}
