internal import LinearAlgebra
internal import RealModule
public import Snapshots

/// The optimizer Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) with PyTorch's defaults.
///
/// With g the gradient, m and v start at 0 and at step t `m = β₁m + (1-β₁)g`, `v = β₂v + (1-β₂)g²`, `θ -=
/// α/(1-β₁ᵗ) · m / (√v / √(1-β₂ᵗ) + ε)`: ε stands outside the root and outside its bias correction, as in
/// PyTorch. The hyperparameters are not part of the snapshot: they come from whoever creates the optimizer.
public struct Adam: Sendable, Equatable {
  /// The step length α; may change between steps.
  public var learningRate: Float

  /// The decay β₁ of the mean of gradients.
  public let beta1: Float

  /// The decay β₂ of the mean of squared gradients.
  public let beta2: Float

  /// The number ε that keeps the denominator from zero.
  public let epsilon: Float

  /// How many steps were made.
  public private(set) var step = 0

  package internal(set) var firstMoment: [Float]
  package internal(set) var secondMoment: [Float]

  /// Creates an optimizer of `count` parameters.
  public init(
    count: Int, learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8
  ) {
    precondition(count >= 0, "Adam cannot optimize \(count) parameters")
    precondition(
      beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1,
      "Adam's decays lie between 0 and 1, unlike \(beta1) and \(beta2)")
    precondition(epsilon >= 0, "Adam's epsilon is not negative, unlike \(epsilon)")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    firstMoment = [Float](repeating: 0, count: count)
    secondMoment = [Float](repeating: 0, count: count)
  }

  /// Makes one step: one pass over parameters, gradient and both moments, without allocation.
  ///
  /// - Parameters:
  ///   - parameters: As many elements as the optimizer was created for.
  ///   - gradient: As many.
  ///   - gradientScale: A factor of the gradient, such as ``GradientClipping/scale(for:)``.
  public mutating func update(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float = 1
  ) {
    var none = MutableSpan<Float>()
    update(&parameters, along: gradient, gradientScale: gradientScale, dragging: &none, by: 0)
  }

  /// Makes one step; see ``update(_:along:gradientScale:)-(MutableSpan<Float>,_,_)``.
  public mutating func update(
    _ parameters: inout ParameterVector, along gradient: ParameterVector, gradientScale: Float = 1
  ) {
    var values = parameters.values.mutableSpan
    update(&values, along: gradient.values.span, gradientScale: gradientScale)
  }

  /// Makes one step in which every parameter first keeps `retention` of its value, and moves a target that is
  /// not empty in the same pass.
  mutating func update(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float,
    retention: Float = 1, dragging target: inout MutableSpan<Float>, by tau: Float
  ) {
    precondition(
      parameters.count == firstMoment.count && gradient.count == firstMoment.count,
      "\(parameters.count) parameters and \(gradient.count) derivatives for Adam of \(firstMoment.count)")
    step += 1
    let correction1 = 1 - Double.pow(Double(beta1), step)
    let correction2 = 1 - Double.pow(Double(beta2), step)
    var means: [Float] = []
    swap(&means, &firstMoment)
    var squares: [Float] = []
    swap(&squares, &secondMoment)
    var meansSpan = means.mutableSpan
    var squaresSpan = squares.mutableSpan
    flushingSubnormals {
      moveByMoments(
        &parameters, along: gradient, scale: gradientScale, means: &meansSpan, squares: &squaresSpan,
        meanGain: Float(1 - Double(beta1)), squareDecay: beta2, squareGain: Float(1 - Double(beta2)),
        length: Float(Double(learningRate) / correction1),
        rootFactor: Float(1 / correction2.squareRoot()), epsilon: epsilon, retention: retention,
        dragging: &target, by: tau)
    }
    swap(&means, &firstMoment)
    swap(&squares, &secondMoment)
  }
}

extension Adam: Restorable {
  /// The number of steps and both moments.
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("step", integer: step)
    snapshot.set("first_moment", firstMoment)
    snapshot.set("second_moment", secondMoment)
    return snapshot
  }

  /// Takes over the steps and moments of an optimizer of as many parameters.
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let step = try snapshot.integer("step")
    guard step >= 0 else {
      throw snapshot.mismatch("step", expected: "a number of steps", found: "\(step)")
    }
    let first = try snapshot.floats("first_moment", count: firstMoment.count)
    let second = try snapshot.floats("second_moment", count: secondMoment.count)
    self.step = step
    firstMoment = first
    secondMoment = second
  }
}
