internal import LinearAlgebra
internal import Randomness

/// A fully connected layer: `y = f(x Wᵀ + b)` with `W` of shape `[out, in]` and `b` of shape `[out]`.
///
/// Its parameters are `weight` and `bias`, in this order, as in PyTorch's `Linear`.
public struct Dense: Sendable, Equatable {
  /// The function applied to each output.
  public let activation: Activation

  private let map: AffineMap

  /// The number of values of an input row.
  public var inputCount: Int { map.inputCount }

  /// The number of values of an output row.
  public var outputCount: Int { map.outputCount }

  /// Creates the description of a layer.
  public init(inputs: Int, outputs: Int, activation: Activation = .identity) {
    precondition(inputs > 0 && outputs > 0, "a dense layer cannot map \(inputs) values to \(outputs)")
    map = AffineMap(inputs: inputs, outputs: outputs)
    self.activation = activation
  }

  func append(to layout: inout ParameterLayout, path: String) {
    map.append(to: &layout, prefix: "\(path).")
  }

  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    map.initialize(&parameters, scheme, using: &stream)
  }

  func prepare(_ memory: inout LayerMemory, batch: Int, training: Bool) {
    if training && activation.needsSums { memory.sums = [Float](repeating: 0, count: batch * outputCount) }
  }

  /// `[rows, in] -> [rows, out]`: one product, then bias and activation in one pass.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    var storage = memory.outputs.mutableSpan
    storage.withPart(0..<rows * outputCount) { outputs in
      map.forward(parameters.extracting(map.weights), inputs, rows: rows, inputStride: inputCount, into: &outputs)
    }
    memory.activate(activation, count: rows * outputCount, biases: parameters.extracting(map.biases))
  }

  /// Derivatives of the outputs become derivatives before the activation, in place.
  func beginBackward(rows: Int, in memory: inout LayerMemory) {
    memory.differentiateActivation(activation, count: rows * outputCount)
  }

  /// `dW = dZᵀ x`, `db = Σ_rows dZ`.
  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    map.differentiateParameters(
      memory.gradients.span.extracting(0..<rows * outputCount), inputs, rows: rows, inputStride: inputCount,
      noise: memory.noise.span, isNoisy: false, into: &gradient)
  }

  /// `dx = dZ W`, of some columns of the inputs only if asked.
  func differentiateInputs(
    _ parameters: Span<Float>, columns: Range<Int>? = nil, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    map.differentiateInputs(
      parameters.extracting(map.weights), memory.gradients.span.extracting(0..<rows * outputCount), columns: columns,
      rows: rows, inputStride: inputCount, into: &gradients)
  }
}
