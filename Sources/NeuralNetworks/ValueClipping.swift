internal import LinearAlgebra

/// A bound on each element of a gradient, as PyTorch's `clip_grad_value_` has it.
public struct ValueClipping: Sendable, Equatable {
  /// The magnitude above which an element is cut.
  public let maximumValue: Float

  /// Creates a bound.
  public init(maximumValue: Float) {
    precondition(maximumValue > 0, "a gradient's elements cannot be bounded by \(maximumValue)")
    self.maximumValue = maximumValue
  }

  /// Cuts every element to the bound, in one pass and in place. NaN stays NaN.
  public func clip(_ gradient: inout MutableSpan<Float>) {
    clamp(&gradient, to: maximumValue)
  }

  /// Cuts every element to the bound, in one pass and in place. NaN stays NaN.
  public func clip(_ gradient: inout ParameterVector) {
    var values = gradient.values.mutableSpan
    clip(&values)
  }
}
