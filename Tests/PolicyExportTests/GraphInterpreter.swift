import Foundation
import PolicyExport

/// Evaluates a graph for one row in `Double`, operation by operation as the ONNX operator pages define them.
struct GraphInterpreter {
  struct Tensor {
    var shape: [Int]
    var values: [Double]
  }

  private var tensors: [String: Tensor] = [:]

  /// All tensors of the graph for one row of each input.
  static func run(_ graph: ONNXGraph, _ inputs: [String: [Double]]) -> [String: [Double]] {
    var interpreter = GraphInterpreter()
    precondition(Set(inputs.keys) == Set(graph.inputs.map(\.name)))
    for port in graph.inputs {
      let row = inputs[port.name] ?? []
      precondition(row.count == port.columns)
      interpreter.tensors[port.name] = Tensor(shape: [1, row.count], values: row)
    }
    for constant in graph.constants {
      let values: [Double] =
        switch constant.elements {
        case .float32(let floats): floats.map(Double.init)
        case .int64(let integers): integers.map(Double.init)
        }
      interpreter.tensors[constant.name] = Tensor(shape: constant.shape, values: values)
    }
    for node in graph.nodes { interpreter.tensors[node.output] = interpreter.evaluate(node) }
    for port in graph.outputs {
      precondition(interpreter.tensors[port.name]?.shape == [1] + (port.columns.map { [$0] } ?? []))
    }
    return interpreter.tensors.mapValues(\.values)
  }

  private func evaluate(_ node: ONNXGraph.Node) -> Tensor {
    let operands = node.inputs.map { tensors[$0] ?? Tensor(shape: [], values: []) }
    let first = operands[0]
    switch node.operation {
    case "Add": return combine(first, operands[1], +)
    case "Sub": return combine(first, operands[1], -)
    case "Mul": return combine(first, operands[1], *)
    case "Div": return combine(first, operands[1], /)
    case "Max": return combine(first, operands[1], max)
    case "Min": return combine(first, operands[1], min)
    case "Relu": return map(first) { max($0, 0) }
    case "Tanh": return map(first, Foundation.tanh)
    case "Sqrt": return map(first) { $0.squareRoot() }
    case "Sigmoid": return map(first) { 1 / (1 + exp(-$0)) }
    case "Softplus": return map(first) { max($0, 0) + log1p(exp(-abs($0))) }
    case "Gemm": return affine(node, operands)
    case "MatMul": return product(first, operands[1])
    case "ReduceMean": return mean(node, first)
    case "Softmax":
      precondition(node.attributes == ["axis": .integer(Int64(first.shape.count - 1))])
      return rows(of: first) { row in
        let powers = row.map { exp($0 - (row.max() ?? 0)) }
        return powers.map { $0 / powers.reduce(0, +) }
      }
    case "Reshape": return reshape(first, operands[1])
    case "Slice":
      let bounds = operands[1...].map { $0.values.map(Int.init) }
      precondition(bounds[2] == [1] && first.shape.count == 2)
      let columns = Array(first.values[bounds[0][0]..<bounds[1][0]])
      return Tensor(shape: [1, columns.count], values: columns)
    case "Concat":
      precondition(node.attributes == ["axis": 1] && operands.allSatisfy { $0.shape.count == 2 })
      let all = operands.flatMap(\.values)
      return Tensor(shape: [1, all.count], values: all)
    case "Gather":
      precondition(node.attributes == ["axis": 0] && first.shape.count == 1)
      return Tensor(shape: operands[1].shape, values: operands[1].values.map { first.values[Int($0)] })
    case "Where":
      let values = first.values.indices.map { first.values[$0] != 0 ? operands[1].values[$0] : operands[2].values[0] }
      return Tensor(shape: first.shape, values: values)
    case "ArgMax":
      let keeps = node.attributes["keepdims"] == 1
      precondition(
        node.attributes == ["axis": 1, "keepdims": keeps ? 1 : 0, "select_last_index": 0]
          && first.shape.count == 2)
      let best = first.values.indices.reduce(0) { first.values[$1] > first.values[$0] ? $1 : $0 }
      return Tensor(shape: keeps ? [1, 1] : [1], values: [Double(best)])
    default: preconditionFailure("no such operation here: \(node.operation)")
    }
  }

  private func map(_ tensor: Tensor, _ function: (Double) -> Double) -> Tensor {
    Tensor(shape: tensor.shape, values: tensor.values.map(function))
  }

  /// Two tensors of one row, of which either may be a single value.
  private func combine(_ a: Tensor, _ b: Tensor, _ operation: (Double, Double) -> Double) -> Tensor {
    let count = max(a.values.count, b.values.count)
    precondition([1, count].contains(a.values.count) && [1, count].contains(b.values.count))
    let values = (0..<count).map { index in
      operation(a.values[a.values.count == 1 ? 0 : index], b.values[b.values.count == 1 ? 0 : index])
    }
    return Tensor(shape: a.shape.count >= b.shape.count && a.values.count == count ? a.shape : b.shape, values: values)
  }

  private func affine(_ node: ONNXGraph.Node, _ operands: [Tensor]) -> Tensor {
    let (x, weight, bias) = (operands[0].values, operands[1], operands[2])
    precondition(node.attributes == ["transB": 1] && weight.shape == [bias.values.count, x.count])
    let values = bias.values.indices.map { row in
      x.indices.reduce(bias.values[row]) { $0 + x[$1] * weight.values[row * x.count + $1] }
    }
    return Tensor(shape: [1, values.count], values: values)
  }

  /// `[1, n, m]` times a column `[m, 1]`.
  private func product(_ a: Tensor, _ column: Tensor) -> Tensor {
    precondition(a.shape.count == 3 && column.shape == [a.shape[2], 1])
    let values = (0..<a.shape[1]).map { row in
      column.values.indices.reduce(0) { $0 + a.values[row * a.shape[2] + $1] * column.values[$1] }
    }
    return Tensor(shape: [1, values.count, 1], values: values)
  }

  private func mean(_ node: ONNXGraph.Node, _ tensor: Tensor) -> Tensor {
    let keeps = node.attributes["keepdims"] == 1
    precondition(
      node.attributes == ["axes": [Int64(tensor.shape.count - 1)], "keepdims": keeps ? 1 : 0])
    let width = tensor.shape[tensor.shape.count - 1]
    let values = stride(from: 0, to: tensor.values.count, by: width).map { start in
      tensor.values[start..<start + width].reduce(0, +) / Double(width)
    }
    return Tensor(shape: tensor.shape.dropLast() + (keeps ? [1] : []), values: values)
  }

  private func rows(of tensor: Tensor, _ function: (ArraySlice<Double>) -> [Double]) -> Tensor {
    let width = tensor.shape[tensor.shape.count - 1]
    let values = stride(from: 0, to: tensor.values.count, by: width).flatMap {
      function(tensor.values[$0..<$0 + width])
    }
    return Tensor(shape: tensor.shape, values: values)
  }

  /// A 0 copies the extent that stands there.
  private func reshape(_ tensor: Tensor, _ wanted: Tensor) -> Tensor {
    let shape = wanted.values.enumerated().map { $1 == 0 ? tensor.shape[$0] : Int($1) }
    precondition(shape.reduce(1, *) == tensor.values.count)
    return Tensor(shape: shape, values: tensor.values)
  }
}
