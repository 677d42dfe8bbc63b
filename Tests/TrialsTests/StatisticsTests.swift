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

  /// Trap T16: what `scipy.stats.trim_mean(x, 0.25)` of SciPy gave for samples of 2 to 13 values.
  @Test(
    arguments: [
      ([-80.19, -132.44], -106.315), ([-24.84, 42.04, 113.6], 43.6), ([10.97, -55.26, -78.48, 74.87], -22.145),
      ([163.48, 27.28, -123.33, -95.83, 160.0, 20.29], 27.935),
      ([-173.21, -8.37, -116.32, -62.93, -48.8, -71.33, 55.34], -61.55),
      ([-6.31, -58.94, 40.96, 82.99, -164.3, -25.67, -98.07, -17.32], -27.06),
      ([-128.94, 2.07, -3.79, -30.43, -104.79, -39.62, -109.13, -135.52, 22.48, -110.93, 117.03], -56.66),
      (
        [71.66, -199.78, 27.21, -110.17, 3.31, 4.36, -198.84, -23.34, -25.58, 96.2, -118.14, 73.8],
        -20.701666666666664
      ),
      (
        [-109.9, -33.13, -84.05, 144.87, 56.82, 243.17, 64.19, 84.5, 84.07, -60.66, -7.0, 135.04, -39.66], 29.97
      ),
    ] as [([Double], Double)])
  func `interquartile means of random samples are scipy's`(values: [Double], wanted: Double) {
    #expect(abs(SampleStatistics(values).iqm - wanted) < 1e-12 * 100)
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
