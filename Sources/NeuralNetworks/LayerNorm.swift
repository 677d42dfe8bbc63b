internal import LinearAlgebra
internal import Randomness

/// Layer normalisation (Ba, Kiros, Hinton 2016, arXiv 1607.06450): `y = f(w ∘ x̂ + b)` with
/// `x̂ = (x - mean x) / √(var x + ε)`, mean and variance over the values of a row.
///
/// Its parameters are `weight` and `bias`, both `[count]`, as in PyTorch's `LayerNorm`; they start at 1 and 0.
public struct LayerNorm: Sendable, Equatable {
  /// The number of values of a row, before and behind the layer.
  public let count: Int

  /// The number ε that keeps the denominator from zero.
  public let epsilon: Float

  /// The function applied to each output.
  public let activation: Activation

  /// Creates the description of a layer.
  public init(count: Int, epsilon: Float = 1e-5, activation: Activation = .identity) {
    precondition(count > 0, "a layer cannot normalise \(count) values")
    precondition(epsilon > 0, "a layer normalises with a positive epsilon, unlike \(epsilon)")
    self.count = count
    self.epsilon = epsilon
    self.activation = activation
  }

  func append(to layout: inout ParameterLayout, path: String) {
    layout.append("\(path).weight", shape: [count])
    layout.append("\(path).bias", shape: [count])
  }

  func initialize(_ parameters: inout MutableSpan<Float>) {
    parameters.withPart(0..<count) { fill(&$0, with: 1) }
    parameters.withPart(count..<2 * count) { fill(&$0, with: 0) }
  }

  /// Keeps x̂, `[batch, count]`, and behind it `1 / √(var + ε)` of each row.
  func prepare(_ memory: inout LayerMemory, batch: Int, training: Bool) {
    if training && activation.needsSums { memory.sums = [Float](repeating: 0, count: batch * count) }
    memory.kept = [Float](repeating: 0, count: batch * (count + 1))
  }

  /// `[rows, count] -> [rows, count]`.
  func forward(_ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int, in memory: inout LayerMemory) {
    let total = rows * count
    let weights = parameters.extracting(0..<count)
    let scales = scales(rows, in: memory)
    var kept = memory.kept.mutableSpan
    kept.withPart(0..<scales.upperBound) { kept in
      standardizeRows(of: inputs, columns: count, epsilon: epsilon, into: &kept, scales: scales)
    }
    let normalized = memory.kept
    var storage = memory.outputs.mutableSpan
    storage.withPart(0..<total) { multiplyRows(normalized.span.extracting(0..<total), by: weights, into: &$0) }
    memory.activate(activation, count: total, biases: parameters.extracting(count..<2 * count))
  }

  /// Derivatives of the outputs become derivatives before the activation, in place.
  func beginBackward(rows: Int, in memory: inout LayerMemory) {
    memory.differentiateActivation(activation, count: rows * count)
  }

  /// `dw = Σ_rows dz ∘ x̂`, `db = Σ_rows dz`.
  func differentiateParameters(
    rows: Int, in memory: borrowing LayerMemory, gradient: inout MutableSpan<Float>
  ) {
    let gradients = memory.gradients.span.extracting(0..<rows * count)
    let normalized = memory.kept.span.extracting(0..<rows * count)
    gradient.withPart(0..<count) { sumColumns(of: gradients, times: normalized, into: &$0) }
    gradient.withPart(count..<2 * count) { sumColumns(of: gradients, into: &$0) }
  }

  /// `dx = (g - mean g - x̂ · mean(g ∘ x̂)) / √(var + ε)` with `g = w ∘ dz`, means over a row.
  func differentiateInputs(
    _ parameters: Span<Float>, rows: Int, in memory: borrowing LayerMemory,
    into gradients: inout MutableSpan<Float>
  ) {
    differentiateStandardizedRows(
      memory.gradients.span.extracting(0..<rows * count), weights: parameters.extracting(0..<count),
      normalized: memory.kept.span.extracting(0..<rows * count),
      scales: memory.kept.span.extracting(scales(rows, in: memory)), into: &gradients)
  }

  /// Where the reciprocal deviations of the leading rows lie in `kept`.
  private func scales(_ rows: Int, in memory: borrowing LayerMemory) -> Range<Int> {
    let start = memory.kept.count / (count + 1) * count
    return start..<start + rows
  }
}
