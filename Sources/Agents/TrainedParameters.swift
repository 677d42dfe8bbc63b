public import NeuralNetworks
import Randomness
import Snapshots

/// How parameters follow their gradients: optimizer, step size over the updates, clipping.
public struct Descent: Sendable, Equatable {
  /// What makes a step of a gradient.
  public var optimizer: Optimizer.Kind
  /// The step size at the first update.
  public var learningRate: Float
  /// The step size over the updates, from ``learningRate`` on.
  public var schedule: LearningRateSchedule
  /// The greatest global norm of a gradient; nil without a bound.
  public var gradientClip: Float?
  /// The greatest magnitude of an element of a gradient, applied before the norm; nil without a bound.
  public var gradientValueClip: Float?

  /// A descent by its parts.
  public init(
    optimizer: Optimizer.Kind = .adam(), learningRate: Float, schedule: LearningRateSchedule = .constant(),
    gradientClip: Float? = nil, gradientValueClip: Float? = nil
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.gradientClip = gradientClip
    self.gradientValueClip = gradientValueClip
  }
}

/// One flat vector of parameters with its gradient, its optimizer and, where there is one, its target.
///
/// Knows no network: whoever owns it writes ``gradient`` and calls ``descend(dragging:)``.
struct TrainedParameters: Sendable {
  private(set) var online: ParameterVector
  /// A copy that follows; equal to the first parameters until it is moved.
  private(set) var target: ParameterVector
  /// Overwritten by whoever differentiates.
  var gradient: ParameterVector
  /// Steps made so far.
  private(set) var updates = 0
  /// The norm of the last gradient before clipping.
  private(set) var gradientNorm: Float = 0
  private var optimizer: Optimizer
  private let descent: Descent
  private let clipping: GradientClipping?
  private let valueClipping: ValueClipping?

  init(_ initial: ParameterVector, _ descent: Descent) {
    online = initial
    target = initial
    gradient = ParameterVector(layout: initial.layout)
    optimizer = Optimizer(descent.optimizer, count: initial.values.count, learningRate: descent.learningRate)
    self.descent = descent
    clipping = descent.gradientClip.map { GradientClipping(maximumNorm: $0) }
    valueClipping = descent.gradientValueClip.map { ValueClipping(maximumValue: $0) }
  }

  /// Begins from other parameters than random ones; the target becomes a copy.
  mutating func adopt(_ parameters: ParameterVector) {
    online = parameters
    target = parameters
  }

  /// One step against ``gradient``, and with it, if τ is given, of the target towards the new parameters.
  ///
  /// - Parameter moment: where the schedule of the step size stands; by default at the number of steps made.
  mutating func descend(dragging tau: Float? = nil, at moment: Int? = nil) {
    if let valueClipping { valueClipping.clip(&gradient) }
    var scale: Float = 1
    if let clipping {
      gradientNorm = GradientClipping.globalNorm(gradient.values.span)
      scale = clipping.scale(norm: gradientNorm)
    }
    optimizer.learningRate = descent.schedule.rate(initial: descent.learningRate, step: moment ?? updates)
    if let tau {
      optimizer.update(&online, along: gradient, gradientScale: scale, dragging: &target, by: tau)
    } else {
      optimizer.update(&online, along: gradient, gradientScale: scale)
    }
    updates += 1
  }

  /// Moves the target by the fraction τ towards the parameters; 1 copies.
  mutating func moveTarget(by tau: Float) { target.move(toward: online, by: tau) }
}

extension TrainedParameters: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("online", online.values)
    snapshot.set("target", target.values)
    snapshot.set("optimizer", optimizer.snapshot())
    snapshot.set("updates", integer: updates)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.online.values = try snapshot.floats("online", count: online.values.count)
    copy.target.values = try snapshot.floats("target", count: target.values.count)
    try copy.optimizer.restore(from: try snapshot.group("optimizer"))
    copy.updates = try snapshot.integer("updates")
    guard copy.updates >= 0 else {
      throw snapshot.mismatch("updates", expected: "a number of updates", found: "\(copy.updates)")
    }
    self = copy
  }
}
