internal import LinearAlgebra
internal import RealModule
internal import Randomness

/// A fully connected layer: `y = f(x Wᵀ + b)` with `W` of shape `[out, in]` and `b` of shape `[out]`.
///
/// Its parameters are `weight` and `bias`, in this order, as in PyTorch's `Linear`.
public struct Dense: Sendable, Equatable {
  /// The number of values of an input row.
  public let inputCount: Int

  /// The number of values of an output row.
  public let outputCount: Int

  /// The function applied to each output.
  public let activation: Activation

  /// Creates the description of a layer.
  public init(inputs: Int, outputs: Int, activation: Activation = .identity) {
    precondition(inputs > 0 && outputs > 0, "a dense layer cannot map \(inputs) values to \(outputs)")
    inputCount = inputs
    outputCount = outputs
    self.activation = activation
  }

  func append(to layout: inout ParameterLayout, path: String) {
    layout.append("\(path).weight", shape: [outputCount, inputCount])
    layout.append("\(path).bias", shape: [outputCount])
  }

  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    switch scheme {
    case .uniformFanIn:
      let bound = 1 / Double.sqrt(Double(inputCount))
      for index in 0..<parameters.count {
        parameters[index] = Float((2 * stream.uniform() - 1) * bound)
      }
    }
  }

  /// `[rows, in] -> [rows, out]`: one product, then bias and activation in one pass.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    var storage = memory.outputs.mutableSpan
    storage.withPart(0..<rows * outputCount) { outputs in
      multiply(
        inputs, parameters.extracting(weights), into: &outputs,
        rows: rows, inner: inputCount, columns: outputCount, transposingB: true)
      activation.apply(to: &outputs, adding: parameters.extracting(biases))
    }
  }

  /// Derivatives of the outputs become derivatives before the activation, in place.
  func beginBackward(rows: Int, in memory: inout LayerMemory) {
    let outputs = memory.outputs
    var storage = memory.gradients.mutableSpan
    storage.withPart(0..<rows * outputCount) { gradients in
      activation.differentiate(outputs.span.extracting(0..<rows * outputCount), gradients: &gradients)
    }
  }

  /// `dW = dZᵀ x`, `db = Σ_rows dZ`.
  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    let gradients = memory.gradients.span.extracting(0..<rows * outputCount)
    gradient.withPart(weights) { weights in
      multiply(
        gradients, inputs, into: &weights,
        rows: outputCount, inner: rows, columns: inputCount, transposingA: true)
    }
    gradient.withPart(biases) { biases in
      sumColumns(of: gradients, into: &biases)
    }
  }

  /// `dx = dZ W`.
  func differentiateInputs(
    _ parameters: Span<Float>, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    multiply(
      memory.gradients.span.extracting(0..<rows * outputCount), parameters.extracting(weights),
      into: &gradients, rows: rows, inner: outputCount, columns: inputCount)
  }

  private var weights: Range<Int> { 0..<outputCount * inputCount }

  private var biases: Range<Int> { outputCount * inputCount..<outputCount * (inputCount + 1) }
}
