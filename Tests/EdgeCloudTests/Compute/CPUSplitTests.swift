import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct CPUSplitTests {
  let cycles = [1e8, 4e8, 9e8]

  private func cost(_ speeds: [Double]) -> Double { zip(cycles, speeds).reduce(0) { $0 + $1.0 / $1.1 } }

  @Test func `the square-root rule takes .36 s where the equal and the proportional split take .42 s`() {
    let root = CPUSplit.squareRoot.speeds_Hz(cycles: cycles, capacity_Hz: 1e10)
    for (speed, expected) in zip(root, [1e10 / 6, 1e10 / 3, 1e10 / 2]) { #expect((speed - expected).magnitude < 1) }
    #expect((cost(root) - 0.36).magnitude < 1e-12)
    #expect((cost(CPUSplit.equal.speeds_Hz(cycles: cycles, capacity_Hz: 1e10)) - 0.42).magnitude < 1e-12)
    let proportional = CPUSplit.proportional.speeds_Hz(cycles: cycles, capacity_Hz: 1e10)
    #expect((cost(proportional) - 0.42).magnitude < 1e-12)
    #expect(zip(cycles, proportional).allSatisfy { ($0 / $1 - 0.14).magnitude < 1e-12 })
  }

  @Test func `no other split costs less, with weights too`() {
    var stream = RandomStream(seed: 6)
    let weights = [0.5, 2, 1]
    let best = CPUSplit.squareRoot.speeds_Hz(cycles: cycles, weights: weights, capacity_Hz: 1e10)
    func weighted(_ speeds: [Double]) -> Double { (0..<3).reduce(0) { $0 + weights[$1] * cycles[$1] / speeds[$1] } }
    let root = (0..<3).reduce(0) { $0 + (weights[$1] * cycles[$1]).squareRoot() }
    #expect((weighted(best) - root * root / 1e10).magnitude < 1e-12)
    for _ in 0..<2000 {
      let parts = (0..<3).map { _ in stream.exponential() }
      let sum = parts.reduce(0, +)
      #expect(weighted(parts.map { 1e10 * $0 / sum }) >= weighted(best) - 1e-12)
    }
  }

  @Test(arguments: CPUSplit.allCases)
  func `speeds add up to the processor's`(split: CPUSplit) {
    let speeds = split.speeds_Hz(cycles: [0, 3, 5e8, 1e3], capacity_Hz: 7e9)
    #expect((speeds.reduce(0, +) / 7e9 - 1).magnitude < 1e-12)
    #expect((speeds[0] == 0) == (split != .equal))
    #expect(split.speeds_Hz(cycles: [], capacity_Hz: 7e9) == [])
    #expect(CPUSplit.squareRoot.speeds_Hz(cycles: [0, 0], capacity_Hz: 7e9) == [0, 0])
  }

  @Test func `a task divided between two places ends soonest at share .8 in .08 s`() {
    let best = PartialOffloading.best(local_s: 0.4, away_s: 0.1)
    #expect((best.share - 0.8).magnitude < 1e-15 && (best.time_s - 0.08).magnitude < 1e-15)
    for step in 0...1000 {
      let share = Double(step) / 1000
      #expect(max((1 - share) * 0.4, share * 0.1) >= best.time_s - 1e-15)
    }
    #expect(PartialOffloading.best(local_s: .infinity, away_s: 2) == (1, 2))
    #expect(PartialOffloading.best(local_s: 2, away_s: .infinity) == (0, 2))
    #expect(PartialOffloading.best(local_s: 0, away_s: 2) == (0, 0))
  }
}
