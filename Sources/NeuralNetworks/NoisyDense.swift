internal import LinearAlgebra
internal import Randomness

/// A fully connected layer with factorised Gaussian noise on its weights (Fortunato et al. 2018, arXiv
/// 1706.10295, equations 9 to 11): `y = f(x Wᵀ + b)`, `W = μ + σ ∘ ε_out ε_inᵀ`, `b = μ_b + σ_b ∘ ε_out`.
///
/// Each ε is `sgn(x)·√|x|` of a standard normal x. Its parameters are `weight_mu`, `weight_sigma`, `bias_mu`
/// and `bias_sigma`; deviations start at `σ₀ / √in`. The noise lies in the workspace and is silent there until
/// ``Network/drawNoise(in:using:)``: a silent layer is a dense one of the means, and costs the same.
public struct NoisyDense: Sendable, Equatable {
  /// The function applied to each output.
  public let activation: Activation

  /// σ₀, the deviations at the start times √in.
  public let initialSigma: Float

  private let map: AffineMap

  /// The number of values of an input row.
  public var inputCount: Int { map.inputCount }

  /// The number of values of an output row.
  public var outputCount: Int { map.outputCount }

  /// Creates the description of a layer.
  public init(inputs: Int, outputs: Int, activation: Activation = .identity, initialSigma: Float = 0.5) {
    precondition(inputs > 0 && outputs > 0, "a noisy layer cannot map \(inputs) values to \(outputs)")
    precondition(initialSigma >= 0, "a noisy layer's sigma is not negative, unlike \(initialSigma)")
    map = AffineMap(inputs: inputs, outputs: outputs, initialSigma: initialSigma)
    self.activation = activation
    self.initialSigma = initialSigma
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
    memory.makeNoise(count: map.noiseCount, perturbed: map.perturbedCount)
  }

  /// `[rows, in] -> [rows, out]`.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    let count = rows * outputCount
    guard memory.isNoisy else {
      var storage = memory.outputs.mutableSpan
      storage.withPart(0..<count) {
        map.forward(parameters.extracting(map.weights), inputs, rows: rows, inputStride: inputCount, into: &$0)
      }
      return memory.activate(activation, count: count, biases: parameters.extracting(map.biases))
    }
    let noise = memory.noise
    var target = memory.perturbed.mutableSpan
    map.perturb(parameters, noise.span, into: &target)
    let perturbed = memory.perturbed
    var storage = memory.outputs.mutableSpan
    storage.withPart(0..<count) {
      map.forward(perturbed.span.extracting(map.weights), inputs, rows: rows, inputStride: inputCount, into: &$0)
    }
    memory.activate(activation, count: count, biases: perturbed.span.extracting(map.perturbedBiases))
  }

  /// Derivatives of the outputs become derivatives before the activation, in place.
  func beginBackward(rows: Int, in memory: inout LayerMemory) {
    memory.differentiateActivation(activation, count: rows * outputCount)
  }

  /// `dμ = dZᵀ x`, `dσ = dμ ∘ ε_out ε_inᵀ`, and the same of the biases.
  func differentiateParameters(
    _ inputs: Span<Float>, rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    map.differentiateParameters(
      memory.gradients.span.extracting(0..<rows * outputCount), inputs, rows: rows, inputStride: inputCount,
      noise: memory.noise.span, isNoisy: memory.isNoisy, into: &gradient)
  }

  /// `dx = dZ W`.
  func differentiateInputs(
    _ parameters: Span<Float>, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    let given = memory.gradients.span.extracting(0..<rows * outputCount)
    let weights =
      memory.isNoisy ? memory.perturbed.span.extracting(map.weights) : parameters.extracting(map.weights)
    map.differentiateInputs(weights, given, rows: rows, inputStride: inputCount, into: &gradients)
  }
}
