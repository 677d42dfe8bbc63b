internal import LinearAlgebra
internal import RealModule
internal import Randomness

/// How the parameters of a network are drawn before training.
///
/// A scheme is about the weights; biases are zero under all but the first. Deviations of noisy layers and the
/// parameters of normalising ones have starting values of their own.
public enum Initialization: Sendable, Equatable {
  /// Weights and biases uniform between ±1/√(fan-in): the default of PyTorch's `Linear`.
  case uniformFanIn

  /// Orthonormal rows or columns, whichever are fewer, times the gain (Saxe, McClelland, Ganguli 2014, arXiv
  /// 1312.6120).
  case orthogonal(gain: Float)

  /// Uniform with variance 2 / fan-in, between ±√(6 / fan-in) (He et al. 2015, arXiv 1502.01852).
  case kaimingUniform

  /// Normal with variance 2 / fan-in.
  case kaimingNormal

  /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
  case xavierUniform

  /// Normal with variance 2 / (fan-in + fan-out).
  case xavierNormal

  /// The names in files.
  public static let names = [
    "uniform-fan-in", "orthogonal", "kaiming-uniform", "kaiming-normal", "xavier-uniform", "xavier-normal",
  ]

  /// The scheme of a name, with gain 1; nil for other names.
  public static func named(_ name: String) -> Initialization? {
    switch name {
    case "uniform-fan-in": .uniformFanIn
    case "orthogonal": .orthogonal(gain: 1)
    case "kaiming-uniform": .kaimingUniform
    case "kaiming-normal": .kaimingNormal
    case "xavier-uniform": .xavierUniform
    case "xavier-normal": .xavierNormal
    default: nil
    }
  }

  /// Draws a weight `[outputs, inputs]`.
  func drawWeights(
    _ weights: inout MutableSpan<Float>, outputs: Int, inputs: Int, using stream: inout RandomStream
  ) {
    let (fanIn, both) = (Double(inputs), Double(inputs + outputs))
    switch self {
    case .uniformFanIn: drawUniform(&weights, bound: 1 / Double.sqrt(fanIn), using: &stream)
    case .orthogonal(let gain):
      drawOrthogonal(&weights, rows: outputs, columns: inputs, gain: Double(gain), using: &stream)
    case .kaimingUniform: drawUniform(&weights, bound: Double.sqrt(6 / fanIn), using: &stream)
    case .kaimingNormal: drawNormal(&weights, deviation: Double.sqrt(2 / fanIn), using: &stream)
    case .xavierUniform: drawUniform(&weights, bound: Double.sqrt(6 / both), using: &stream)
    case .xavierNormal: drawNormal(&weights, deviation: Double.sqrt(2 / both), using: &stream)
    }
  }

  /// Draws the biases of a weight of `inputs` columns.
  func drawBiases(_ biases: inout MutableSpan<Float>, inputs: Int, using stream: inout RandomStream) {
    switch self {
    case .uniformFanIn: drawUniform(&biases, bound: 1 / Double.sqrt(Double(inputs)), using: &stream)
    default: fill(&biases, with: 0)
    }
  }
}

/// Uniform numbers between ±bound.
func drawUniform(_ values: inout MutableSpan<Float>, bound: Double, using stream: inout RandomStream) {
  for index in 0..<values.count {
    values[index] = Float((2 * stream.uniform() - 1) * bound)
  }
}

private func drawNormal(_ values: inout MutableSpan<Float>, deviation: Double, using stream: inout RandomStream) {
  for index in 0..<values.count {
    values[index] = Float(stream.normal() * deviation)
  }
}

/// Orthonormal vectors by the method of Gram and Schmidt on normal ones, each projected twice, which makes them
/// uniformly distributed and orthogonal to rounding. O(rows · columns · min(rows, columns)).
private func drawOrthogonal(
  _ values: inout MutableSpan<Float>, rows: Int, columns: Int, gain: Double, using stream: inout RandomStream
) {
  let (count, length) = (min(rows, columns), max(rows, columns))
  var vectors: [[Double]] = []
  while vectors.count < count {
    var vector = (0..<length).map { _ in stream.normal() }
    for _ in 0..<2 {
      for other in vectors {
        var projection = 0.0
        for index in 0..<length { projection += vector[index] * other[index] }
        for index in 0..<length { vector[index] -= projection * other[index] }
      }
    }
    var norm = 0.0
    for value in vector { norm += value * value }
    norm = norm.squareRoot()
    guard norm > 1e-9 else { continue }
    vectors.append(vector.map { $0 / norm })
  }
  for row in 0..<rows {
    for column in 0..<columns {
      let value = rows <= columns ? vectors[row][column] : vectors[column][row]
      values[row * columns + column] = Float(gain * value)
    }
  }
}
