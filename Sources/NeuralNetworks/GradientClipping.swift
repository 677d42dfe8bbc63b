internal import LinearAlgebra

/// A bound on the Euclidean norm of a whole gradient.
///
/// It gives a factor instead of a scaled gradient: the optimizer multiplies by it in its own pass.
public struct GradientClipping: Sendable, Equatable {
  /// The norm above which a gradient is shortened.
  public let maximumNorm: Float

  /// Creates a bound.
  public init(maximumNorm: Float) {
    precondition(maximumNorm > 0, "a gradient's norm cannot be bounded by \(maximumNorm)")
    self.maximumNorm = maximumNorm
  }

  /// The Euclidean norm of all elements together.
  public static func globalNorm(_ gradient: Span<Float>) -> Float {
    flushingSubnormals { squaredNorm(gradient).squareRoot() }
  }

  /// The factor for a gradient of a norm: `maximumNorm / (norm + 1e-6)`, at most 1, as PyTorch's
  /// `clip_grad_norm_` has it. NaN for NaN.
  public func scale(norm: Float) -> Float {
    let scale = maximumNorm / (norm + 1e-6)
    return scale > 1 ? 1 : scale
  }

  /// The factor for a gradient. O(count), no allocation.
  public func scale(for gradient: Span<Float>) -> Float {
    scale(norm: Self.globalNorm(gradient))
  }

  /// The factor for a gradient. O(count), no allocation.
  public func scale(for gradient: ParameterVector) -> Float {
    scale(for: gradient.values.span)
  }
}
