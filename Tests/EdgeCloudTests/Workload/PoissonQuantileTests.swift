import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct PoissonQuantileTests {
  @Test(arguments: [0.3, 4, 1000]) func `probabilities are e^−λ λ^k / k!`(mean: Double) {
    let counts = PoissonQuantile(mean: mean)
    for k in max(0, Int(mean - 4 * mean.squareRoot()))...Int(mean + 4 * mean.squareRoot() + 3) {
      let exact = exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1))
      #expect(abs(counts.probability(of: k) - exact) < 1e-12 + 1e-9 * exact, "k = \(k)")
    }
    #expect(counts.probability(of: -1) == 0)
  }

  @Test func `a mean of nothing gives nothing, and the ends of the words give finite counts`() {
    #expect([0, 1 << 40, UInt64.max].allSatisfy { PoissonQuantile(mean: 0).count($0) == 0 })
    let counts = PoissonQuantile(mean: 50)
    #expect(counts.count(0) == 0 || counts.count(0) < 10)
    #expect((100...600).contains(counts.count(.max)))
  }

  @Test func `draws have mean and variance λ`() {
    let counts = PoissonQuantile(mean: 1000)
    var stream = RandomStream(seed: 3)
    let (n, mean) = (100_000.0, 1000.0)
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<Int(n) {
      let x = Double(counts.count(stream.next())) - mean
      sum += x
      squares += x * x
    }
    #expect(abs(sum / n) < 4 * (mean / n).squareRoot())
    // The variance of (N − λ)² is λ + 2λ².
    #expect(abs(squares / n - mean) < 4 * ((mean + 2 * mean * mean) / n).squareRoot())
  }

  @Test func `a count is the least whose cumulative probability exceeds the uniform`() {
    let counts = PoissonQuantile(mean: 7.5)
    var stream = RandomStream(seed: 11)
    for _ in 0..<2000 {
      let word = stream.next()
      var (k, sum) = (0, 0.0)
      let u = Variate.uniform(word)
      while true {
        sum += exp(Double(k) * log(7.5) - 7.5 - lgamma(Double(k) + 1))
        if sum > u { break }
        k += 1
      }
      #expect(counts.count(word) == k)
    }
  }
}
