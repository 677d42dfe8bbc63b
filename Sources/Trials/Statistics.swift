import Randomness
import ReinforcementLearning

/// What a sample of returns tells.
public struct SampleStatistics: Sendable, Equatable {
  /// The arithmetic mean.
  public let mean: Double
  /// The sample's standard deviation (n − 1); 0 for one value.
  public let sd: Double
  /// The median.
  public let median: Double
  /// The interquartile mean: the mean of what is left when ⌊n/4⌋ values are cut at each end, as
  /// `scipy.stats.trim_mean(x, 0.25)`.
  public let iqm: Double
  /// The 95 % interval of the mean: percentile bootstrap with 10,000 resamples, always of the same stream.
  public let ci95: (low: Double, high: Double)

  /// The statistics of at least one value.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "statistics need at least one value")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    sd =
      values.count < 2
      ? 0 : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    median = Metric.quantile(0.5, of: values)
    let cut = values.count / 4
    let middle = values.sorted()[cut..<values.count - cut]
    iqm = middle.reduce(0, +) / Double(middle.count)
    ci95 = Self.bootstrap(values)
  }

  private static func bootstrap(_ values: [Double]) -> (low: Double, high: Double) {
    guard values.count > 1 else { return (values[0], values[0]) }
    var stream = RandomStream(seed: 0x626F_6F74)
    let resamples = 10_000
    var means = [Double](repeating: 0, count: resamples)
    for index in 0..<resamples {
      var sum = 0.0
      for _ in values.indices { sum += values[stream.integer(below: values.count)] }
      means[index] = sum / Double(values.count)
    }
    return (Metric.quantile(0.025, of: means), Metric.quantile(0.975, of: means))
  }

  public static func == (a: SampleStatistics, b: SampleStatistics) -> Bool {
    a.mean == b.mean && a.sd == b.sd && a.median == b.median && a.iqm == b.iqm && a.ci95 == b.ci95
  }
}
