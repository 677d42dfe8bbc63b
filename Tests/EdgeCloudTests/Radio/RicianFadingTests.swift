import EdgeCloud
import Randomness
import Testing

@Suite struct RicianFadingTests {
  @Test(arguments: [0.0, 1, 10, 100])
  func `the gain has mean 1 and the variance of its K`(k: Double) {
    let fading = RicianFading(steadyOverScattered: k)
    let world = WorldDraws(seed: 8)
    let count = 200_000
    var (sum, squares) = (0.0, 0.0)
    for link in 0..<count {
      let gain = fading.power(in: world, link: UInt64(link), block: 5)
      sum += gain
      squares += gain * gain
    }
    let mean = sum / Double(count)
    let variance = squares / Double(count) - mean * mean
    let expected = (2 * k + 1) / ((k + 1) * (k + 1))
    #expect((mean - 1).magnitude < 4 * (expected / Double(count)).squareRoot())
    // Fourth central moment at most 9 times the squared variance (that of the exponential).
    #expect((variance - expected).magnitude < 4 * expected * (8.0 / Double(count)).squareRoot())
  }

  @Test func `K = 0 is Rayleigh fading`() {
    let fading = RicianFading(steadyOverScattered: 0)
    let count = 100_000
    let below = (0..<count).count { fading.power(in: WorldDraws(seed: 1), link: UInt64($0), block: 0) < 0.5 }
    let expected = 1 - 0.6065306597126334
    let deviation = (expected * (1 - expected) / Double(count)).squareRoot()
    #expect((Double(below) / Double(count) - expected).magnitude < 4 * deviation)
  }

  @Test func `K in dB is a ratio`() {
    #expect((RicianFading(k: Decibels(10)).steadyOverScattered - 10).magnitude < 1e-12)
    #expect(
      RicianFading(k: Decibels(20)).power(0, 0) == RicianFading(steadyOverScattered: Decibels(20).ratio).power(0, 0))
  }
}
