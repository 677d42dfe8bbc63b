import EdgeCloud
import Randomness
import Testing

@Suite struct SurvivalTimeTests {
  @Test func `outages begin at the renewal rate: 9_0e-4 for p 0_1 and two intervals`() {
    let survival = SurvivalTime(intervals: 2)
    #expect((survival.outageRate(lossProbability: 0.1) - 9.0e-4).magnitude < 1e-15)
    #expect((survival.availability(lossProbability: 0.1) - 0.999).magnitude < 1e-15)
    #expect(SurvivalTime(intervals: 0).outageRate(lossProbability: 0.5) == 0.25)
  }

  @Test(arguments: [(0.1, 2), (0.3, 1), (0.5, 3), (0.2, 0)])
  func `counted outages and availability agree with the renewal formulas`(p: Double, intervals: Int) {
    let survival = SurvivalTime(intervals: intervals)
    var stream = RandomStream(seed: 11)
    let transfers = 2_000_000
    var run: Int32 = 0
    var outages = 0
    var down = 0
    for _ in 0..<transfers {
      run = survival.run(after: run, isLost: stream.uniform() < p)
      if survival.begins(run: run) { outages += 1 }
      if survival.isDown(run: run) { down += 1 }
    }
    let rate = survival.outageRate(lossProbability: p)
    let deviation = (rate * (1 - rate) * Double(transfers)).squareRoot()
    #expect((Double(outages) - rate * Double(transfers)).magnitude < 3 * deviation)
    let unavailable = 1 - survival.availability(lossProbability: p)
    // Down times are runs of mean 1 / (1 − p): the variance grows by at most (1 + p) / (1 − p).
    let spread = (unavailable * (1 - unavailable) * Double(transfers) * (1 + p) / (1 - p)).squareRoot()
    #expect((Double(down) - unavailable * Double(transfers)).magnitude < 3 * spread)
  }

  @Test func `a service is down from the loss that outlasts the survival time to the next arrival`() {
    let survival = SurvivalTime(intervals: 1)
    var run: Int32 = 0
    var seen: [[Bool]] = []
    for isLost in [false, true, true, true, false, true, false] {
      run = survival.run(after: run, isLost: isLost)
      seen.append([survival.begins(run: run), survival.isDown(run: run)])
    }
    #expect(
      seen == [
        [false, false], [false, false], [true, true], [false, true], [false, false], [false, false], [false, false],
      ])
    #expect(survival.run(after: .max, isLost: true) == .max)
  }
}
