internal import LinearAlgebra
public import Snapshots

/// The optimizer RMSprop (Tieleman and Hinton 2012, lecture 6.5), as PyTorch's `RMSprop`.
///
/// `v = α·v + (1-α)·g²` from 0 and `q = g / (√v + ε)`; centred (Graves 2013, arXiv 1308.0850), the square of
/// `m = α·m + (1-α)·g` is taken from v under the root. With momentum μ, `b = μ·b + q` takes the place of q.
public struct RMSProp: Sendable, Equatable {
  /// The step length; may change between steps.
  public var learningRate: Float

  /// The decay α of the mean square.
  public let alpha: Float

  /// The number ε that keeps the denominator from zero.
  public let epsilon: Float

  /// The part μ of the velocity that stays from step to step.
  public let momentum: Float

  /// Whether the mean square is taken about the mean.
  public let centered: Bool

  package internal(set) var meanSquare: [Float]
  package internal(set) var mean: [Float]
  package internal(set) var velocity: [Float]

  /// Creates an optimizer of `count` parameters.
  public init(
    count: Int, learningRate: Float = 1e-2, alpha: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0,
    centered: Bool = false
  ) {
    precondition(count >= 0, "RMSprop cannot optimize \(count) parameters")
    precondition(alpha >= 0 && alpha < 1, "RMSprop's decay lies between 0 and 1, unlike \(alpha)")
    precondition(momentum >= 0 && momentum < 1, "a momentum lies between 0 and 1, unlike \(momentum)")
    precondition(epsilon >= 0, "RMSprop's epsilon is not negative, unlike \(epsilon)")
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    meanSquare = [Float](repeating: 0, count: count)
    mean = [Float](repeating: 0, count: centered ? count : 0)
    velocity = [Float](repeating: 0, count: momentum > 0 ? count : 0)
  }

  /// Makes one step in one pass, and moves a target that is not empty in the same.
  mutating func update(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float,
    dragging target: inout MutableSpan<Float>, by tau: Float
  ) {
    precondition(
      parameters.count == meanSquare.count, "\(parameters.count) parameters for RMSprop of \(meanSquare.count)")
    var (squares, means, velocities): ([Float], [Float], [Float]) = ([], [], [])
    swap(&squares, &meanSquare)
    swap(&means, &mean)
    swap(&velocities, &velocity)
    var squaresSpan = squares.mutableSpan
    var meansSpan = means.mutableSpan
    var velocitiesSpan = velocities.mutableSpan
    flushingSubnormals {
      moveByRootMeanSquare(
        &parameters, along: gradient, scale: gradientScale, squares: &squaresSpan, means: &meansSpan,
        velocities: &velocitiesSpan, decay: alpha, gain: Float(1 - Double(alpha)), epsilon: epsilon,
        momentum: momentum, length: learningRate, dragging: &target, by: tau)
    }
    swap(&squares, &meanSquare)
    swap(&means, &mean)
    swap(&velocities, &velocity)
  }
}

extension RMSProp: Restorable {
  /// Mean square, mean and velocity; empty where not kept.
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("mean_square", meanSquare)
    snapshot.set("mean", mean)
    snapshot.set("velocity", velocity)
    return snapshot
  }

  /// Takes over the moments of an optimizer of the same kind and as many parameters.
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let squares = try snapshot.floats("mean_square", count: meanSquare.count)
    let means = try snapshot.floats("mean", count: mean.count)
    velocity = try snapshot.floats("velocity", count: velocity.count)
    meanSquare = squares
    mean = means
  }
}
