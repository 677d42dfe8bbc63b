import NeuralNetworks
import Testing

struct PyTorchTests {
  @Test(arguments: NetworkFixture.names)
  func `outputs, loss, gradients and clipping equal PyTorch's`(name: String) throws {
    let fixture = try NetworkFixture.load(name)
    let network = try #require(fixture.network)
    #expect(fixture.beyondThreshold > 0 && fixture.beyondThreshold < fixture.outputs.count)
    let parameters = ParameterVector(layout: network.layout, values: fixture.parameters)
    var workspace = network.makeWorkspace(batch: fixture.batch, training: true, inputGradients: true)
    network.forward(parameters, fixture.inputs.span, rows: fixture.batch, in: &workspace)
    #expect(relativeError(workspace.outputs, fixture.outputs) < 1e-5)

    let loss = Loss(name: fixture.loss, threshold: fixture.threshold)
    let value = workspace.withOutputGradients(rows: fixture.batch) {
      loss.mean($0, against: fixture.targets.span, gradient: &$1)
    }
    #expect(abs(Double(value) / fixture.lossValue - 1) < 1e-5)

    var gradient = ParameterVector(layout: network.layout)
    network.backward(
      parameters, fixture.inputs.span, rows: fixture.batch, in: &workspace, gradient: &gradient)
    #expect(relativeError(gradient.values, fixture.gradient) < 1e-5)
    #expect(relativeError(workspace.inputGradients, fixture.inputGradient) < 1e-5)

    let norm = GradientClipping.globalNorm(gradient.values.span)
    #expect(abs(Double(norm) / fixture.clipNorm - 1) < 1e-5)
    let scale = GradientClipping(maximumNorm: fixture.clipMaximum).scale(for: gradient.values.span)
    #expect(relativeError(gradient.values.map { scale * $0 }, fixture.clippedGradient) < 1e-5)
  }

  @Test(arguments: NetworkFixture.names)
  func `100 clipped Adam steps follow PyTorch's`(name: String) throws {
    let fixture = try NetworkFixture.load(name)
    let network = try #require(fixture.network)
    let loss = Loss(name: fixture.loss, threshold: fixture.threshold)
    let clipping = GradientClipping(maximumNorm: fixture.clipMaximum)
    var parameters = ParameterVector(layout: network.layout, values: fixture.parameters)
    var gradient = ParameterVector(layout: network.layout)
    var workspace = network.makeWorkspace(batch: fixture.batch, training: true)
    var adam = Adam(count: network.layout.count)
    var compared = 0
    for step in 1...100 {
      network.forward(parameters, fixture.inputs.span, rows: fixture.batch, in: &workspace)
      let value = workspace.withOutputGradients(rows: fixture.batch) {
        loss.mean($0, against: fixture.targets.span, gradient: &$1)
      }
      #expect(abs(Double(value) / fixture.adamLosses[step - 1] - 1) < 1e-5, "loss of step \(step)")
      network.backward(
        parameters, fixture.inputs.span, rows: fixture.batch, in: &workspace, gradient: &gradient)
      adam.update(
        &parameters, along: gradient, gradientScale: clipping.scale(for: gradient.values.span))
      guard let expected = fixture.adamCheckpoints["\(step)"] else { continue }
      #expect(relativeError(parameters.values, expected) < 1e-5, "after \(step) steps")
      compared += 1
    }
    #expect(compared == 3)
  }
}
