internal import LinearAlgebra
internal import RealModule
internal import Randomness

/// The map `x -> x Wᵀ + b` inside a layer, with `W` of shape `[out, in]`, plain or with factorised noise.
///
/// A noisy map (Fortunato et al. 2018, arXiv 1706.10295) has `W = μ + σ ∘ ε_out ε_inᵀ` and `b = μ_b + σ_b ∘
/// ε_out`. Its parameters lie in the order weight μ, weight σ, bias μ, bias σ; those of a plain map are weight
/// and bias. The inputs may be columns of a wider matrix.
struct AffineMap: Sendable, Equatable {
  let inputCount: Int
  let outputCount: Int

  /// σ₀ of a noisy map, whose deviations start at `σ₀ / √in`; nil for a plain one.
  let initialSigma: Float?

  init(inputs: Int, outputs: Int, initialSigma: Float? = nil) {
    inputCount = inputs
    outputCount = outputs
    self.initialSigma = initialSigma
  }

  var isNoisy: Bool { initialSigma != nil }

  var weightCount: Int { inputCount * outputCount }

  /// The elements of all parameters.
  var parameterCount: Int { (weightCount + outputCount) * (isNoisy ? 2 : 1) }

  /// The factors of its noise: those of the inputs, then those of the outputs.
  var noiseCount: Int { isNoisy ? inputCount + outputCount : 0 }

  /// The elements of weight and bias with noise.
  var perturbedCount: Int { isNoisy ? weightCount + outputCount : 0 }

  /// Where the weight, or its mean, lies among the parameters.
  var weights: Range<Int> { 0..<weightCount }

  /// Where the bias, or its mean, lies among the parameters.
  var biases: Range<Int> {
    let start = isNoisy ? 2 * weightCount : weightCount
    return start..<start + outputCount
  }

  var weightSigmas: Range<Int> { weightCount..<2 * weightCount }

  var biasSigmas: Range<Int> { biases.upperBound..<biases.upperBound + outputCount }

  /// Where the bias lies in weight and bias with noise.
  var perturbedBiases: Range<Int> { weightCount..<weightCount + outputCount }

  func append(to layout: inout ParameterLayout, prefix: String) {
    if isNoisy {
      layout.append("\(prefix)weight_mu", shape: [outputCount, inputCount])
      layout.append("\(prefix)weight_sigma", shape: [outputCount, inputCount])
      layout.append("\(prefix)bias_mu", shape: [outputCount])
      layout.append("\(prefix)bias_sigma", shape: [outputCount])
    } else {
      layout.append("\(prefix)weight", shape: [outputCount, inputCount])
      layout.append("\(prefix)bias", shape: [outputCount])
    }
  }

  func initialize(
    _ parameters: inout MutableSpan<Float>, _ scheme: Initialization, using stream: inout RandomStream
  ) {
    parameters.withPart(weights) {
      scheme.drawWeights(&$0, outputs: outputCount, inputs: inputCount, using: &stream)
    }
    parameters.withPart(biases) { scheme.drawBiases(&$0, inputs: inputCount, using: &stream) }
    guard let initialSigma else { return }
    let sigma = Float(Double(initialSigma) / Double.sqrt(Double(inputCount)))
    parameters.withPart(weightSigmas) { fill(&$0, with: sigma) }
    parameters.withPart(biasSigmas) { fill(&$0, with: sigma) }
  }

  /// Writes weight and bias with noise.
  func perturb(_ parameters: Span<Float>, _ noise: Span<Float>, into perturbed: inout MutableSpan<Float>) {
    let ofInputs = noise.extracting(0..<inputCount)
    let ofOutputs = noise.extracting(inputCount..<inputCount + outputCount)
    perturbed.withPart(weights) {
      addOuterProduct(
        of: ofOutputs, ofInputs, times: parameters.extracting(weightSigmas), to: parameters.extracting(weights),
        into: &$0)
    }
    perturbed.withPart(perturbedBiases) {
      addProduct(
        of: ofOutputs, times: parameters.extracting(biasSigmas), to: parameters.extracting(biases), into: &$0)
    }
  }

  /// `[rows, in] -> [rows, out]`, without the bias.
  func forward(
    _ weights: Span<Float>, _ inputs: Span<Float>, rows: Int, inputStride: Int,
    into outputs: inout MutableSpan<Float>
  ) {
    multiply(
      inputs, weights, into: &outputs, rows: rows, inner: inputCount, columns: outputCount,
      transposingB: true, strideA: inputStride)
  }

  /// `dW = dZᵀ x`, `db = Σ_rows dZ`; and of the deviations these times their noise, 0 where it is silent.
  func differentiateParameters(
    _ gradients: Span<Float>, _ inputs: Span<Float>, rows: Int, inputStride: Int,
    noise: Span<Float>, isNoisy hasNoise: Bool, into gradient: inout MutableSpan<Float>
  ) {
    gradient.withPart(weights) {
      multiply(
        gradients, inputs, into: &$0, rows: outputCount, inner: rows, columns: inputCount,
        transposingA: true, strideB: inputStride)
    }
    gradient.withPart(biases) { sumColumns(of: gradients, into: &$0) }
    guard isNoisy else { return }
    guard hasNoise else {
      gradient.withPart(weightSigmas) { fill(&$0, with: 0) }
      return gradient.withPart(biasSigmas) { fill(&$0, with: 0) }
    }
    let ofInputs = noise.extracting(0..<inputCount)
    let ofOutputs = noise.extracting(inputCount..<inputCount + outputCount)
    gradient.withPart(0..<2 * weightCount) { both in
      multiplyHalf(of: &both, byOuterProductOf: ofOutputs, ofInputs)
    }
    gradient.withPart(biases.lowerBound..<biasSigmas.upperBound) { both in
      multiplyHalf(of: &both, by: ofOutputs)
    }
  }

  /// `dx = dZ W`, or `dx + dZ W` when adding; of some columns of the inputs only if asked.
  func differentiateInputs(
    _ weights: Span<Float>, _ gradients: Span<Float>, columns: Range<Int>? = nil, rows: Int, inputStride: Int,
    adding: Bool = false, into inputGradients: inout MutableSpan<Float>
  ) {
    let columns = columns ?? 0..<inputCount
    let own = weights.extracting(columns.lowerBound..<weights.count)
    inputGradients.withPart(columns.lowerBound..<inputGradients.count) {
      if outputCount == 1 && !adding {
        // A product of one term each, for which a matrix product takes longer.
        return multiplyOuter(
          gradients.extracting(0..<rows), own.extracting(0..<columns.count), into: &$0, stride: inputStride)
      }
      multiply(
        gradients, own, into: &$0, rows: rows, inner: outputCount, columns: columns.count, beta: adding ? 1 : 0,
        strideB: inputCount, strideC: inputStride)
    }
  }
}
