/// The exogenous randomness of a simulated world: every draw is a function of (seed, purpose, entity, time).
///
/// Nothing is consumed, so what is done in the world cannot change what happens in it: under two policies the
/// same seed gives the same arrivals, movements and fading. Each address gives a block of four independent
/// words, to be turned into numbers by ``Variate``.
public struct WorldDraws: Sendable, Equatable {
  /// What a draw is for. Raw values must stay as they are: changing one changes every world.
  public struct Purpose: RawRepresentable, Sendable, Hashable {
    /// The number that stands in the counter.
    public let rawValue: UInt64
    /// A purpose by its number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
  }

  /// The seed of the world.
  public let seed: UInt64

  /// The world of a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// The four words at an address.
  @inlinable
  public func block(_ purpose: Purpose, entity: UInt64, time: UInt64 = 0) -> Philox.Block {
    Philox.block((time, entity, purpose.rawValue, 0), key: (seed, 0x776F_726C_6400_0001))
  }

  /// A uniform number in [0, 1): the first word at the address.
  @inlinable
  public func uniform(_ purpose: Purpose, entity: UInt64, time: UInt64 = 0) -> Double {
    Variate.uniform(block(purpose, entity: entity, time: time).0)
  }

  /// A standard normal number from the first two words at the address.
  @inlinable
  public func normal(_ purpose: Purpose, entity: UInt64, time: UInt64 = 0) -> Double {
    let words = block(purpose, entity: entity, time: time)
    return Variate.normals(words.0, words.1).0
  }

  /// A sequential stream of its own for an address, for draws whose number is not known beforehand.
  public func stream(_ purpose: Purpose, entity: UInt64, time: UInt64 = 0) -> RandomStream {
    let words = block(purpose, entity: entity, time: time)
    return RandomStream(key: (words.0, words.1))
  }
}
