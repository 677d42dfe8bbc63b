import LinearAlgebra

/// The matrix products of a multilayer perceptron's update and nothing else: the floor under its time.
///
/// The products are those of the reference in plain C: weights lie as `[in, out]`, so that no operand of a forward
/// pass is transposed.
struct MatrixProducts {
  private let widths: [Int]
  private let batch: Int
  private var weights: [[Float]]
  private var values: [[Float]]
  private var gradients: [[Float]]

  init(_ widths: [Int], batch: Int) {
    self.widths = widths
    self.batch = batch
    weights = zip(widths, widths.dropFirst()).map { inputs, outputs in
      (0..<inputs * outputs).map { Float($0 % 7) * 0.01 - 0.03 }
    }
    values = widths.map { width in (0..<batch * width).map { Float($0 % 5) * 0.1 - 0.2 } }
    gradients = weights
  }

  /// A forward pass of the whole batch.
  mutating func forward() {
    for layer in weights.indices {
      let weight = weights[layer]
      let input = values[layer]
      var output = values[layer + 1].mutableSpan
      multiply(
        input.span, weight.span, into: &output, rows: batch, inner: widths[layer], columns: widths[layer + 1])
    }
  }

  /// The products of a backward pass: every weight's derivatives, and every layer's inputs' but the first's.
  mutating func backward() {
    for layer in weights.indices.reversed() {
      let weight = weights[layer]
      let input = values[layer]
      let output = values[layer + 1]
      do {
        var gradient = gradients[layer].mutableSpan
        multiply(
          input.span, output.span, into: &gradient, rows: widths[layer], inner: batch, columns: widths[layer + 1],
          transposingA: true)
      }
      guard layer > 0 else { continue }
      var below = values[layer].mutableSpan
      multiply(
        output.span, weight.span, into: &below, rows: batch, inner: widths[layer + 1], columns: widths[layer],
        transposingB: true)
    }
  }

  /// The products that take derivatives back to the inputs, the first layer's included, and to no weight.
  mutating func backwardToInputs() {
    for layer in weights.indices.reversed() {
      let weight = weights[layer]
      let output = values[layer + 1]
      var below = values[layer].mutableSpan
      multiply(
        output.span, weight.span, into: &below, rows: batch, inner: widths[layer + 1], columns: widths[layer],
        transposingB: true)
    }
  }

  /// Those of a DQN update: `forwardPasses` forward passes and one backward.
  mutating func update(forwardPasses: Int) {
    for _ in 0..<forwardPasses { forward() }
    backward()
  }
}
