import NeuralNetworks
import Randomness
import Testing

struct WorkspaceTests {
  @Test func `no array moves during passes and updates, so that none is allocated anew`() {
    var update = Update()
    update.run()
    let before = update.addresses
    for _ in 0..<100 { update.run() }
    #expect(update.addresses == before)
    #expect(Set(before).count == before.count)
  }

  @Test func `a copy of a workspace is independent`() {
    let network = Network.mlp(inputs: 2, hidden: [3], outputs: 1, activation: .tanh)
    var stream = RandomStream(seed: 6)
    let parameters = network.initialParameters(using: &stream)
    var original = network.makeWorkspace(batch: 1, training: false)
    let (first, second): ([Float], [Float]) = ([1, 2], [-3, 4])
    network.forward(parameters, first.span, rows: 1, in: &original)
    var copy = original
    network.forward(parameters, second.span, rows: 1, in: &copy)
    let expected = original.outputs
    network.forward(parameters, first.span, rows: 1, in: &original)
    #expect(original.outputs == expected)
    #expect(copy.outputs != expected)
  }
}

/// An update of a value network from its own bootstrapped outputs, with all memory that it needs.
private struct Update {
  let network = Network.mlp(inputs: 32, hidden: [64, 64], outputs: 16, activation: .tanh)
  let inputs: [Float]
  var parameters: ParameterVector
  var target: ParameterVector
  var gradient: ParameterVector
  var adam: Adam
  var online: Workspace
  var next: Workspace

  init() {
    var stream = RandomStream(seed: 7)
    inputs = (0..<64 * 32).map { _ in Float(stream.normal()) }
    parameters = network.initialParameters(using: &stream)
    target = parameters
    gradient = ParameterVector(layout: network.layout)
    adam = Adam(count: network.layout.count)
    online = network.makeWorkspace(batch: 64, training: true, inputGradients: true)
    next = network.makeWorkspace(batch: 64, training: false)
  }

  mutating func run() {
    network.forward(target, inputs, rows: 64, in: &next)
    network.forward(parameters, inputs, rows: 1, in: &next)
    network.forward(parameters, inputs, rows: 64, in: &online)
    let bootstrapped = next.outputs
    online.withOutputGradients(rows: 64) { outputs, gradients in
      for index in 0..<outputs.count {
        gradients[index] = Loss.huber(threshold: 1).derivative(
          outputs[index] - 0.99 * bootstrapped[index])
      }
    }
    network.backward(parameters, inputs, rows: 64, in: &online, gradient: &gradient)
    let scale = GradientClipping(maximumNorm: 10).scale(for: gradient)
    adam.update(&parameters, along: gradient, gradientScale: scale)
    target.move(toward: parameters, by: 0.005)
  }

  /// Where the arrays lie.
  var addresses: [UInt] {
    [
      online.outputs, online.outputGradients, online.inputGradients, online.layers[0].outputs,
      online.layers[0].gradients, online.layers[1].outputs, online.layers[1].gradients, next.outputs,
      next.layers[0].outputs, next.layers[1].outputs, parameters.values, target.values, gradient.values,
      adam.firstMoment, adam.secondMoment,
    ].map { array in
      unsafe array.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
  }
}
