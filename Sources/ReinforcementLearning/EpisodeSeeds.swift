import Randomness

/// The seeds of the episodes of a run: a function of what the run is for, its seed, the environment and the
/// episode's number. Training and evaluation never share a seed's key.
public struct EpisodeSeeds: Sendable, Equatable {
  /// What episodes are played for.
  public enum Purpose: UInt64, Sendable {
    /// Episodes that a learner learns from.
    case training = 1
    /// Episodes that choose the best policy during training.
    case selection = 2
    /// Episodes of `evaluate` and `rollout`.
    case evaluation = 3
  }

  private let world: WorldDraws
  private let purpose: WorldDraws.Purpose

  /// The seeds for a purpose under a run's seed.
  public init(_ purpose: Purpose, seed: UInt64) {
    world = WorldDraws(seed: seed)
    self.purpose = WorldDraws.Purpose(rawValue: 0x6570_6973_6F64_6500 + purpose.rawValue)
  }

  /// The seed of one episode of one environment.
  public func seed(environment: Int = 0, episode: Int) -> UInt64 {
    world.block(purpose, entity: UInt64(environment), time: UInt64(episode)).0
  }
}
