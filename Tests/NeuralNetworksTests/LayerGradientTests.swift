import NeuralNetworks
import Randomness
import Testing

struct LayerGradientTests {
  /// Networks with each kind of layer first, in the middle and last, and the steps they are tried with.
  static let networks: [(name: String, layers: [Layer], rows: Int, steps: Int)] = [
    ("noisy", [.noisyDense(NoisyDense(inputs: 3, outputs: 2))], 4, 1),
    (
      "noisy, deep",
      [
        .noisyDense(NoisyDense(inputs: 5, outputs: 7, activation: .silu, initialSigma: 1)),
        .noisyDense(NoisyDense(inputs: 7, outputs: 3, activation: .tanh, initialSigma: 1)),
      ], 3, 1
    ),
    ("norm", [.layerNorm(LayerNorm(count: 6))], 3, 1),
    (
      "norm, deep",
      [
        .layerNorm(LayerNorm(count: 4, activation: .softplus)),
        .dense(Dense(inputs: 4, outputs: 9)), .layerNorm(LayerNorm(count: 9, epsilon: 1e-3, activation: .silu)),
        .dense(Dense(inputs: 9, outputs: 2)),
      ], 5, 1
    ),
    ("dueling", [.dueling(Dueling(inputs: 3, branches: [4]))], 5, 1),
    (
      "dueling, branches, atoms, separate",
      [
        .dense(Dense(inputs: 3, outputs: 8, activation: .tanh)),
        .dueling(Dueling(inputs: 8, branches: [2, 3, 1], atoms: 5, separateStreams: true)),
      ], 4, 1
    ),
    (
      "dueling, noisy",
      [
        .dense(Dense(inputs: 3, outputs: 6, activation: .sigmoid)),
        .dueling(Dueling(inputs: 6, branches: [3, 2], atoms: 2, separateStreams: true, noisy: true)),
      ], 1, 1
    ),
    ("dueling, noisy, shared", [.dueling(Dueling(inputs: 5, branches: [3], atoms: 3, noisy: true))], 6, 1),
    ("gru, one step", [.gru(GRU(inputs: 3, hidden: 5))], 4, 1),
    ("gru, seven steps", [.gru(GRU(inputs: 3, hidden: 5))], 21, 7),
    (
      "gru, twice",
      [
        .dense(Dense(inputs: 2, outputs: 4, activation: .tanh)), .gru(GRU(inputs: 4, hidden: 3)),
        .gru(GRU(inputs: 3, hidden: 6)), .dense(Dense(inputs: 6, outputs: 2)),
      ], 8, 4
    ),
    ("gru, one sequence", [.gru(GRU(inputs: 2, hidden: 4)), .layerNorm(LayerNorm(count: 4))], 5, 5),
  ]

  @Test(arguments: networks.indices, [false, true])
  func `outputs and gradients equal those of the plain twin`(index: Int, noisy: Bool) {
    let (name, layers, rows, steps) = Self.networks[index]
    let network = Network(layers: layers)
    var stream = RandomStream(seed: 17)
    // Not the initial parameters: some start at 0 or 1, which would hide errors.
    let parameters = ParameterVector(
      layout: network.layout, values: (0..<network.layout.count).map { _ in Float(0.5 * stream.normal()) })
    let inputs = (0..<rows * network.inputCount).map { _ in Float(stream.normal()) }
    let weights = (0..<rows * network.outputCount).map { _ in Float(stream.normal()) }
    let state = (0..<rows / steps * network.stateCount).map { _ in Float(stream.normal()) }
    var workspace = network.makeWorkspace(batch: rows + 2, training: true, inputGradients: true)
    for place in state.indices { workspace.state[place] = state[place] }
    if noisy { network.drawNoise(in: &workspace, using: &stream) }
    let noise = zip(network.layers, workspace.layers).map { layer, memory in
      noisy && layer.hasNoise ? memory.noise.map(Double.init) : []
    }
    let twin = ReferenceLayers(network: network, steps: steps, state: state.map(Double.init), noise: noise)

    network.forward(parameters, inputs, rows: rows, steps: steps, in: &workspace)
    let (plain, given) = (parameters.values.map(Double.init), inputs.map(Double.init))
    let expected = twin.outputs(plain, given)
    #expect(relativeError(Array(workspace.outputs[..<expected.count]), expected) < 1e-5, "\(name)")

    func weightedSum(_ outputs: [Double]) -> Double {
      zip(outputs, weights).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    var gradient = ParameterVector(
      layout: network.layout, values: [Float](repeating: .nan, count: network.layout.count))
    for place in weights.indices { workspace.outputGradients[place] = weights[place] }
    network.backward(parameters, inputs, rows: rows, in: &workspace, gradient: &gradient)
    let byParameters = centralDifferences(plain) { weightedSum(twin.outputs($0, given)) }
    let byInputs = centralDifferences(given) { weightedSum(twin.outputs(plain, $0)) }
    #expect(relativeError(gradient.values, byParameters) < 1e-4, "\(name)")
    let found = Array(workspace.inputGradients[..<byInputs.count])
    #expect(relativeError(found, byInputs) < 1e-4, "\(name)")

    for place in weights.indices { workspace.outputGradients[place] = weights[place] }
    network.backwardToInputs(parameters, rows: rows, in: &workspace)
    #expect(Array(workspace.inputGradients[..<byInputs.count]) == found)
  }
}
