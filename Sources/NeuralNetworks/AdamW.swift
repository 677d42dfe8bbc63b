public import Snapshots

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101) and PyTorch's defaults.
///
/// Before a step of ``Adam``, `θ = (1 - α·λ)·θ`. The snapshot is Adam's.
public struct AdamW: Sendable, Equatable {
  /// The part λ of each parameter that decays, times the learning rate.
  public let weightDecay: Float

  package internal(set) var adam: Adam

  /// The step length α; may change between steps.
  public var learningRate: Float {
    get { adam.learningRate }
    set { adam.learningRate = newValue }
  }

  /// How many steps were made.
  public var step: Int { adam.step }

  /// Creates an optimizer of `count` parameters.
  public init(
    count: Int, learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0.01
  ) {
    precondition(weightDecay >= 0, "weights do not decay by \(weightDecay)")
    self.weightDecay = weightDecay
    adam = Adam(count: count, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// Makes one step in one pass, and moves a target that is not empty in the same.
  mutating func update(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float,
    dragging target: inout MutableSpan<Float>, by tau: Float
  ) {
    adam.update(
      &parameters, along: gradient, gradientScale: gradientScale,
      retention: Float(1 - Double(learningRate) * Double(weightDecay)), dragging: &target, by: tau)
  }
}

extension AdamW: Restorable {
  /// The number of steps and both moments.
  public func snapshot() -> Snapshot { adam.snapshot() }

  /// Takes over the steps and moments of an optimizer of as many parameters.
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try adam.restore(from: snapshot) }
}
