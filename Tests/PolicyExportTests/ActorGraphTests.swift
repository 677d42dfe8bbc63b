import NeuralNetworks
import Policies
import PolicyExport
import Randomness
import ReinforcementLearning
import Testing

/// What the graphs of ``SampleActors`` consist of and give.
struct ActorGraphTests {
  func operations(_ policy: GroupPolicy) -> [String] {
    PolicyGraph.make(policy, parameters: 0).nodes.map(\.operation)
  }

  func ports(_ ports: [ONNXGraph.Port]) -> [String] {
    ports.map { "\($0.name) \($0.type) [batch\($0.columns.map { ", \($0)" } ?? "")]" }
  }

  @Test func `normalises, evaluates, masks and chooses; squashes, scales, shifts and bounds`() {
    let start = ["Sub", "Div", "Gemm", "Tanh", "Gemm"]
    #expect(operations(SampleActors.guide) == start + ["Where", "ArgMax"])
    #expect(operations(SampleActors.throttle) == start + ["Tanh", "Mul", "Add", "Max", "Min"])
    #expect(
      operations(SampleActors.dispatch)
        == [
          "Sub", "Div", "Gemm", "Relu", "Gemm", "Slice", "Where", "ArgMax", "Slice", "Tanh", "Mul", "Add", "Max",
          "Min",
        ])
  }

  @Test func `each kind of action has its ports`() {
    let observation = "observation float32 [batch, 3]"
    let cases: [(GroupPolicy, [String], [String])] = [
      (
        SampleActors.guide, [observation, "action_mask boolean [batch, 4]"],
        ["action int64 [batch]", "logits float32 [batch, 4]"]
      ),
      (
        SampleActors.aim, [observation, "action_mask boolean [batch, 7]"],
        ["action int64 [batch, 2]", "logits float32 [batch, 7]"]
      ),
      (SampleActors.throttle, [observation], ["action float32 [batch, 4]"]),
      (
        SampleActors.dispatch, [observation, "action_mask boolean [batch, 2]"],
        ["action_discrete int64 [batch]", "action_continuous float32 [batch, 1]", "logits float32 [batch, 2]"]
      ),
      (
        SampleActors.drift, [observation, "action_mask boolean [batch, 3]", "state_in float32 [batch, 14]"],
        [
          "action_discrete int64 [batch]", "action_continuous float32 [batch, 2]", "logits float32 [batch, 3]",
          "state_out float32 [batch, 14]",
        ]
      ),
    ]
    for (policy, inputs, outputs) in cases {
      let graph = PolicyGraph.make(policy, parameters: 0)
      #expect(ports(graph.inputs) == inputs && ports(graph.outputs) == outputs)
    }
  }

  @Test(arguments: SampleActors.members.indices)
  func `every tensor is made once, before it is read`(_ member: Int) {
    let graph = PolicyGraph.make(SampleActors.members[member], parameters: 0)
    var known = Set(graph.inputs.map(\.name))
    for constant in graph.constants { #expect(known.insert(constant.name).inserted) }
    for node in graph.nodes {
      #expect(known.isSuperset(of: node.inputs))
      #expect(known.insert(node.output).inserted)
    }
    #expect(known.isSuperset(of: graph.outputs.map(\.name)))
  }

  @Test(arguments: SampleActors.members.indices)
  func `our answers equal the graph evaluated operation by operation in Double`(_ member: Int) throws {
    let policy = SampleActors.members[member]
    let outputs = try #require(policy.actorOutputs)
    let branches = try #require(SampleActors.choices(of: policy))
    var stream = RandomStream(seed: 3)
    for index in policy.parameters.indices {
      let graph = PolicyGraph.make(policy, parameters: index)
      var evaluation = ModelEvaluation(policy, parameters: index)
      for _ in 0..<50 {
        let row = RandomRow(policy, branches, using: &stream)
        let ours = evaluation.answer(to: row.observation, state: row.state)
        let action = evaluation.action(of: ours, permitted: row.mask)
        let exact = GraphInterpreter.run(graph, row.tensors)
        expectClose(Array(ours.values[..<outputs.logitCount]), exact["logits"] ?? [])
        if policy.network.stateCount > 0 { expectClose(ours.state, exact["state_out"] ?? []) }
        if let name = ActionPort.integers(of: policy.group.action) {
          #expect(exact[name] == action.integers.map(Double.init))
        }
        let widths = outputs.ranges.map { max(1, Double($0.upperBound - $0.lowerBound) / 2) }
        if let name = ActionPort.reals(of: policy.group.action) {
          expectClose(action.reals, exact[name] ?? [], widths: widths)
          for (number, real) in action.reals.enumerated() { #expect(outputs.ranges[number].contains(real)) }
        }
      }
    }
  }

  private func expectClose(_ ours: [Float], _ exact: [Double], widths: [Double]? = nil) {
    #expect(ours.count == exact.count)
    for (index, (a, b)) in zip(ours, exact).enumerated() {
      #expect(abs(Double(a) - b) <= 1e-4 * max(widths?[index] ?? 1, abs(b)))
    }
  }

  /// An actor without weights, whose outputs are its biases.
  private func constant(_ action: ActionSpace, _ outputs: [Float]) -> GroupPolicy {
    let network = Network(layers: [.dense(Dense(inputs: 3, outputs: outputs.count))])
    let old = SampleActors.guide.group
    return GroupPolicy(
      group: AgentGroup(name: "agent", count: 1, observation: old.observation, action: action), head: .actor,
      network: network, normalizer: .identity(3),
      parameters: [
        ParameterVector(
          layout: network.layout, values: [Float](repeating: 0, count: 3 * outputs.count) + outputs)
      ])
  }

  @Test func `real numbers follow the hyperbolic tangent and end at the range's ends`() {
    // tanh(ln 3 / 2) = 1/2; tanh(±40) is ±1 in either precision.
    let policy = constant(.box([-4...8, -4...8, -4...8, -4...8, 0.1...0.7]), [0, 0.54930615, 40, -40, 40])
    let graph = PolicyGraph.make(policy, parameters: 0)
    let exact = GraphInterpreter.run(graph, ["observation": [1, 2, 3]])["action"] ?? []
    var evaluation = ModelEvaluation(policy, parameters: 0)
    let ours = evaluation.action(of: evaluation.answer(to: [1, 2, 3]), permitted: []).reals
    for (index, expected) in [2, 5, 8, -4, Double(Float(0.7))].enumerated() {
      #expect(abs(exact[index] - expected) < 1e-6 && abs(Double(ours[index]) - expected) < 1e-6)
    }
    #expect(exact[4] <= Double(Float(0.7)) && ours[4] <= 0.7)
  }

  @Test func `a forbidden logit is never the greatest, and the lowest of equals is taken`() {
    let policy = constant(.multiDiscrete([3, 2]), [9, -5, -5, 1, 1])
    let graph = PolicyGraph.make(policy, parameters: 0)
    var evaluation = ModelEvaluation(policy, parameters: 0)
    let answer = evaluation.answer(to: [0, 0, 0])
    let cases: [([Bool], [Int])] = [
      ([true, true, true, true, true], [0, 0]), ([false, true, true, true, true], [1, 0]),
      ([false, false, true, false, true], [2, 1]), ([false, false, false, true, false], [0, 0]),
    ]
    for (mask, integers) in cases {
      let inputs = ["observation": [0, 0, 0], "action_mask": mask.map { $0 ? 1 : 0.0 }]
      #expect(GraphInterpreter.run(graph, inputs)["action"] == integers.map(Double.init))
      #expect(evaluation.action(of: answer, permitted: mask).integers == integers)
    }
  }

  @Test func `refuses ranges without end, and outputs that are not those of the actions`() {
    let endless = constant(.box([0 ... .infinity]), [0])
    #expect(
      PolicyGraph.objection(to: endless)
        == "a real number of its actions has a range without end, into which nothing can be squashed")
    let short = constant(.hybrid(labels: ["a", "b"], box: [0...1]), [0, 0])
    #expect(PolicyGraph.objection(to: short) == "the network gives 2 values for 2 options and 1 real numbers")
    var broken = SampleActors.guide
    broken.parameters[1].values[0] = .nan
    #expect(
      PolicyGraph.objection(to: broken)
        == "layers.0.weight of actor-1 holds nan, which is not a finite number")
  }
}
