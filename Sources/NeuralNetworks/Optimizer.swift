internal import LinearAlgebra
public import Snapshots

/// An optimizer of any kind, chosen when it is created.
public struct Optimizer: Sendable, Equatable {
  /// The kinds with their hyperparameters and PyTorch's defaults.
  public enum Kind: Sendable, Equatable {
    /// ``SGD``.
    case sgd(momentum: Float = 0, nesterov: Bool = false, weightDecay: Float = 0)
    /// ``RMSProp``.
    case rmsProp(alpha: Float = 0.99, epsilon: Float = 1e-8, momentum: Float = 0, centered: Bool = false)
    /// ``Adam``.
    case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8)
    /// ``AdamW``.
    case adamW(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01)
  }

  private enum State: Sendable, Equatable {
    case sgd(SGD)
    case rmsProp(RMSProp)
    case adam(Adam)
    case adamW(AdamW)
    /// While a step has taken the optimizer out.
    case lent
  }

  /// The kind of the optimizer.
  public let kind: Kind

  /// The number of parameters.
  public let count: Int

  /// The step length; may change between steps.
  public var learningRate: Float

  private var state: State

  /// Creates an optimizer of `count` parameters.
  public init(_ kind: Kind, count: Int, learningRate: Float) {
    self.kind = kind
    self.count = count
    self.learningRate = learningRate
    state =
      switch kind {
      case .sgd(let momentum, let nesterov, let weightDecay):
        .sgd(SGD(count: count, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay))
      case .rmsProp(let alpha, let epsilon, let momentum, let centered):
        .rmsProp(
          RMSProp(count: count, alpha: alpha, epsilon: epsilon, momentum: momentum, centered: centered))
      case .adam(let beta1, let beta2, let epsilon):
        .adam(Adam(count: count, beta1: beta1, beta2: beta2, epsilon: epsilon))
      case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
        .adamW(
          AdamW(count: count, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay))
      }
  }

  /// Makes one step: one pass over all vectors, without allocation.
  ///
  /// - Parameters:
  ///   - parameters: As many elements as the optimizer was created for.
  ///   - gradient: As many.
  ///   - gradientScale: A factor of the gradient, such as ``GradientClipping/scale(for:)``.
  public mutating func update(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float = 1
  ) {
    var none = MutableSpan<Float>()
    step(&parameters, along: gradient, gradientScale: gradientScale, dragging: &none, by: 0)
  }

  /// Makes one step; see ``update(_:along:gradientScale:)-(MutableSpan<Float>,_,_)``.
  public mutating func update(
    _ parameters: inout ParameterVector, along gradient: ParameterVector, gradientScale: Float = 1
  ) {
    var values = parameters.values.mutableSpan
    update(&values, along: gradient.values.span, gradientScale: gradientScale)
  }

  /// Makes one step and moves a target toward the new parameters, in one pass.
  ///
  /// The bits are those of ``update(_:along:gradientScale:)-(ParameterVector,_,_)`` followed by
  /// ``ParameterVector/move(toward:by:)``.
  public mutating func update(
    _ parameters: inout ParameterVector, along gradient: ParameterVector, gradientScale: Float = 1,
    dragging target: inout ParameterVector, by tau: Float
  ) {
    precondition(tau >= 0 && tau <= 1, "a target moves by a fraction between 0 and 1, not by \(tau)")
    precondition(
      target.values.count == count, "a target of \(target.values.count) parameters for an optimizer of \(count)")
    if tau == 0 || tau == 1 {
      update(&parameters, along: gradient, gradientScale: gradientScale)
      return target.move(toward: parameters, by: tau)
    }
    var values = parameters.values.mutableSpan
    var moved = target.values.mutableSpan
    step(&values, along: gradient.values.span, gradientScale: gradientScale, dragging: &moved, by: tau)
  }

  private mutating func step(
    _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, gradientScale: Float,
    dragging target: inout MutableSpan<Float>, by tau: Float
  ) {
    var taken = State.lent
    swap(&taken, &state)
    switch consume taken {
    case .sgd(var optimizer):
      optimizer.learningRate = learningRate
      optimizer.update(
        &parameters, along: gradient, gradientScale: gradientScale, dragging: &target, by: tau)
      state = .sgd(optimizer)
    case .rmsProp(var optimizer):
      optimizer.learningRate = learningRate
      optimizer.update(
        &parameters, along: gradient, gradientScale: gradientScale, dragging: &target, by: tau)
      state = .rmsProp(optimizer)
    case .adam(var optimizer):
      optimizer.learningRate = learningRate
      optimizer.update(
        &parameters, along: gradient, gradientScale: gradientScale, dragging: &target, by: tau)
      state = .adam(optimizer)
    case .adamW(var optimizer):
      optimizer.learningRate = learningRate
      optimizer.update(
        &parameters, along: gradient, gradientScale: gradientScale, dragging: &target, by: tau)
      state = .adamW(optimizer)
    case .lent:
      preconditionFailure("an optimizer cannot step within its own step")
    }
  }

  /// All arrays it keeps: SGD's velocity; RMSprop's mean square, mean and velocity; Adam's first and second moment.
  /// One that is not kept is empty. The number of steps is not among them.
  ///
  /// What replaces them has as many elements. A mean of squares below zero, as rounding on the way may leave it,
  /// becomes zero.
  package var arrays: [[Float]] {
    get {
      switch state {
      case .sgd(let optimizer): [optimizer.velocity]
      case .rmsProp(let optimizer): [optimizer.meanSquare, optimizer.mean, optimizer.velocity]
      case .adam(let optimizer): [optimizer.firstMoment, optimizer.secondMoment]
      case .adamW(let optimizer): [optimizer.adam.firstMoment, optimizer.adam.secondMoment]
      case .lent: []
      }
    }
    set {
      let (found, wanted) = (newValue.map(\.count), arrays.map(\.count))
      precondition(found == wanted, "arrays of \(found) elements for an optimizer that keeps \(wanted)")
      switch state {
      case .sgd(var optimizer):
        optimizer.velocity = newValue[0]
        state = .sgd(optimizer)
      case .rmsProp(var optimizer):
        optimizer.meanSquare = newValue[0].map { max($0, 0) }
        (optimizer.mean, optimizer.velocity) = (newValue[1], newValue[2])
        state = .rmsProp(optimizer)
      case .adam(var optimizer):
        optimizer.firstMoment = newValue[0]
        optimizer.secondMoment = newValue[1].map { max($0, 0) }
        state = .adam(optimizer)
      case .adamW(var optimizer):
        optimizer.adam.firstMoment = newValue[0]
        optimizer.adam.secondMoment = newValue[1].map { max($0, 0) }
        state = .adamW(optimizer)
      case .lent:
        break
      }
    }
  }

  /// Begins anew: what it keeps is zero, and so is the number of steps.
  package mutating func reset() { self = Optimizer(kind, count: count, learningRate: learningRate) }

  /// Two optimizers are equal if they go on alike.
  public static func == (a: Optimizer, b: Optimizer) -> Bool {
    a.kind == b.kind && a.count == b.count && a.learningRate == b.learningRate && a.snapshot() == b.snapshot()
  }
}

extension Optimizer: Restorable {
  /// The snapshot of the kind: of Adam, the number of steps and both moments.
  public func snapshot() -> Snapshot {
    switch state {
    case .sgd(let optimizer): optimizer.snapshot()
    case .rmsProp(let optimizer): optimizer.snapshot()
    case .adam(let optimizer): optimizer.snapshot()
    case .adamW(let optimizer): optimizer.snapshot()
    case .lent: Snapshot()
    }
  }

  /// Takes over the state of an optimizer of the same kind and as many parameters.
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    switch state {
    case .sgd(var optimizer):
      try optimizer.restore(from: snapshot)
      state = .sgd(optimizer)
    case .rmsProp(var optimizer):
      try optimizer.restore(from: snapshot)
      state = .rmsProp(optimizer)
    case .adam(var optimizer):
      try optimizer.restore(from: snapshot)
      state = .adam(optimizer)
    case .adamW(var optimizer):
      try optimizer.restore(from: snapshot)
      state = .adamW(optimizer)
    case .lent:
      break
    }
  }
}
