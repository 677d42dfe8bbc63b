import Glibc

/// Poisson counts by inversion: each count is a function of one random word, so that counter-based draws can use it.
///
/// The count of a uniform u is the least k with P(N ≤ k) > u. Probabilities are built outwards from the mode by p(k+1) =
/// p(k) λ/(k+1), so that no λ underflows. A guide table (H.-C. Chen, Y. Asau, 1974) makes a draw O(1) on average. Copies
/// share the table.
public struct PoissonQuantile: Sendable, Equatable {
  /// The mean λ.
  public let mean: Double
  private let first: Int
  /// P(N ≤ first + i).
  private let cumulative: [Double]
  /// The least index whose cumulative probability exceeds i / count.
  private let guide: [Int32]

  /// The largest mean: tables stay below a few ten thousand entries.
  public static let largestMean = 1e6

  /// The counts of a mean in 0 ... ``largestMean``.
  public init(mean: Double) {
    precondition(
      mean >= 0 && mean <= Self.largestMean, "a Poisson mean lies in 0 ... \(Self.largestMean), not at \(mean)")
    self.mean = mean
    let mode = Int(mean)
    // Beyond ten standard deviations and forty counts lies less than 2⁻⁶⁴ of the mass.
    let reach = Int(10 * mean.squareRoot()) + 40
    first = max(0, mode - reach)
    var weights = [Double](repeating: 0, count: mode + reach - first + 1)
    weights[mode - first] = 1
    for k in mode..<mode + reach { weights[k + 1 - first] = weights[k - first] * mean / Double(k + 1) }
    for k in stride(from: mode, to: first, by: -1) { weights[k - 1 - first] = weights[k - first] * Double(k) / mean }
    let total = weights.reduce(0, +)
    var sum = 0.0
    var cumulative = weights
    for index in weights.indices {
      sum += weights[index]
      cumulative[index] = sum / total
    }
    cumulative[cumulative.count - 1] = 1
    self.cumulative = cumulative
    var guide = [Int32](repeating: 0, count: cumulative.count)
    var index = 0
    for slot in guide.indices {
      while cumulative[index] <= Double(slot) / Double(guide.count) { index += 1 }
      guide[slot] = Int32(index)
    }
    self.guide = guide
  }

  /// The count that a random word selects.
  public func count(_ word: UInt64) -> Int {
    // Variate's uniform: a multiple of 2⁻⁵³ in [0, 1).
    let u = Double(word >> 11) * 0x1p-53
    var index = Int(guide[Int(u * Double(guide.count))])
    while cumulative[index] <= u { index += 1 }
    return first + index
  }

  /// P(N = k).
  public func probability(of k: Int) -> Double {
    let index = k - first
    guard cumulative.indices.contains(index) else { return 0 }
    return cumulative[index] - (index == 0 ? 0 : cumulative[index - 1])
  }
}
