internal import LinearAlgebra
public import Snapshots

/// Stochastic gradient descent with momentum, as PyTorch's `SGD` without dampening.
///
/// `g` gains `λ·θ`; the velocity is `b = μ·b + g` from 0; `θ -= α·b`, or `θ -= α·(g + μ·b)` with Nesterov's look
/// ahead (Sutskever et al. 2013). Without momentum there is no velocity.
public struct SGD: Sendable, Equatable {
  /// The step length α; may change between steps.
  public var learningRate: Float

  /// The part μ of the velocity that stays from step to step.
  public let momentum: Float

  /// Whether the step looks ahead along the velocity.
  public let nesterov: Bool

  /// The factor λ of the parameters in the gradient.
  public let weightDecay: Float

  /// The number of parameters.
  public let count: Int

  package internal(set) var velocity: [Float]

  /// Creates an optimizer of `count` parameters.
  public init(
    count: Int, learningRate: Float = 1e-3, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0
  ) {
    precondition(count >= 0, "SGD cannot optimize \(count) parameters")
    precondition(momentum >= 0 && momentum < 1, "a momentum lies between 0 and 1, unlike \(momentum)")
    precondition(!nesterov || momentum > 0, "Nesterov's look ahead needs a momentum")
    precondition(weightDecay >= 0, "weights do not decay by \(weightDecay)")
    self.count = count
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    velocity = [Float](repeating: 0, count: momentum > 0 ? count : 0)
  }

  /// Makes one step in one pass, and moves a target that is not empty in the same.
  mutating func update(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float,
    dragging target: inout MutableSpan<Float>, by tau: Float
  ) {
    precondition(parameters.count == count, "\(parameters.count) parameters for SGD of \(count)")
    var taken: [Float] = []
    swap(&taken, &velocity)
    var velocities = taken.mutableSpan
    flushingSubnormals {
      moveByVelocity(
        &parameters, along: gradient, scale: gradientScale, velocities: &velocities, momentum: momentum,
        looksAhead: nesterov, weightDecay: weightDecay, length: learningRate, dragging: &target, by: tau)
    }
    swap(&taken, &velocity)
  }
}

extension SGD: Restorable {
  /// The velocity, empty without momentum.
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("velocity", velocity)
    return snapshot
  }

  /// Takes over the velocity of an optimizer of as many parameters.
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    velocity = try snapshot.floats("velocity", count: velocity.count)
  }
}
