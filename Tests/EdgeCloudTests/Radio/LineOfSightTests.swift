import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct LineOfSightTests {
  /// Values of the standard normal distribution from tables.
  @Test(arguments: [
    (-8.0, 6.220960574271785e-16), (-6, 9.865876450376946e-10), (-3, 0.0013498980316300945),
    (-1.959963984540054, 0.025), (-1, 0.15865525393145705), (0, 0.5), (1, 0.8413447460685429),
    (3, 0.9986501019683699),
  ])
  func `the normal distribution function has its known values`(x: Double, expected: Double) {
    #expect((standardNormalCDF(x) / expected - 1).magnitude < 1e-13)
  }

  @Test func `the normal distribution function satisfies its identities`() {
    for x in stride(from: -5.0, through: 5, by: 0.1) {
      #expect((standardNormalCDF(x) + standardNormalCDF(-x) - 1).magnitude < 1e-15)
      #expect((standardNormalCDF(x) - 0.5 * (1 + erf(x / 2.0.squareRoot()))).magnitude < 1e-15)
      let slope = (standardNormalCDF(x + 1e-5) - standardNormalCDF(x - 1e-5)) / 2e-5
      #expect((slope - exp(-x * x / 2) / (2 * Double.pi).squareRoot()).magnitude < 1e-9)
    }
  }

  @Test func `certainty and impossibility are kept whatever the process`() {
    for g in [-40.0, -3, 0, 3, 40] {
      #expect(LineOfSight.isClear(probability: 1, process: g))
      #expect(!LineOfSight.isClear(probability: 0, process: g))
    }
  }

  /// For P = ½ the probability that both states of a correlated pair are clear is ¼ + asin(ρ)/2π (Sheppard
  /// 1899).
  @Test func `states have the model's probability and persist over the correlation distance`() {
    let model = UrbanMicroStreetCanyon(carrier: Hertz(3.5e9))
    var stream = RandomStream(seed: 31)
    let correlation = Shadowing.correlation(moved_m: 5, decorrelation_m: model.lineOfSightCorrelation_m)
    var frequency = BatchMeans(batchSize: 5000)
    var both = BatchMeans(batchSize: 5000)
    var g = stream.normal()
    let probability = model.lineOfSightProbability(distance2D_m: 100)
    for _ in 0..<500_000 {
      let next = Shadowing.step(g, correlation: correlation, normal: stream.normal())
      frequency.add(LineOfSight.isClear(probability: probability, process: g) ? 1 : 0)
      let stays =
        LineOfSight.isClear(probability: 0.5, process: g)
        && LineOfSight.isClear(probability: 0.5, process: next)
      both.add(stays ? 1 : 0)
      g = next
    }
    #expect(frequency.agrees(with: 18 / 100.0 + exp(-100 / 36.0) * 0.82, precision: 0.02))
    #expect(both.agrees(with: 0.25 + asin(exp(-0.1)) / (2 * Double.pi), precision: 0.02))
  }
}
