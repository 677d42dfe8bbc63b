internal import NeuralNetworks

/// What action values are in a graph, as their head makes them of a network's outputs.
extension ONNXGraph {
  /// Adds the values [batch, options] of outputs [batch, options · atoms]; they get the name `output`.
  ///
  /// A shape's leading 0 copies the extent of the batch, so that an empty one passes too.
  mutating func appendValues(
    _ head: ValueHead, options: Int, to output: String, of outputs: (inout ONNXGraph, _ name: String) -> Void
  ) {
    switch head {
    case .expected: outputs(&self, output)
    case .categorical(let support):
      let logits = appendAtoms(head, options: options, "logits", of: outputs)
      let probabilities = node("Softmax", [logits], to: "probabilities", ["axis": 2])
      let atoms = constant("atoms", shape: [support.count, 1], (0..<support.count).map { support.atom($0) })
      let means = node("MatMul", [probabilities, atoms], to: "expectations")
      let flat = constant("values_shape", [0, Int64(options)])
      node("Reshape", [means, flat], to: output)
    case .quantile:
      let quantiles = appendAtoms(head, options: options, "quantiles", of: outputs)
      node("ReduceMean", [quantiles], to: output, ["axes": [2], "keepdims": 0])
    }
  }

  /// Adds outputs as [batch, options, atoms].
  private mutating func appendAtoms(
    _ head: ValueHead, options: Int, _ name: String, of outputs: (inout ONNXGraph, _ name: String) -> Void
  ) -> String {
    let flat = "\(name)_flat"
    outputs(&self, flat)
    let shape = constant("\(name)_shape", [0, Int64(options), Int64(head.atoms)])
    return node("Reshape", [flat, shape], to: name)
  }
}
