import NeuralNetworks
import Randomness
import Snapshots
import Testing

struct NoiseTests {
  let network = Network(layers: [
    .dense(Dense(inputs: 4, outputs: 6, activation: .relu)),
    .noisyDense(NoisyDense(inputs: 6, outputs: 8, activation: .relu)),
    .dueling(Dueling(inputs: 8, branches: [3, 2], separateStreams: true, noisy: true)),
  ])

  @Test func `silent noise is a network of the means`() {
    var stream = RandomStream(seed: 61)
    let parameters = network.initialParameters(using: &stream)
    let plain = Network(layers: [
      .dense(Dense(inputs: 4, outputs: 6, activation: .relu)),
      .dense(Dense(inputs: 6, outputs: 8, activation: .relu)),
      .dueling(Dueling(inputs: 8, branches: [3, 2], separateStreams: true)),
    ])
    let means = parameters.layout.slots.filter { !$0.name.hasSuffix("_sigma") }
      .flatMap { Array(parameters.values[$0.range]) }
    let inputs = (0..<12).map { _ in Float(stream.normal()) }
    var (noisy, silent) = (
      network.makeWorkspace(batch: 3, training: false), plain.makeWorkspace(batch: 3, training: false)
    )
    #expect(network.hasNoise && !plain.hasNoise)
    network.forward(parameters, inputs, rows: 3, in: &noisy)
    plain.forward(ParameterVector(layout: plain.layout, values: means), inputs, rows: 3, in: &silent)
    #expect(noisy.outputs == silent.outputs)

    network.drawNoise(in: &noisy, using: &stream)
    network.forward(parameters, inputs, rows: 3, in: &noisy)
    let first = noisy.outputs
    #expect(first != silent.outputs)
    network.forward(parameters, inputs, rows: 3, in: &noisy)
    #expect(noisy.outputs == first)
    network.drawNoise(in: &noisy, using: &stream)
    network.forward(parameters, inputs, rows: 3, in: &noisy)
    #expect(noisy.outputs != first)
    network.silenceNoise(in: &noisy)
    network.forward(parameters, inputs, rows: 3, in: &noisy)
    #expect(noisy.outputs == silent.outputs)
  }

  @Test func `the factors are signed roots of standard normals`() {
    let network = Network(layers: [.noisyDense(NoisyDense(inputs: 301, outputs: 100))])
    var workspace = network.makeWorkspace(batch: 1, training: false)
    var stream = RandomStream(seed: 62)
    var factors: [Double] = []
    for _ in 0..<100 {
      network.drawNoise(in: &workspace, using: &stream)
      factors += workspace.layers[0].noise.map(Double.init)
    }
    let normals = factors.map { $0 * abs($0) }
    let count = Double(normals.count)
    func moment(_ power: (Double) -> Double) -> Double { normals.map(power).reduce(0, +) / count }
    // Moments of a standard normal and five standard errors of each.
    #expect(abs(moment { $0 }) < 5 / count.squareRoot())
    #expect(abs(moment { $0 * $0 } - 1) < 5 * (2 / count).squareRoot())
    #expect(abs(moment { $0 * $0 * $0 }) < 5 * (15 / count).squareRoot())
    #expect(abs(moment { $0 * $0 * $0 * $0 } - 3) < 5 * (96 / count).squareRoot())
    // The two numbers of a pair are not correlated, nor are their squares.
    let half = workspace.layers[0].noise.count / 2
    var (product, squares) = (0.0, 0.0)
    for draw in 0..<100 {
      for index in 0..<half {
        let (a, b) = (normals[draw * 2 * half + index], normals[draw * 2 * half + half + index])
        product += a * b
        squares += (a * a - 1) * (b * b - 1)
      }
    }
    #expect(abs(product) < 5 * (count / 2).squareRoot())
    #expect(abs(squares) < 5 * 2 * (count / 2).squareRoot())
  }

  @Test func `a snapshot of every kind of layer restores every bit`() throws {
    let network = Network(
      layers: network.layers.dropLast() + [
        .layerNorm(LayerNorm(count: 8)), .gru(GRU(inputs: 8, hidden: 4)),
        .dueling(Dueling(inputs: 4, branches: [2], atoms: 3, noisy: true)),
      ])
    var stream = RandomStream(seed: 63)
    let parameters = network.initialParameters(using: &stream)
    let snapshot = parameters.snapshot()
    #expect(snapshot.names == (0..<5).map { "layers.\($0)" })
    #expect(try snapshot.group("layers.4").dataset("advantage_weight_mu").shape == [6, 4])
    #expect(try snapshot.group("layers.3").dataset("weight_hh").shape == [12, 4])
    var restored = ParameterVector(layout: network.layout)
    try restored.restore(from: snapshot)
    #expect(restored == parameters)
    #expect(network.layers.map(\.kind) == ["dense", "noisy_dense", "layer_norm", "gru", "dueling"])
  }

  @Test func `a state that goes on is that of one long sequence`() {
    let network = Network(layers: [.gru(GRU(inputs: 2, hidden: 3)), .gru(GRU(inputs: 3, hidden: 2))])
    var stream = RandomStream(seed: 64)
    let parameters = network.initialParameters(using: &stream)
    let inputs = (0..<2 * 6 * 2).map { _ in Float(stream.normal()) }
    var (whole, parts) = (
      network.makeWorkspace(batch: 12, training: false), network.makeWorkspace(batch: 2, training: false)
    )
    #expect(network.stateCount == 5)
    network.forward(parameters, inputs, rows: 12, steps: 6, in: &whole)
    for step in 0..<6 {
      network.forward(parameters, Array(inputs[step * 4..<step * 4 + 4]), rows: 2, in: &parts)
    }
    #expect(relativeError(Array(parts.outputs), whole.outputs[20...].map(Double.init)) < 1e-6)
    #expect(relativeError(parts.state, whole.state[..<10].map(Double.init)) < 1e-6)
  }

  @Test func `a backward pass over other rows than the forward pass is refused with state`() async {
    await #expect(processExitsWith: .failure) {
      let network = Network(layers: [.gru(GRU(inputs: 1, hidden: 1))])
      let parameters = ParameterVector(layout: network.layout)
      var workspace = network.makeWorkspace(batch: 2, training: true)
      network.forward(parameters, [1, 2], rows: 2, steps: 2, in: &workspace)
      var gradient = parameters
      network.backward(parameters, [1, 2], rows: 1, in: &workspace, gradient: &gradient)
    }
  }
}
