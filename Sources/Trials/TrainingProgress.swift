/// How far a run of one seed is, for whoever shows it.
public struct TrainingProgress: Sendable, Equatable {
  /// The seed.
  public var seed: UInt64
  /// Environment steps done.
  public var step: Int
  /// Environment steps wanted.
  public var steps: Int
  /// The step from which this process went on.
  public var firstStep: Int
  /// The last selection's return, if there was one.
  public var lastReturn: Double?
  /// The best selection's return, if there was one.
  public var bestReturn: Double?
  /// Whether a selection has just been made.
  public var isSelection: Bool
}

/// What a run of one seed came to.
public struct TrainingResult: Sendable {
  /// The seed.
  public let seed: UInt64
  /// The step at which the best policy was saved.
  public let bestStep: Int
  /// Its return in the selection episodes.
  public let bestReturn: Double
  /// The folder of the run.
  public let folder: String
  /// Where the best policy lies; those of all clients of a federation, if each has its own.
  public let policies: [String]
  /// What the clients' privacy cost, ε at a δ, where there is privacy.
  public var privacy: (epsilon: Double, delta: Double)?
  /// Whether the run had been complete before.
  public let wasComplete: Bool
}
