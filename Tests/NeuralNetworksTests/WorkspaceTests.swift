import NeuralNetworks
import Randomness
import Testing

struct WorkspaceTests {
  static let networks: [Network] = [
    .mlp(inputs: 32, hidden: [64, 64], outputs: 16, activation: .tanh),
    Network(layers: [
      .layerNorm(LayerNorm(count: 32, activation: .silu)), .gru(GRU(inputs: 32, hidden: 24)),
      .noisyDense(NoisyDense(inputs: 24, outputs: 32, activation: .silu)),
      .dense(Dense(inputs: 32, outputs: 30, activation: .silu)),
      .dueling(Dueling(inputs: 30, branches: [3, 2], atoms: 5, separateStreams: true, noisy: true)),
    ]),
  ]

  @Test(arguments: networks.indices, OptimizerTests.kinds)
  func `no array moves during passes and updates, so that none is allocated anew`(
    index: Int, kind: Optimizer.Kind
  ) {
    var update = Update(network: Self.networks[index], kind: kind)
    update.run()
    let before = update.addresses
    for _ in 0..<20 { update.run() }
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
  let network: Network
  let inputs: [Float]
  var stream = RandomStream(seed: 7)
  var parameters: ParameterVector
  var target: ParameterVector
  var gradient: ParameterVector
  var optimizer: Optimizer
  var online: Workspace
  var next: Workspace

  init(network: Network, kind: Optimizer.Kind) {
    self.network = network
    var stream = RandomStream(seed: 7)
    inputs = (0..<64 * 32).map { _ in Float(stream.normal()) }
    parameters = network.initialParameters(using: &stream)
    target = parameters
    gradient = ParameterVector(layout: network.layout)
    optimizer = Optimizer(kind, count: network.layout.count, learningRate: 1e-3)
    online = network.makeWorkspace(batch: 64, training: true, inputGradients: true)
    next = network.makeWorkspace(batch: 64, training: false)
  }

  mutating func run() {
    network.drawNoise(in: &next, using: &stream)
    network.drawNoise(in: &online, using: &stream)
    network.forward(target, inputs, rows: 64, steps: 8, in: &next)
    network.forward(parameters, inputs, rows: 1, in: &next)
    network.forward(parameters, inputs, rows: 64, steps: 8, in: &online)
    let bootstrapped = next.outputs
    online.withOutputGradients(rows: 64) { outputs, gradients in
      for index in 0..<outputs.count {
        gradients[index] = Loss.huber(threshold: 1).derivative(
          outputs[index] - 0.99 * bootstrapped[index])
      }
    }
    network.backward(parameters, inputs, rows: 64, in: &online, gradient: &gradient)
    ValueClipping(maximumValue: 5).clip(&gradient)
    let scale = GradientClipping(maximumNorm: 10).scale(for: gradient)
    optimizer.update(&parameters, along: gradient, gradientScale: scale)
    optimizer.update(&parameters, along: gradient, gradientScale: scale, dragging: &target, by: 0.005)
  }

  /// Where the arrays lie.
  var addresses: [UInt] {
    let own = [
      online.outputs, online.outputGradients, online.inputGradients, online.state, next.outputs, next.state,
      parameters.values, target.values, gradient.values,
    ]
    let all = own + (online.layers + next.layers).flatMap(\.arrays) + optimizer.arrays
    return all.filter { !$0.isEmpty }.map { array in
      unsafe array.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
  }
}
