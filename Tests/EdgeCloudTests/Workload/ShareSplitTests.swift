import EdgeCloud
import Randomness
import Testing

@Suite struct ShareSplitTests {
  private func total(_ demands: [Double], _ weights: [Double]) -> Double {
    let sum = weights.reduce(0, +)
    return zip(demands, weights).reduce(0) { $0 + $1.0 / ($1.1 / sum) }
  }

  @Test func `square-root shares take the closed form, and no other shares take less`() {
    var stream = RandomStream(seed: 2)
    for _ in 0..<200 {
      let demands = (0..<5).map { _ in 0.1 + 10 * stream.uniform() }
      let roots = demands.reduce(0) { $0 + $1.squareRoot() }
      let best = total(demands, demands.map(ShareSplit.squareRoot.weight))
      #expect((best - roots * roots).magnitude < 1e-9 * best)
      let equal = total(demands, demands.map(ShareSplit.equal.weight))
      #expect((equal - 5 * demands.reduce(0, +)).magnitude < 1e-9 * equal)
      #expect(equal >= best)
      for _ in 0..<20 { #expect(total(demands, demands.map { _ in 0.01 + stream.uniform() }) >= best * (1 - 1e-12)) }
    }
  }
}
