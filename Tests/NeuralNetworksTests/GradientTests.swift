import LinearAlgebra
import NeuralNetworks
import Randomness
import Testing

struct GradientTests {
  static let shapes: [(widths: [Int], rows: Int)] = [
    ([1, 1], 1), ([3, 2], 4), ([4, 9, 2], 1), ([5, 17, 3], 7), ([2, 8, 8, 1], 3), ([7, 5, 11, 6, 4], 5),
  ]

  struct Case {
    let twin: ReferenceNetwork
    let network: Network
    let parameters: ParameterVector
    let inputs: [Float]
    let weights: [Float]
    let rows: Int

    init(_ widths: [Int], _ rows: Int, _ activation: Activation, _ outputActivation: Activation) {
      var stream = RandomStream(seed: 11)
      twin = ReferenceNetwork(
        widths: widths, activation: activation, outputActivation: outputActivation)
      network = twin.network
      parameters = network.initialParameters(using: &stream)
      inputs = (0..<rows * widths[0]).map { _ in Float(stream.normal()) }
      weights = (0..<rows * widths[widths.count - 1]).map { _ in Float(stream.normal()) }
      self.rows = rows
    }

    /// A workspace after a forward pass, with `weights` as output gradients.
    func forwarded(inputGradients: Bool = false, batch: Int? = nil) -> Workspace {
      var workspace = network.makeWorkspace(
        batch: batch ?? rows, training: true, inputGradients: inputGradients)
      network.forward(parameters, inputs.span, rows: rows, in: &workspace)
      for index in weights.indices { workspace.outputGradients[index] = weights[index] }
      return workspace
    }
  }

  @Test(arguments: shapes, Activation.allCases)
  func `outputs equal those of the plain twin`(shape: (widths: [Int], rows: Int), activation: Activation) {
    let test = Case(shape.widths, shape.rows, activation, .identity)
    let workspace = test.forwarded()
    let inputs = test.inputs.map(Double.init)
    let parameters = test.parameters.values.map(Double.init)
    let expected = (0..<shape.rows).flatMap { row in
      test.twin.outputs(parameters, inputs[row * shape.widths[0]..<(row + 1) * shape.widths[0]])
    }
    #expect(relativeError(workspace.outputs, expected) < 1e-5)
  }

  @Test(arguments: shapes, Activation.allCases)
  func `parameter gradients equal central differences`(
    shape: (widths: [Int], rows: Int), activation: Activation
  ) {
    for outputActivation in Activation.allCases {
      let test = Case(shape.widths, shape.rows, activation, outputActivation)
      var workspace = test.forwarded()
      var gradient = ParameterVector(
        layout: test.network.layout,
        values: [Float](repeating: .nan, count: test.network.layout.count))
      test.network.backward(
        test.parameters, test.inputs.span, rows: test.rows, in: &workspace, gradient: &gradient)
      let (inputs, weights) = (test.inputs.map(Double.init), test.weights.map(Double.init))
      let expected = centralDifferences(test.parameters.values.map(Double.init)) {
        test.twin.weightedSum($0, inputs, weights)
      }
      #expect(relativeError(gradient.values, expected) < 1e-3, "\(outputActivation)")
    }
  }

  @Test(arguments: shapes, Activation.allCases)
  func `input gradients equal central differences by either pass`(
    shape: (widths: [Int], rows: Int), activation: Activation
  ) {
    let test = Case(shape.widths, shape.rows, activation, .tanh)
    let (parameters, weights) = (test.parameters.values.map(Double.init), test.weights.map(Double.init))
    let expected = centralDifferences(test.inputs.map(Double.init)) {
      test.twin.weightedSum(parameters, $0, weights)
    }
    var whole = test.forwarded(inputGradients: true)
    var gradient = ParameterVector(layout: test.network.layout)
    test.network.backward(
      test.parameters, test.inputs.span, rows: test.rows, in: &whole, gradient: &gradient)
    #expect(relativeError(whole.inputGradients, expected) < 1e-3)

    var half = test.forwarded(inputGradients: true)
    test.network.backwardToInputs(test.parameters, rows: test.rows, in: &half)
    #expect(half.inputGradients == whole.inputGradients)

    // Only some columns asked for: these are the same, and the others are left alone.
    let width = test.network.inputCount
    for wanted in [0..<1, width - 1..<width, width / 2..<width, 0..<0] {
      var some = test.forwarded(inputGradients: true)
      some.wantedInputs = wanted
      test.network.backwardToInputs(test.parameters, rows: test.rows, in: &some)
      for index in some.inputGradients.indices {
        let expected = wanted.contains(index % width) ? whole.inputGradients[index] : 0
        #expect(abs(some.inputGradients[index] - expected) <= 1e-6 * max(1, abs(expected)))
      }
    }
  }

  @Test func `fewer rows than the batch give the gradient of those rows`() {
    let test = Case([5, 17, 3], 3, .tanh, .identity)
    var exact = test.forwarded()
    var wide = test.forwarded(batch: 9)
    var (first, second) = (
      ParameterVector(layout: test.network.layout), ParameterVector(layout: test.network.layout)
    )
    test.network.backward(test.parameters, test.inputs.span, rows: 3, in: &exact, gradient: &first)
    test.network.backward(test.parameters, test.inputs.span, rows: 3, in: &wide, gradient: &second)
    #expect(first == second)
    #expect(wide.outputs[9...].allSatisfy { $0 == 0 })
  }

  @Test func `a backward pass over the leading rows ignores the others`() {
    let test = Case([5, 17, 3], 6, .relu, .identity)
    let short = Case([5, 17, 3], 2, .relu, .identity)
    var both = test.forwarded()
    var gradient = ParameterVector(layout: test.network.layout)
    test.network.backward(test.parameters, test.inputs.span, rows: 2, in: &both, gradient: &gradient)
    let (inputs, weights) = (
      test.inputs[..<10].map(Double.init), test.weights[..<6].map(Double.init)
    )
    let expected = centralDifferences(test.parameters.values.map(Double.init)) {
      short.twin.weightedSum($0, inputs, weights)
    }
    #expect(relativeError(gradient.values, expected) < 1e-3)
  }

  @Test func `a workspace without training refuses a backward pass`() async {
    await #expect(processExitsWith: .failure) {
      let network = Network.mlp(inputs: 2, hidden: [], outputs: 1)
      let parameters = ParameterVector(layout: network.layout)
      let inputs: [Float] = [1, 2]
      var workspace = network.makeWorkspace(batch: 1, training: false)
      network.forward(parameters, inputs.span, rows: 1, in: &workspace)
      var gradient = parameters
      network.backward(parameters, inputs.span, rows: 1, in: &workspace, gradient: &gradient)
    }
  }
}
