internal import LinearAlgebra

/// A function that a layer applies to each of its outputs.
///
/// The raw value is the name in files. Each derivative is written in terms of the function's own value, so
/// that a backward pass needs nothing but the outputs of the forward pass; only ``silu`` needs its argument,
/// which a training workspace keeps for it.
public enum Activation: String, Sendable, CaseIterable {
  /// `f(z) = z`.
  case identity
  /// `f(z) = max(0, z)`, with derivative 0 at 0.
  case relu
  /// `f(z) = tanh(z)`.
  case tanh
  /// `f(z) = σ(z) = 1 / (1 + exp(-z))`.
  case sigmoid
  /// `f(z) = log(1 + exp(z))`.
  case softplus
  /// `f(z) = z · σ(z)` (Elfwing, Uchibe, Doya 2018, arXiv 1702.03118), also called swish.
  case silu

  /// Whether the derivative takes the function's argument rather than its value.
  var needsSums: Bool { self == .silu }

  /// Adds a bias to every row and applies the function: `y = f(y + bias)`, in one pass.
  ///
  /// `y` is `[rows, bias.count]`. NaN stays NaN.
  func apply(to y: inout MutableSpan<Float>, adding bias: Span<Float>) {
    switch self {
    case .identity: addToRows(of: &y, bias) { $0 }
    case .relu: addToRows(of: &y, bias) { $0 < 0 ? 0 : $0 }
    case .tanh: addToRows(of: &y, bias) { Vectorizable.tanh($0) }
    case .sigmoid: addToRows(of: &y, bias) { Vectorizable.sigmoid($0) }
    case .softplus: addToRows(of: &y, bias) { Vectorizable.softplus($0) }
    case .silu: addToRows(of: &y, bias) { $0 * Vectorizable.sigmoid($0) }
    }
  }

  /// As ``apply(to:adding:)`` for a function that ``needsSums``: also keeps `sums = y + bias`, as many as `y`.
  func apply(to y: inout MutableSpan<Float>, adding bias: Span<Float>, keeping sums: inout MutableSpan<Float>) {
    precondition(self == .silu, "\(rawValue) keeps no sums")
    addToRows(of: &y, bias) { $0 }
    copy(y.span, into: &sums)
    combine(sums.span, into: &y) { sum, _ in sum * Vectorizable.sigmoid(sum) }
  }

  /// Turns derivatives with respect to `y = f(z)` into derivatives with respect to `z`.
  ///
  /// - Parameters:
  ///   - values: The values `y`, or the arguments `z` if ``needsSums``.
  ///   - gradients: As many derivatives.
  func differentiate(_ values: Span<Float>, gradients: inout MutableSpan<Float>) {
    switch self {
    case .identity: break
    case .relu: combine(values, into: &gradients) { $0 <= 0 ? 0 : $1 }
    case .tanh: combine(values, into: &gradients) { (1 - $0 * $0) * $1 }
    case .sigmoid: combine(values, into: &gradients) { $0 * (1 - $0) * $1 }
    case .softplus: combine(values, into: &gradients) { Vectorizable.oneMinusExponential($0) * $1 }
    case .silu:
      combine(values, into: &gradients) { z, gradient in
        let sigmoid = Vectorizable.sigmoid(z)
        return sigmoid * (1 + z * (1 - sigmoid)) * gradient
      }
    }
  }
}
