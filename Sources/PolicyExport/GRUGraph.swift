internal import NeuralNetworks

/// What a layer of gated recurrent units is in a graph: its equations, one operation after another.
///
/// ONNX has an operator of its own, but one that takes whole sequences and orders the gates otherwise; a step
/// spelled out is exact in every runtime and takes empty batches too.
extension ONNXGraph {
  /// Adds one step from `state` [batch, hidden], and returns the name of the new state.
  ///
  /// `r = σ(W_ir x + b_ir + W_hr h + b_hr)`, `z = σ(W_iz x + b_iz + W_hz h + b_hz)`,
  /// `n = tanh(W_in x + b_in + r ∘ (W_hn h + b_hn))`, `h' = (1 − z) ∘ n + z ∘ h`.
  mutating func appendGRU(
    _ gru: GRU, _ parameters: LayerParameters, reading input: String, state: String, to output: String
  ) -> String {
    let path = parameters.path
    func gate(_ graph: inout ONNXGraph, _ index: Int, _ name: String) -> (ofInput: String, ofState: String) {
      let seen = graph.appendGate(index, gru, parameters, "ih", reading: input, to: "\(path).\(name).input")
      let held = graph.appendGate(index, gru, parameters, "hh", reading: state, to: "\(path).\(name).state")
      return (seen, held)
    }
    func open(_ graph: inout ONNXGraph, _ index: Int, _ name: String) -> String {
      let parts = gate(&graph, index, name)
      let sum = graph.node("Add", [parts.ofInput, parts.ofState], to: "\(path).\(name).sum")
      return graph.node("Sigmoid", [sum], to: "\(path).\(name)")
    }
    let reset = open(&self, 0, "reset")
    let update = open(&self, 1, "update")
    let candidate = gate(&self, 2, "candidate")
    let recalled = node("Mul", [reset, candidate.ofState], to: "\(path).recalled")
    let sum = node("Add", [candidate.ofInput, recalled], to: "\(path).candidate.sum")
    let fresh = node("Tanh", [sum], to: "\(path).candidate")
    let one = constant("\(path).one", shape: [], [1])
    let rest = node("Sub", [one, update], to: "\(path).rest")
    let taken = node("Mul", [rest, fresh], to: "\(path).taken")
    let kept = node("Mul", [update, state], to: "\(path).kept")
    return node("Add", [taken, kept], to: output)
  }

  /// Adds the affine map of one gate: its rows of `weight_ih` and `bias_ih`, or of `weight_hh` and `bias_hh`.
  private mutating func appendGate(
    _ index: Int, _ gru: GRU, _ parameters: LayerParameters, _ kind: String, reading input: String,
    to output: String
  ) -> String {
    let units = index * gru.hiddenCount..<(index + 1) * gru.hiddenCount
    let width = parameters.slot("weight_\(kind)").shape[1]
    let weights = parameters["weight_\(kind)"][units.lowerBound * width..<units.upperBound * width]
    let biases = parameters["bias_\(kind)"][units]
    let weight = constant("\(output).weight", shape: [gru.hiddenCount, width], Array(weights))
    let bias = constant("\(output).bias", shape: [gru.hiddenCount], Array(biases))
    return node("Gemm", [input, weight, bias], to: output, ["transB": 1])
  }
}
