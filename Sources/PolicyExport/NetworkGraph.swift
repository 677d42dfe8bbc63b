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

  /// Adds the layers of a network under their parameters' names, without noise; its result gets the name
  /// `output`.
  ///
  /// Layers with state begin from `memory.input` [batch, stateCount], whose columns they share first to last,
  /// and leave what comes behind in `memory.output`.
  package mutating func appendNetwork(
    _ network: Network, _ parameters: ParameterVector, reading input: String, to output: String,
    memory: (input: String, output: String)? = nil
  ) {
    precondition(
      (network.stateCount > 0) == (memory != nil), "a network of \(network.stateCount) values of state")
    var current = input
    var states: [String] = []
    var firstColumn = 0
    for (index, layer) in network.layers.enumerated() {
      let path = "layers.\(index)"
      let result = index == network.layers.count - 1 ? output : "\(path).output"
      let own = LayerParameters(parameters, path: path)
      switch layer {
      case .dense(let dense):
        current = appendAffine(own, "weight", "bias", dense.activation, reading: current, to: result)
      case .noisyDense(let noisy):
        current = appendAffine(own, "weight_mu", "bias_mu", noisy.activation, reading: current, to: result)
      case .layerNorm(let norm): current = appendLayerNorm(norm, own, reading: current, to: result)
      case .dueling(let dueling): current = appendDueling(dueling, own, reading: current, to: result)
      case .gru(let gru):
        let columns = firstColumn..<firstColumn + gru.hiddenCount
        let state = appendColumns(columns, of: network.stateCount, reading: memory?.input ?? "", to: "\(path).state")
        current = appendGRU(gru, own, reading: current, state: state, to: result)
        states.append(current)
        firstColumn = columns.upperBound
      }
    }
    if let memory { node("Concat", states, to: memory.output, ["axis": 1]) }
  }

  /// Adds a choice of some columns of a matrix that has `count` of them, and returns its name; that of the
  /// matrix where they are all.
  mutating func appendColumns(
    _ columns: Range<Int>, of count: Int, reading input: String, to output: String
  ) -> String {
    if columns == 0..<count { return input }
    let starts = constant("\(output).start", [Int64(columns.lowerBound)])
    let ends = constant("\(output).end", [Int64(columns.upperBound)])
    let axes = constant("\(output).axis", [1])
    return node("Slice", [input, starts, ends, axes], to: output)
  }

  /// Adds `f(x)` and returns its name; that of x where f changes nothing.
  ///
  /// - Parameters:
  ///   - sum: what gives x the name it is told, and returns that name.
  ///   - path: the layer, under whose name x stands.
  mutating func appendActivation(
    _ activation: Activation, path: String, to output: String,
    of sum: (inout ONNXGraph, _ name: String) -> String
  ) -> String {
    let operation: String
    switch activation {
    case .identity: return sum(&self, output)
    case .relu: operation = "Relu"
    case .tanh: operation = "Tanh"
    case .sigmoid: operation = "Sigmoid"
    case .softplus: operation = "Softplus"
    case .silu:
      let argument = sum(&self, "\(path).sum")
      let gate = node("Sigmoid", [argument], to: "\(path).gate")
      return node("Mul", [argument, gate], to: output)
    }
    return node(operation, [sum(&self, "\(path).sum")], to: output)
  }

  private mutating func appendAffine(
    _ parameters: LayerParameters, _ weight: String, _ bias: String, _ activation: Activation,
    reading input: String, to output: String
  ) -> String {
    let operands = [input, constant(parameters, weight), constant(parameters, bias)]
    return appendActivation(activation, path: parameters.path, to: output) {
      $0.node("Gemm", operands, to: $1, ["transB": 1])
    }
  }

  /// Adds `f(w ∘ (x − mean x) / √(var x + ε) + b)`, mean and variance over the values of a row.
  private mutating func appendLayerNorm(
    _ norm: LayerNorm, _ parameters: LayerParameters, reading input: String, to output: String
  ) -> String {
    let path = parameters.path
    let epsilon = constant("\(path).epsilon", shape: [], [norm.epsilon])
    let weight = constant(parameters, "weight")
    let bias = constant(parameters, "bias")
    let mean = node("ReduceMean", [input], to: "\(path).mean", ["axes": [1], "keepdims": 1])
    let centered = node("Sub", [input, mean], to: "\(path).centered")
    let squares = node("Mul", [centered, centered], to: "\(path).squares")
    let variance = node("ReduceMean", [squares], to: "\(path).variance", ["axes": [1], "keepdims": 1])
    let raised = node("Add", [variance, epsilon], to: "\(path).raised")
    let deviation = node("Sqrt", [raised], to: "\(path).deviation")
    let standard = node("Div", [centered, deviation], to: "\(path).standard")
    let scaled = node("Mul", [standard, weight], to: "\(path).scaled")
    return appendActivation(norm.activation, path: path, to: output) {
      $0.node("Add", [scaled, bias], to: $1)
    }
  }

  /// Adds a parameter under its own name, and returns the name.
  private mutating func constant(_ parameters: LayerParameters, _ name: String) -> String {
    let slot = parameters.slot(name)
    return constant(slot.name, shape: slot.shape, parameters[name])
  }
}

/// The parameters of one layer by their names in it.
struct LayerParameters {
  /// The layer's name: `layers.0`.
  let path: String
  private let all: ParameterVector

  init(_ all: ParameterVector, path: String) {
    self.all = all
    self.path = path
  }

  /// The place of a parameter.
  func slot(_ name: String) -> ParameterSlot {
    guard let slot = all.layout["\(path).\(name)"] else { preconditionFailure("\(path) has no \(name)") }
    return slot
  }

  /// The elements of a parameter, in row-major order.
  subscript(name: String) -> [Float] { Array(all.values[slot(name).range]) }
}
