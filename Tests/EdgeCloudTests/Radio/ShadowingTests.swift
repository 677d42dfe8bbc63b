import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct ShadowingTests {
  @Test func `correlation is e to the minus distance over decorrelation`() {
    #expect(Shadowing.correlation(moved_m: 0, decorrelation_m: 13) == 1)
    #expect((Shadowing.correlation(moved_m: 13, decorrelation_m: 13) - 0.36787944117144233).magnitude < 1e-15)
    #expect(Shadowing.step(1.25, correlation: 1, normal: 3) == 1.25, "who stands keeps the shadow")
    #expect(Shadowing.step(1.25, correlation: 0, normal: 3) == 3)
  }

  /// By Bartlett's formula the variance of a Gaussian AR(1) process is estimated with the error
  /// √(2 (1 + ρ²) / ((1 − ρ²) n)), the lag-1 correlation with √((1 − ρ²) / n).
  @Test(arguments: [(5.0, 10.0), (2.5, 13.0), (40.0, 10.0)])
  func `the process keeps unit variance and has its lag-1 correlation`(moved: Double, decorrelation: Double) {
    let rho = exp(-moved / decorrelation)
    let correlation = Shadowing.correlation(moved_m: moved, decorrelation_m: decorrelation)
    var stream = RandomStream(seed: 23)
    let steps = 400_000.0
    var value = stream.normal()
    var sums = (0.0, 0.0, 0.0)
    for _ in 0..<Int(steps) {
      let next = Shadowing.step(value, correlation: correlation, normal: stream.normal())
      sums = (sums.0 + value, sums.1 + value * value, sums.2 + value * next)
      value = next
    }
    let square = rho * rho
    #expect((sums.0 / steps).magnitude < 3 * ((1 + rho) / (1 - rho) / steps).squareRoot())
    #expect((sums.1 / steps - 1).magnitude < 3 * (2 * (1 + square) / (1 - square) / steps).squareRoot())
    #expect((sums.2 / sums.1 - rho).magnitude < 3 * ((1 - square) / steps).squareRoot())
  }
}
