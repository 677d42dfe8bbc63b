import Glibc
import Randomness

/// Bursty messages of many sensors: a Poisson stream whose rate switches between two states.
///
/// The state is a Markov chain over the steps with exponential stays, P(leave within Δ) = 1 − e^(−Δ/mean); messages of a
/// step are Poisson with the rate of its state. Both are functions of (seed, step) and of the path so far, never of
/// what is decided. Measured factory traffic is bursty in this way (Nokia Bell Labs, 2021).
public struct MonitoringTraffic: Sendable, Equatable {
  /// Messages per second when quiet.
  public var quietRate_Hz: Double
  /// Messages per second in a burst.
  public var burstRate_Hz: Double
  /// The mean length of a quiet time.
  public var meanQuiet_s: Double
  /// The mean length of a burst.
  public var meanBurst_s: Double
  /// Resource blocks of a message.
  public var blocks: Int

  /// The long-run share of time in bursts.
  public var burstShare: Double { meanBurst_s / (meanBurst_s + meanQuiet_s) }

  /// The mean rate, in messages per second.
  public var meanRate_Hz: Double { quietRate_Hz + (burstRate_Hz - quietRate_Hz) * burstShare }

  /// The state and the messages of a step; `before` is the state of the step before, nil at the first.
  func step(
    _ step: Int, after before: Bool?, interval_s: Double, in world: WorldDraws
  ) -> (isBurst: Bool, messages: Int) {
    let words = world.block(.hallMonitoring, entity: 0, time: UInt64(step))
    let uniform = Variate.uniform(words.0)
    let isBurst =
      switch before {
      case nil: uniform < burstShare
      case true: uniform >= -expm1(-interval_s / meanBurst_s)
      case false: uniform < -expm1(-interval_s / meanQuiet_s)
      }
    let mean = (isBurst ? burstRate_Hz : quietRate_Hz) * interval_s
    return (isBurst, Self.poisson(mean: mean, uniform: Variate.uniform(words.1), normalWords: (words.2, words.3)))
  }

  /// A Poisson number: by inversion up to a mean of 30, beyond by the normal law, rounded.
  static func poisson(mean: Double, uniform: Double, normalWords: (UInt64, UInt64)) -> Int {
    if mean <= 0 { return 0 }
    if mean > 30 {
      let normal = Variate.normals(normalWords.0, normalWords.1).0
      return max(0, Int((mean + mean.squareRoot() * normal).rounded()))
    }
    var term = exp(-mean)
    var sum = term
    var count = 0
    while uniform >= sum, count < 200 {
      count += 1
      term *= mean / Double(count)
      sum += term
    }
    return count
  }
}
