import NeuralNetworks
import Randomness
import Testing

struct LayerFixtureTests {
  @Test func `outputs and gradients of every kind of layer equal PyTorch's`() throws {
    let fixture: LayersFixture = try decodeFixture("layers")
    #expect(Set(fixture.cases.map(\.kind)).count == 5)
    #expect(Set(fixture.cases.map(\.activation)).count == Activation.allCases.count)
    for test in fixture.cases {
      let network = Network(layers: [try #require(test.layer)])
      let parameters = ParameterVector(layout: network.layout, values: test.parameters)
      var workspace = network.makeWorkspace(batch: test.rows, training: true, inputGradients: true)
      for index in test.state.indices { workspace.state[index] = test.state[index] }
      if !test.noise.isEmpty { workspace.setNoise(test.noise, ofLayer: 0) }
      network.forward(parameters, test.inputs, rows: test.rows, steps: test.steps, in: &workspace)
      let name = "\(test.kind), \(test.activation), \(test.steps) steps"
      #expect(relativeError(workspace.outputs, test.outputs) < 1e-5, "\(name)")
      for index in test.weights.indices { workspace.outputGradients[index] = test.weights[index] }
      var gradient = ParameterVector(layout: network.layout)
      network.backward(parameters, test.inputs, rows: test.rows, in: &workspace, gradient: &gradient)
      #expect(relativeError(gradient.values, test.gradient) < 1e-5, "\(name)")
      #expect(relativeError(workspace.inputGradients, test.inputGradient) < 1e-5, "\(name)")
      if !test.finalState.isEmpty {
        let final = Array(workspace.state[..<test.finalState.count])
        #expect(relativeError(final, test.finalState) < 1e-5, "\(name)")
      }
    }
  }
}
