import NeuralNetworks
import Randomness
import Testing

struct NetworkTests {
  let network = Network.mlp(inputs: 3, hidden: [5, 4], outputs: 2)

  @Test func `parameters lie layer by layer under PyTorch's names with weights out by in`() {
    let slots = network.layout.slots
    #expect(
      slots.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "layers.2.weight",
        "layers.2.bias",
      ])
    #expect(slots.map(\.shape) == [[5, 3], [5], [4, 5], [4], [2, 4], [2]])
    #expect(slots.map(\.range) == [0..<15, 15..<20, 20..<40, 40..<44, 44..<52, 52..<54])
    #expect(network.layout.count == 54)
    #expect(slots[3].layer == "layers.1" && slots[3].parameter == "bias")
  }

  @Test func `an output is activation of weight times input plus bias, as computed by hand`() {
    let network = Network.mlp(inputs: 2, hidden: [2], outputs: 1)
    // Hidden: relu(1·3 + 2·(-1) + 0.5) = 1.5 and relu(-1·3 + 0·(-1) + 1) = 0; output: 4·1.5 + 5·0 - 1 = 5.
    let parameters = ParameterVector(
      layout: network.layout, values: [1, 2, -1, 0, 0.5, 1, 4, 5, -1])
    let inputs: [Float] = [3, -1, 3, -1]
    for rows in 1...2 {
      var workspace = network.makeWorkspace(batch: 2, training: false)
      network.forward(parameters, inputs.span, rows: rows, in: &workspace)
      #expect(workspace.outputs == (rows == 1 ? [5, 0] : [5, 5]))
    }
  }

  @Test func `initial parameters are uniform within one over the root of the fan-in`() {
    let network = Network.mlp(inputs: 16, hidden: [400], outputs: 4)
    var stream = RandomStream(seed: 3)
    let parameters = network.initialParameters(using: &stream)
    let bounds: [(String, Double)] = [
      ("layers.0.weight", 0.25), ("layers.0.bias", 0.25), ("layers.1.weight", 0.05), ("layers.1.bias", 0.05),
    ]
    for (name, bound) in bounds {
      let values = (parameters[name] ?? []).map(Double.init)
      #expect(!values.isEmpty)
      #expect(values.allSatisfy { abs($0) <= bound })
      guard values.count > 1_000 else { continue }
      // A uniform variable on ±b has mean 0 and variance b²/3; five standard errors each.
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + $1 * $1 } / count
      #expect(abs(mean) < 5 * bound / (3 * count).squareRoot())
      #expect(abs(variance / (bound * bound / 3) - 1) < 5 * (0.8 / count).squareRoot())
    }
  }

  @Test func `a seed means one set of parameters`() {
    var (first, second, other) = (RandomStream(seed: 1), RandomStream(seed: 1), RandomStream(seed: 2))
    let parameters = network.initialParameters(using: &first)
    #expect(parameters == network.initialParameters(using: &second))
    #expect(parameters != network.initialParameters(using: &other))
  }

  @Test func `every row of a batch has the result it has alone`() {
    var stream = RandomStream(seed: 4)
    let parameters = network.initialParameters(using: &stream)
    let inputs = (0..<7 * 3).map { _ in Float(stream.normal()) }
    var batch = network.makeWorkspace(batch: 7, training: false)
    var single = network.makeWorkspace(batch: 1, training: false)
    network.forward(parameters, inputs.span, rows: 7, in: &batch)
    for row in 0..<7 {
      network.forward(parameters, inputs.span.extracting(row * 3..<row * 3 + 3), rows: 1, in: &single)
      for column in 0..<2 {
        #expect(abs(single.outputs[column] - batch.outputs[row * 2 + column]) < 1e-6)
      }
    }
  }

  @Test(arguments: Activation.allCases)
  func `NaN in an input reaches the outputs`(activation: Activation) {
    let network = Network.mlp(inputs: 3, hidden: [5], outputs: 2, activation: activation)
    var stream = RandomStream(seed: 5)
    let parameters = network.initialParameters(using: &stream)
    let inputs: [Float] = [0, .nan, 0, 0, .nan, 0]
    var workspace = network.makeWorkspace(batch: 2, training: false)
    for rows in 1...2 {
      network.forward(parameters, inputs.span, rows: rows, in: &workspace)
      #expect(workspace.outputs[..<(2 * rows)].allSatisfy { $0.isNaN })
    }
  }

  @Test func `layers that do not fit are refused`() async {
    await #expect(processExitsWith: .failure) {
      _ = Network(layers: [.dense(Dense(inputs: 2, outputs: 3)), .dense(Dense(inputs: 4, outputs: 1))])
    }
  }

  @Test func `more rows than the workspace holds are refused`() async {
    await #expect(processExitsWith: .failure) {
      let network = Network.mlp(inputs: 1, hidden: [], outputs: 1)
      let inputs: [Float] = [1, 2]
      var workspace = network.makeWorkspace(batch: 1, training: false)
      network.forward(
        ParameterVector(layout: network.layout), inputs.span, rows: 2, in: &workspace)
    }
  }
}
