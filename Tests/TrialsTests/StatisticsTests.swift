import Testing
import Trials

@Suite struct StatisticsTests {
  @Test func `interquartile mean is scipy's trim_mean at a quarter`() {
    // scipy.stats.trim_mean([1, 2, 3, 4, 100], 0.25) cuts one value at each end.
    #expect(SampleStatistics([100, 1, 3, 2, 4]).iqm == 3)
    // scipy.stats.trim_mean(range(10), 0.25) cuts two at each end: the mean of 2 … 7.
    #expect(SampleStatistics((0..<10).map(Double.init)).iqm == 4.5)
    #expect(SampleStatistics([7]).iqm == 7)
  }

  @Test func `mean, sample deviation and median are those of the textbook`() {
    let statistics = SampleStatistics([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(statistics.mean == 5)
    #expect(abs(statistics.sd - (32.0 / 7).squareRoot()) < 1e-12)
    #expect(statistics.median == 4.5)
    #expect(SampleStatistics([3]).sd == 0)
    #expect(SampleStatistics([3]).ci95 == (3, 3))
  }

  @Test func `bootstrap interval is close to the normal one for a large sample`() {
    let values = (0..<400).map { Double($0 % 20) }
    let statistics = SampleStatistics(values)
    let half = 1.96 * statistics.sd / 20
    #expect(abs(statistics.ci95.low - (statistics.mean - half)) < 0.1 * half)
    #expect(abs(statistics.ci95.high - (statistics.mean + half)) < 0.1 * half)
    #expect(SampleStatistics(values) == statistics)
  }

  /// Quantiles of Student's t as `scipy.stats.t.ppf(0.975, n)` gives them.
  @Test func `Student's quantiles are the tabulated ones`() {
    for (degrees, quantile) in [
      (1, 12.7062), (9, 2.2622), (30, 2.0423), (40, 2.0211), (100, 1.9840), (1000, 1.9623),
    ] {
      #expect(abs(PairedDifference.studentQuantile(degrees: degrees) - quantile) < 1e-4, "\(degrees)")
    }
  }
}
