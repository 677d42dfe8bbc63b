import NeuralNetworks
import Randomness
import Testing

struct InitializationTests {
  @Test(arguments: [(40, 25), (25, 40), (16, 16), (1, 9), (9, 1)], [Float(1), 1.414])
  func `orthogonal weights have orthonormal rows or columns times the gain`(shape: (Int, Int), gain: Float) {
    let (outputs, inputs) = shape
    let network = Network(layers: [.dense(Dense(inputs: inputs, outputs: outputs))])
    var stream = RandomStream(seed: 51)
    let parameters = network.initialParameters(.orthogonal(gain: gain), using: &stream)
    let weights = (parameters["layers.0.weight"] ?? []).map(Double.init)
    #expect(weights.count == outputs * inputs)
    checkOrthogonal(weights, outputs, inputs, gain: Double(gain))
    #expect(parameters["layers.0.bias"]?.allSatisfy { $0 == 0 } == true)
  }

  private func checkOrthogonal(_ weights: [Double], _ rows: Int, _ columns: Int, gain: Double) {
    let (count, length) = (min(rows, columns), max(rows, columns))
    func element(_ vector: Int, _ index: Int) -> Double {
      rows <= columns ? weights[vector * columns + index] : weights[index * columns + vector]
    }
    for i in 0..<count {
      for j in 0...i {
        let inner = (0..<length).reduce(0.0) { $0 + element(i, $1) * element(j, $1) }
        #expect(abs(inner - (i == j ? gain * gain : 0)) < 1e-5)
      }
    }
  }

  static let variances: [(scheme: Initialization, variance: Double, isUniform: Bool)] = [
    (.kaimingUniform, 2.0 / 120, true), (.kaimingNormal, 2.0 / 120, false), (.xavierUniform, 2.0 / 200, true),
    (.xavierNormal, 2.0 / 200, false), (.uniformFanIn, 1.0 / 360, true),
  ]

  @Test(arguments: variances)
  func `weights have the mean, the variance and the bounds of their formula`(
    scheme: Initialization, variance: Double, isUniform: Bool
  ) {
    let network = Network(layers: [.dense(Dense(inputs: 120, outputs: 80))])
    var stream = RandomStream(seed: 52)
    let parameters = network.initialParameters(scheme, using: &stream)
    let weights = (parameters["layers.0.weight"] ?? []).map(Double.init)
    let count = Double(weights.count)
    let mean = weights.reduce(0, +) / count
    let square = weights.reduce(0) { $0 + $1 * $1 } / count
    // Five standard errors; the kurtosis of a uniform variable is 1.8, of a normal one 3.
    #expect(abs(mean) < 5 * (variance / count).squareRoot())
    #expect(abs(square / variance - 1) < 5 * ((isUniform ? 0.8 : 2) / count).squareRoot())
    let greatest = weights.reduce(0) { max($0, abs($1)) }
    let bound = (3 * variance).squareRoot()
    if isUniform {
      #expect(greatest <= bound * 1.000_001 && greatest > 0.99 * bound)
    } else {
      #expect(greatest > 1.5 * bound)
    }
    let biasesAreZero = parameters["layers.0.bias"]?.allSatisfy { $0 == 0 } == true
    #expect(biasesAreZero == (scheme != .uniformFanIn))
  }

  @Test func `each gate of recurrent units is orthogonal by itself`() {
    let network = Network(layers: [.gru(GRU(inputs: 7, hidden: 12))])
    var stream = RandomStream(seed: 53)
    let parameters = network.initialParameters(.orthogonal(gain: 1), using: &stream)
    for (name, columns) in [("layers.0.weight_ih", 7), ("layers.0.weight_hh", 12)] {
      let weights = (parameters[name] ?? []).map(Double.init)
      #expect(weights.count == 36 * columns)
      for gate in 0..<3 {
        let block = Array(weights[gate * 12 * columns..<(gate + 1) * 12 * columns])
        checkOrthogonal(block, 12, columns, gain: 1)
      }
    }
    let plain = network.initialParameters(using: &stream)
    let greatest = plain.values.reduce(0) { max($0, abs($1)) }
    #expect(greatest <= 1 / Float(12).squareRoot() && greatest > 0.95 / Float(12).squareRoot())
  }

  @Test func `noisy layers start at the deviations of the paper, normalising ones at 1 and 0`() {
    let network = Network(layers: [
      .layerNorm(LayerNorm(count: 16)),
      .noisyDense(NoisyDense(inputs: 16, outputs: 9, initialSigma: 0.5)),
      .dueling(Dueling(inputs: 9, branches: [2], noisy: true, initialSigma: 0.3)),
    ])
    for name in Initialization.names {
      var stream = RandomStream(seed: 54)
      guard let scheme = Initialization.named(name) else {
        Issue.record("\(name) is no scheme")
        continue
      }
      let parameters = network.initialParameters(scheme, using: &stream)
      #expect(parameters["layers.0.weight"] == [Float](repeating: 1, count: 16))
      #expect(parameters["layers.0.bias"] == [Float](repeating: 0, count: 16))
      #expect(parameters["layers.1.weight_sigma"] == [Float](repeating: 0.125, count: 144))
      #expect(parameters["layers.1.bias_sigma"] == [Float](repeating: 0.125, count: 9))
      #expect(parameters["layers.2.advantage_weight_sigma"] == [Float](repeating: 0.1, count: 18))
      #expect(parameters["layers.1.weight_mu"]?.contains { $0 != 0 } == true)
    }
  }

  @Test func `every name is a scheme of its own and no other name is one`() {
    let schemes = Initialization.names.compactMap(Initialization.named)
    #expect(schemes.count == 6)
    for (index, scheme) in schemes.enumerated() { #expect(!schemes[..<index].contains(scheme)) }
    #expect(Initialization.named("zeros") == nil)
  }
}
