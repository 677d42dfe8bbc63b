public import Snapshots

/// What a learner reports of the updates since it was last asked.
public struct LearningProgress: Sendable, Equatable {
  /// Gradient updates done in all.
  public var updates: Int
  /// Named figures of the last updates (`loss`, `q_mean`, `epsilon`), in a fixed order.
  public var figures: [(name: String, value: Double)]
  /// Whether a loss was infinite or not a number, from which nothing recovers.
  public var hasDiverged: Bool

  /// Progress by its parts.
  public init(updates: Int, figures: [(name: String, value: Double)], hasDiverged: Bool = false) {
    self.updates = updates
    self.figures = figures
    self.hasDiverged = hasDiverged
  }

  public static func == (a: LearningProgress, b: LearningProgress) -> Bool {
    a.updates == b.updates && a.hasDiverged == b.hasDiverged && a.figures.elementsEqual(b.figures) { $0 == $1 }
  }
}

/// An algorithm that acts, stores what came of it and improves.
///
/// The order within a step is `act`, the environments' step, `record`, `update`. A learner's snapshot holds all
/// that an exact continuation needs.
public protocol Learner: Restorable, Sendable {
  /// Chooses the actions of a step, exploring. `step` counts environment steps done so far over all environments.
  mutating func act(_ frame: inout VectorFrame, step: Int)

  /// Stores the transitions of a step.
  mutating func record(_ frame: borrowing VectorFrame)

  /// Learns as its cadence says, after `step` environment steps in all, of which the last vector step made `advanced`.
  mutating func update(step: Int, advanced: Int)

  /// What has happened since the last call.
  mutating func progress(step: Int) -> LearningProgress

  /// Lets an update use up to `workers` threads, which never changes what comes of it. One if never called.
  mutating func use(workers: Int)
}

extension Learner {
  public mutating func use(workers: Int) {}
}
