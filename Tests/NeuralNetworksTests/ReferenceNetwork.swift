import Glibc
import NeuralNetworks

/// A multilayer perceptron in plain `Double` loops, written from the formulas: the twin of the networks under
/// test.
struct ReferenceNetwork {
  let widths: [Int]
  let activation: Activation
  let outputActivation: Activation

  var network: Network {
    .mlp(
      inputs: widths[0], hidden: Array(widths[1..<widths.count - 1]), outputs: widths[widths.count - 1],
      activation: activation, outputActivation: outputActivation)
  }

  /// The outputs of one row.
  func outputs(_ parameters: [Double], _ row: ArraySlice<Double>) -> [Double] {
    var values = Array(row)
    var start = 0
    for layer in 1..<widths.count {
      let (inputs, outputs) = (widths[layer - 1], widths[layer])
      let function = layer == widths.count - 1 ? outputActivation : activation
      let biases = start + inputs * outputs
      values = (0..<outputs).map { output in
        var sum = parameters[biases + output]
        for input in 0..<inputs { sum += parameters[start + output * inputs + input] * values[input] }
        return Self.apply(function, sum)
      }
      start = biases + outputs
    }
    return values
  }

  /// `Σ weights · outputs` over a batch: a scalar whose derivative by the outputs is `weights`.
  func weightedSum(_ parameters: [Double], _ inputs: [Double], _ weights: [Double]) -> Double {
    var sum = 0.0
    let columns = widths[widths.count - 1]
    for row in 0..<inputs.count / widths[0] {
      let result = outputs(parameters, inputs[row * widths[0]..<(row + 1) * widths[0]])
      for column in 0..<columns { sum += weights[row * columns + column] * result[column] }
    }
    return sum
  }

  static func apply(_ function: Activation, _ z: Double) -> Double {
    switch function {
    case .identity: z
    case .relu: max(0, z)
    case .tanh: Glibc.tanh(z)
    case .sigmoid: 1 / (1 + Glibc.exp(-z))
    case .softplus: Glibc.log1p(Glibc.exp(z))
    case .silu: z / (1 + Glibc.exp(-z))
    }
  }
}

/// Central differences of a function at a point.
func centralDifferences(_ point: [Double], _ function: ([Double]) -> Double) -> [Double] {
  let distance = 1e-6
  return point.indices.map { index in
    var (above, below) = (point, point)
    above[index] += distance
    below[index] -= distance
    return (function(above) - function(below)) / (2 * distance)
  }
}

/// The greatest difference, relative to the greatest magnitude expected.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(1e-12) { max($0, abs($1)) }
  return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1) / scale) }
}
