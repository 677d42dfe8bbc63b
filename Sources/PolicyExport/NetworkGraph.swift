package import NeuralNetworks
package import Policies

/// What networks and normalisers are in a graph. A further kind of layer is a case here.
extension ONNXGraph {
  /// Adds `(x − offset) / scale`, unless that changes nothing, and returns the name of what a network then
  /// reads.
  package mutating func appendNormalizer(_ normalizer: Normalizer, reading input: String) -> String {
    if normalizer.isIdentity { return input }
    let width = normalizer.offset.count
    let offset = constant("observation_offset", shape: [width], normalizer.offset)
    let scale = constant("observation_scale", shape: [width], normalizer.scale)
    let centered = node("Sub", [input, offset], to: "centered")
    return node("Div", [centered, scale], to: "normalized")
  }

  /// Adds the layers of a network under their parameters' names; its result gets the name `output`.
  package mutating func appendNetwork(
    _ network: Network, _ parameters: ParameterVector, reading input: String, to output: String
  ) {
    var current = input
    for (index, layer) in network.layers.enumerated() {
      let path = "layers.\(index)"
      let result = index == network.layers.count - 1 ? output : "\(path).output"
      switch layer {
      case .dense(let dense):
        current = appendDense(dense, parameters, path: path, reading: current, to: result)
      default: preconditionFailure()
      }
    }
  }

  private mutating func appendDense(
    _ dense: Dense, _ parameters: ParameterVector, path: String, reading input: String, to output: String
  ) -> String {
    var operands = [input]
    for slot in parameters.layout.slots where slot.layer == path {
      operands.append(constant(slot.name, shape: slot.shape, Array(parameters.values[slot.range])))
    }
    let operation: String? =
      switch dense.activation {
      case .identity: nil
      case .relu: "Relu"
      case .tanh: "Tanh"
      default: nil
      }
    guard let operation else { return node("Gemm", operands, to: output, ["transB": 1]) }
    let sum = node("Gemm", operands, to: "\(path).sum", ["transB": 1])
    return node(operation, [sum], to: output)
  }
}
