import Foundation
import PolicyExport

/// Evaluates a graph for one row in `Double`, operation by operation as the ONNX operator pages define them.
struct GraphInterpreter {
  private var tensors: [String: [Double]] = [:]
  private var shapes: [String: [Int]] = [:]

  static func run(_ graph: ONNXGraph, _ inputs: [String: [Double]]) -> [String: [Double]] {
    var interpreter = GraphInterpreter()
    interpreter.tensors = inputs
    for constant in graph.constants {
      interpreter.tensors[constant.name] = constant.values.map(Double.init)
      interpreter.shapes[constant.name] = constant.shape
    }
    for node in graph.nodes { interpreter.evaluate(node) }
    return interpreter.tensors
  }

  private mutating func evaluate(_ node: ONNXGraph.Node) {
    let operands = node.inputs.map { tensors[$0] ?? [] }
    let first = operands[0]
    switch node.operation {
    case "Sub": tensors[node.output] = zip(first, operands[1]).map(-)
    case "Div": tensors[node.output] = zip(first, operands[1]).map(/)
    case "Relu": tensors[node.output] = first.map { max($0, 0) }
    case "Tanh": tensors[node.output] = first.map(Foundation.tanh)
    case "Gemm":
      let weights = shapes[node.inputs[1]] ?? []
      precondition(node.attributes == ["transB": 1] && weights.count == 2 && weights[1] == first.count)
      tensors[node.output] = (0..<weights[0]).map { row in
        let products = first.indices.map { first[$0] * operands[1][row * weights[1] + $0] }
        return products.reduce(operands[2][row], +)
      }
    case "Where":
      tensors[node.output] = first.indices.map { first[$0] != 0 ? operands[1][$0] : operands[2][0] }
    case "ArgMax":
      precondition(node.attributes == ["axis": 1, "keepdims": 0, "select_last_index": 0])
      let best = first.indices.reduce(0) { first[$1] > first[$0] ? $1 : $0 }
      tensors[node.output] = [Double(best)]
    default: preconditionFailure("no such operation here: \(node.operation)")
    }
  }
}
