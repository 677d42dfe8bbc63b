internal import LinearAlgebra

/// What one layer keeps from its forward pass to its backward pass, allocated once with the workspace.
package struct LayerMemory: Sendable {
  /// `[batch, outputs]`.
  package internal(set) var outputs: [Float] = []

  /// Derivatives with respect to `outputs`, of the same shape; empty where there is no training.
  package internal(set) var gradients: [Float] = []

  /// Arguments of the activation, of the same shape as `outputs`; empty unless the backward pass needs them.
  package internal(set) var sums: [Float] = []

  /// What the layer computes on the way and needs again; each kind says what.
  package internal(set) var kept: [Float] = []

  /// Derivatives with respect to what is kept; each kind says of what.
  package internal(set) var inner: [Float] = []

  /// The factors of the noise, for each affine map those of its inputs, then those of its outputs.
  package internal(set) var noise: [Float] = []

  /// Weights and biases with their noise, as the last forward pass used them.
  package internal(set) var perturbed: [Float] = []

  /// Whether the noise is not silent.
  package internal(set) var isNoisy = false

  /// The states before each step, `[steps, sequences, hidden]`; empty for layers without state.
  package internal(set) var states: [Float] = []

  /// The steps of the last forward pass of a layer with state.
  package internal(set) var steps = 1

  /// All arrays, whether used or not.
  package var arrays: [[Float]] {
    [outputs, gradients, sums, kept, inner, noise, perturbed, states]
  }

  /// Adds biases to the leading rows of `outputs` and applies an activation.
  mutating func activate(_ activation: Activation, count: Int, biases: Span<Float>) {
    if activation.needsSums && !sums.isEmpty {
      var kept: [Float] = []
      swap(&kept, &sums)
      var keptSums = kept.mutableSpan
      var storage = outputs.mutableSpan
      storage.withPart(0..<count) { outputs in
        keptSums.withPart(0..<count) { activation.apply(to: &outputs, adding: biases, keeping: &$0) }
      }
      swap(&kept, &sums)
    } else {
      var storage = outputs.mutableSpan
      storage.withPart(0..<count) { activation.apply(to: &$0, adding: biases) }
    }
  }

  /// Turns the leading `gradients` from derivatives behind the activation into those before it.
  mutating func differentiateActivation(_ activation: Activation, count: Int) {
    if activation == .identity { return }
    let values = activation.needsSums ? sums : outputs
    var storage = gradients.mutableSpan
    storage.withPart(0..<count) { activation.differentiate(values.span.extracting(0..<count), gradients: &$0) }
  }
}
