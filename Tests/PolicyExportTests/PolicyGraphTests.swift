import NeuralNetworks
import Policies
import PolicyExport
import Randomness
import ReinforcementLearning
import Testing

struct PolicyGraphTests {
  let policies = SamplePolicies.set()

  @Test func `normalises, evaluates the layers, masks and chooses, in this order`() {
    let graph = PolicyGraph.make(policies.groups[0], parameters: 0)
    #expect(
      graph.nodes.map(\.operation)
        == ["Sub", "Div", "Gemm", "Relu", "Gemm", "Tanh", "Gemm", "Where", "ArgMax"])
    #expect(graph.inputs.map(\.name) == ["observation", "action_mask"])
    #expect(graph.inputs.map(\.type) == [.float32, .boolean])
    #expect(graph.inputs.map(\.columns) == [6, 5])
    #expect(graph.outputs.map(\.name) == ["action", "q_values"])
    #expect(graph.outputs.map(\.type) == [.int64, .float32])
    #expect(graph.outputs.map(\.columns) == [nil, 5])
  }

  @Test func `every tensor is made once, before it is read`() {
    for policy in SampleFamily.set.groups {
      let graph = PolicyGraph.make(policy, parameters: 0)
      var known = Set(graph.inputs.map(\.name))
      for constant in graph.constants { #expect(known.insert(constant.name).inserted) }
      for node in graph.nodes {
        #expect(known.isSuperset(of: node.inputs))
        #expect(known.insert(node.output).inserted)
      }
      #expect(known.isSuperset(of: graph.outputs.map(\.name)))
    }
  }

  @Test func `leaves out a normaliser that changes nothing`() {
    let graph = PolicyGraph.make(policies.groups[1], parameters: 0)
    #expect(graph.nodes.map(\.operation) == ["Gemm", "Tanh", "Gemm", "Relu", "Gemm", "Where", "ArgMax"])
    #expect(graph.nodes.first?.inputs.first == "observation")
  }

  @Test func `applies an activation of the last layer before the mask`() {
    let network = Network.mlp(inputs: 3, hidden: [], outputs: 4, outputActivation: .tanh)
    let policy = GroupPolicy(
      group: SamplePolicies.drone, head: .greedyValue, network: network, normalizer: .identity(3),
      parameters: [ParameterVector(layout: network.layout)])
    let nodes = PolicyGraph.make(policy, parameters: 0).nodes
    #expect(nodes.map(\.operation) == ["Gemm", "Tanh", "Where", "ArgMax"])
    #expect(nodes[1].output == "q_values" && nodes[2].inputs[1] == "q_values")
  }

  @Test func `carries the weights of the agent for which it acts`() {
    for index in 0..<2 {
      let graph = PolicyGraph.make(policies.groups[1], parameters: index)
      let parameters = policies.groups[1].parameters[index]
      for slot in parameters.layout.slots {
        let constant = graph.constants.first { $0.name == slot.name }
        #expect(
          constant?.elements == parameters[slot.name].map(ONNXGraph.Elements.float32) && constant?.shape == slot.shape)
      }
    }
    #expect(policies.groups[1].parameters[0] != policies.groups[1].parameters[1])
  }

  @Test func `refuses parameters that are not finite and names the first`() {
    var policy = policies.groups[1]
    policy.parameters[1].values[100] = .nan
    let slot = policy.network.layout.slots.first { $0.range.contains(100) }
    #expect(
      PolicyGraph.objection(to: policy)
        == "\(slot?.name ?? "") of q-1 holds nan, which is not a finite number")
  }

  @Test func `refuses real numbers without levels`() {
    for action in [ActionSpace.box([0...1]), .hybrid(labels: ["a"], box: [0...1])] {
      let group = AgentGroup(
        name: "drone", count: 2, observation: SamplePolicies.drone.observation, action: action)
      let old = policies.groups[1]
      let policy = GroupPolicy(
        group: group, head: .greedyValue, network: old.network, normalizer: old.normalizer,
        parameters: old.parameters)
      #expect(PolicyGraph.objection(to: policy)?.contains("its real numbers have no levels") == true)
    }
  }

  @Test func `refuses a network that does not give a value per action`() {
    let network = Network.mlp(inputs: 3, hidden: [], outputs: 5)
    let policy = GroupPolicy(
      group: SamplePolicies.drone, head: .greedyValue, network: network, normalizer: .identity(3),
      parameters: [ParameterVector(layout: network.layout)])
    #expect(PolicyGraph.objection(to: policy) == "the network gives 5 values for 4 actions")
  }

  @Test func `refuses a network that does not give the atoms of each action`() {
    let network = Network.mlp(inputs: 3, hidden: [], outputs: 12)
    let policy = GroupPolicy(
      group: SamplePolicies.drone, head: .greedyValue, values: .quantile(count: 5), network: network,
      normalizer: .identity(3), parameters: [ParameterVector(layout: network.layout)])
    #expect(PolicyGraph.objection(to: policy) == "the network gives 12 values for 4 actions of 5 atoms")
  }
}
