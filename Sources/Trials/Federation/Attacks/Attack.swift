public import Configuration
public import ReinforcementLearning
public import Snapshots

/// What a client that lies does, to test what a federation withstands.
///
/// An attack may touch what the world is told to do, what the learner is told of it, and what the server is sent. A
/// further one is one file that conforms, its test, and one line in ``Attacks``.
public protocol Attack: Restorable, Sendable {
  /// The name under `federation.attack.name`.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }

  /// Reads its keys from `federation.attack`, of which `name` and `clients` have been read.
  init(from mapping: inout ConfigurationMapping) throws(ConfigurationError)

  /// Begins anew, with the random numbers of a seed.
  mutating func begin(seed: UInt64)

  /// Changes the actions between the learner's choice and the step.
  mutating func corrupt(actions frame: inout VectorFrame)

  /// Changes what came of a step before the learner records it.
  mutating func corrupt(outcomes frame: inout VectorFrame)

  /// Changes the difference between the client's parameters and those that it was given, before it is clipped,
  /// compressed or masked.
  mutating func corrupt(_ difference: inout [Float])
}

extension Attack {
  public mutating func begin(seed: UInt64) {}
  public mutating func corrupt(actions frame: inout VectorFrame) {}
  public mutating func corrupt(outcomes frame: inout VectorFrame) {}
  public mutating func corrupt(_ difference: inout [Float]) {}

  /// An attack without memory has an empty snapshot.
  public func snapshot() -> Snapshot { Snapshot() }
  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {}
}
