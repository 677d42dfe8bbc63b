public import Randomness

/// Fast fading with a steady part: independent blocks whose power gain has mean 1.
///
/// The amplitude is that of a steady wave and of scattered ones: with x, y standard normal,
/// ```
/// gain = ((√(2K) + x)² + y²) / (2 (K + 1))
/// ```
/// K is the power of the steady part over that of the scattered ones; K = 0 is Rayleigh fading. The variance of the
/// gain is (2K + 1) / (K + 1)². Source: S. O. Rice, Bell System Technical Journal 24 (1945) 46.
public struct RicianFading: Sendable, Equatable {
  /// K, a plain ratio.
  public let steadyOverScattered: Double
  let steady: Double
  let scale: Double

  /// Fading with a K in dB.
  public init(k: Decibels) { self.init(steadyOverScattered: k.ratio) }

  /// Fading with a K as a plain ratio, 0 for Rayleigh fading.
  public init(steadyOverScattered: Double) {
    precondition(
      steadyOverScattered >= 0 && steadyOverScattered.isFinite, "K must not be negative: \(steadyOverScattered)")
    self.steadyOverScattered = steadyOverScattered
    steady = (2 * steadyOverScattered).squareRoot()
    scale = 0.5 / (steadyOverScattered + 1)
  }

  /// The power gain of two standard normal numbers.
  public func power(_ x: Double, _ y: Double) -> Double {
    let steadyPart = steady + x
    return (steadyPart * steadyPart + y * y) * scale
  }

  /// The power gain of a link in a block of time: a function of the world, the link and the block.
  public func power(in world: WorldDraws, link: UInt64, block: UInt64) -> Double {
    let words = world.block(.fading, entity: link, time: block)
    let normals = Variate.normals(words.0, words.1)
    return power(normals.0, normals.1)
  }
}
