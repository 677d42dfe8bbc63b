import NeuralNetworks
import Policies
import PolicyExport
import ReinforcementLearning
import Testing

/// What the graphs of ``SampleFamily`` consist of.
struct FamilyGraphTests {
  func graph(_ policy: GroupPolicy) -> ONNXGraph { PolicyGraph.make(policy, parameters: 0) }

  func ports(_ ports: [ONNXGraph.Port]) -> [String] {
    ports.map { "\($0.name) \($0.type) [batch\($0.columns.map { ", \($0)" } ?? "")]" }
  }

  @Test func `a dueling layer is one affine map and a distribution its mean`() {
    #expect(
      graph(SampleFamily.rainbow).nodes.map(\.operation)
        == ["Sub", "Div", "Gemm", "Relu", "Gemm", "Reshape", "Softmax", "MatMul", "Reshape", "Where", "ArgMax"])
    #expect(
      graph(SampleFamily.quantiles).nodes.map(\.operation)
        == ["Sub", "Div", "Gemm", "Tanh", "Gemm", "Reshape", "ReduceMean", "Where", "ArgMax"])
  }

  @Test func `noise is not exported`() {
    let policy = SampleFamily.rainbow
    let names = graph(policy).constants.map(\.name)
    #expect(names.contains("layers.0.weight_mu") && !names.contains { $0.hasSuffix("sigma") })
    var silent = policy
    for slot in policy.network.layout.slots where slot.name.hasSuffix("sigma") {
      for index in slot.range { silent.parameters[0].values[index] = 0 }
    }
    #expect(silent != policy && graph(silent) == graph(policy))
  }

  @Test func `a layer normalises by its own epsilon`() throws {
    let constants = graph(SampleFamily.activations).constants
    for (name, epsilon) in [("layers.1.epsilon", 1e-5), ("layers.3.epsilon", 1e-3)] as [(String, Float)] {
      #expect(constants.first { $0.name == name }?.elements == .float32([epsilon]))
    }
  }

  @Test func `a folded row is the value plus the advantage less its branch's mean`() throws {
    let layer = Dueling(inputs: 2, branches: [2, 1], separateStreams: true)
    let network = Network(layers: [.dueling(layer)])
    // Value: weight 3, bias 5. Advantages: weights 1, 2 and 7; biases 10, 20 and 40.
    let parameters = ParameterVector(layout: network.layout, values: [3, 5, 1, 2, 7, 10, 20, 40])
    var graph = ONNXGraph(name: "dueling")
    graph.appendNetwork(network, parameters, reading: graph.input("x", .float32, columns: 2), to: "q")
    #expect(graph.nodes.map(\.operation) == ["Gemm"])
    #expect(graph.constants.map(\.name) == ["layers.0.weight", "layers.0.bias"])
    #expect(graph.constants[0].elements == .float32([3, -0.5, 3, 0.5, 3, 0]))
    #expect(graph.constants[1].elements == .float32([0, 10, 5]))
  }

  @Test func `each kind of action has its ports`() {
    let cases: [(GroupPolicy, [String], [String])] = [
      (
        SampleFamily.joint, ["observation float32 [batch, 3]", "action_mask boolean [batch, 7]"],
        ["action int64 [batch, 2]", "q_values float32 [batch, 7]"]
      ),
      (
        SampleFamily.numbers, ["observation float32 [batch, 3]"],
        ["action float32 [batch, 2]", "q_values float32 [batch, 8]"]
      ),
      (
        SampleFamily.hybrid, ["observation float32 [batch, 3]", "action_mask boolean [batch, 2]"],
        ["action_discrete int64 [batch]", "action_continuous float32 [batch, 1]", "q_values float32 [batch, 6]"]
      ),
      (
        SampleFamily.recurrent,
        [
          "observation float32 [batch, 3]", "action_mask boolean [batch, 3]", "state_in float32 [batch, 10]",
        ], ["action int64 [batch]", "q_values float32 [batch, 3]", "state_out float32 [batch, 10]"]
      ),
    ]
    for (policy, inputs, outputs) in cases {
      let graph = graph(policy)
      #expect(ports(graph.inputs) == inputs && ports(graph.outputs) == outputs)
    }
  }

  @Test func `recurrent layers share the columns of the state in their order`() {
    let graph = graph(SampleFamily.stacked)
    let slices = graph.nodes.filter { $0.operation == "Slice" && $0.inputs[0] == "state_in" }
    #expect(slices.map(\.output) == ["layers.0.state", "layers.2.state"])
    let bounds = slices.map { slice in
      slice.inputs[1...2].map { name in graph.constants.first { $0.name == name }?.elements }
    }
    #expect(bounds == [[.int64([0]), .int64([8])], [.int64([8]), .int64([14])]])
    #expect(graph.nodes.first { $0.output == "state_out" }?.inputs == ["layers.0.output", "layers.2.output"])
  }

  @Test(arguments: SampleFamily.members.indices)
  func `chooses the lowest option of every branch where all values are equal`(_ member: Int) throws {
    var policy = SampleFamily.members[member]
    policy.parameters = [ParameterVector(layout: policy.network.layout)]
    let branches = try #require(policy.branches)
    let graph = graph(policy)
    var inputs: [String: [Double]] = [:]
    for port in graph.inputs { inputs[port.name] = [Double](repeating: 0, count: port.columns ?? 1) }
    inputs["action_mask"] = inputs["action_mask"]?.map { _ in 1 }
    let tensors = GraphInterpreter.run(graph, inputs)
    if let name = ActionPort.integers(of: policy.group.action) {
      #expect(tensors[name] == [Double](repeating: 0, count: branches.integers))
    }
    if let name = ActionPort.reals(of: policy.group.action) {
      #expect(tensors[name] == branches.levels.map { Double($0[0]) })
    }
  }
}
