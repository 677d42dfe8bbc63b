import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct FadingTests {
  @Test func `fading power is exponential with mean 1`() {
    let world = WorldDraws(seed: 4)
    let count = 100_000
    var powers: [Double] = []
    for block in 0..<count { powers.append(RayleighFading.power(in: world, link: 9, block: UInt64(block))) }
    powers.sort()
    let n = Double(count)
    let mean = powers.reduce(0, +) / n
    let variance = powers.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / n
    #expect((mean - 1).magnitude < 3 / n.squareRoot())
    #expect((variance - 1).magnitude < 3 * (8 / n).squareRoot(), "fourth central moment 9")
    var distance = 0.0
    for (i, power) in powers.enumerated() {
      let exact = 1 - exp(-power)
      distance = max(distance, exact - Double(i) / n, Double(i + 1) / n - exact)
    }
    #expect(distance < 1.9495 / n.squareRoot(), "Kolmogorov's 0.999 quantile")
    for level in [0.1, 0.5, 0.9, 0.99] {
      let error = (level / (1 - level) / n).squareRoot()
      #expect((powers[Int(level * n)] + log(1 - level)).magnitude < 3.5 * error, "quantile \(level)")
    }
  }

  @Test func `blocks, links and worlds fade independently and reproducibly`() {
    let world = WorldDraws(seed: 4)
    let power = RayleighFading.power(in: world, link: 1, block: 2)
    #expect(power == RayleighFading.power(in: WorldDraws(seed: 4), link: 1, block: 2))
    #expect(power != RayleighFading.power(in: world, link: 2, block: 1))
    #expect(power != RayleighFading.power(in: WorldDraws(seed: 5), link: 1, block: 2))
  }
}
