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
  /// What it keeps of past gradients.
  private var optimizer: Optimizer
  /// What holds the parameters near others, where something does.
  private var hold: ProximalHold?
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
    hold?.pull(online, into: &gradient)
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

/// Reading and replacing of parts from without, between two steps. The number of steps and the schedule stay.
extension TrainedParameters {
  /// What the optimizer keeps of past gradients, an element for each parameter; a kind that it does not keep is empty.
  var moments: [[Float]] {
    get { optimizer.arrays }
    set { optimizer.arrays = newValue }
  }

  /// The moments begin anew at zero, and with them the optimizer's own number of steps.
  mutating func resetMoments() { optimizer.reset() }

  /// Replaces some elements of the parameters.
  mutating func replace(_ range: Range<Int>, with values: ArraySlice<Float>) {
    online.values.replaceSubrange(range, with: values)
  }

  /// Replaces some elements of the target.
  mutating func replaceTarget(_ range: Range<Int>, with values: ArraySlice<Float>) {
    target.values.replaceSubrange(range, with: values)
  }

  /// Makes some elements of the target copies of the parameters.
  mutating func copyToTarget(_ range: Range<Int>) { replaceTarget(range, with: online.values[range]) }

  /// Holds some elements near what they are now; a strength of 0, or no elements, takes the hold away.
  mutating func hold(_ ranges: [Range<Int>], by strength: Float) {
    hold =
      strength == 0 || ranges.isEmpty ? nil : ProximalHold(of: online, ranges: ranges, strength: strength)
  }
}

extension TrainedParameters: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("online", online.values)
    snapshot.set("target", target.values)
    snapshot.set("optimizer", optimizer.snapshot())
    snapshot.set("updates", integer: updates)
    if let hold { snapshot.set("hold", hold.snapshot()) }
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
    copy.hold = try ProximalHold(in: snapshot, count: online.values.count)
    self = copy
  }
}
