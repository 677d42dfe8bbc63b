public import Randomness

/// Fast fading without a line of sight: independent blocks whose power gain is exponential with mean 1.
///
/// The amplitude is Rayleigh. Multiply the mean received power by the gain.
public enum RayleighFading {
  /// The power gain that a random word selects.
  public static func power(_ word: UInt64) -> Double { Variate.exponential(word) }

  /// The power gain of a link in a block of time: a function of the world, the link and the block.
  public static func power(in world: WorldDraws, link: UInt64, block: UInt64) -> Double {
    power(world.block(.fading, entity: link, time: block).0)
  }
}
