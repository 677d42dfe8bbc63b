internal import LinearAlgebra

/// A function that a layer applies to each of its outputs.
///
/// The raw value is the name in files. Each derivative is written in terms of the function's own value, so
/// that a backward pass needs nothing but the outputs of the forward pass.
public enum Activation: String, Sendable, CaseIterable {
  /// `f(z) = z`.
  case identity
  /// `f(z) = max(0, z)`, with derivative 0 at 0.
  case relu
  /// `f(z) = tanh(z)`.
  case tanh

  /// Adds a bias to every row and applies the function: `y = f(y + bias)`, in one pass.
  ///
  /// `y` is `[rows, bias.count]`. NaN stays NaN.
  func apply(to y: inout MutableSpan<Float>, adding bias: Span<Float>) {
    switch self {
    case .identity: addToRows(of: &y, bias) { $0 }
    case .relu: addToRows(of: &y, bias) { $0 < 0 ? 0 : $0 }
    case .tanh: addToRows(of: &y, bias) { Vectorizable.tanh($0) }
    }
  }

  /// Turns derivatives with respect to `y = f(z)` into derivatives with respect to `z`.
  func differentiate(_ outputs: Span<Float>, gradients: inout MutableSpan<Float>) {
    switch self {
    case .identity: break
    case .relu: combine(outputs, into: &gradients) { $0 <= 0 ? 0 : $1 }
    case .tanh: combine(outputs, into: &gradients) { (1 - $0 * $0) * $1 }
    }
  }
}
