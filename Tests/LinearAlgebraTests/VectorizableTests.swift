import Glibc
import LinearAlgebra
import Testing

struct VectorizableTests {
  @Test func `tanh is within 4 units in the last place of the C library's`() {
    var worst = 0
    var bits: UInt32 = 0
    // Every 4,099th number from zero to 32 on both sides of it.
    while Float(bitPattern: bits) < 32 {
      for x in [Float(bitPattern: bits), -Float(bitPattern: bits)] {
        let exact = Float(Glibc.tanh(Double(x)))
        let found = Vectorizable.tanh(x)
        if x.magnitude < Float.leastNormalMagnitude { continue }
        worst = max(worst, abs(Int(exact.bitPattern) - Int(found.bitPattern)))
      }
      bits += 4_099
    }
    #expect(worst <= 4)
  }

  @Test func `tanh keeps zeros, saturates at one and passes NaN on`() {
    #expect(Vectorizable.tanh(0).bitPattern == Float(0).bitPattern)
    #expect(Vectorizable.tanh(-0).bitPattern == Float(-0).bitPattern)
    #expect(Vectorizable.tanh(.infinity) == 1)
    #expect(Vectorizable.tanh(-.infinity) == -1)
    #expect(Vectorizable.tanh(88) == 1)
    #expect(Vectorizable.tanh(.nan).isNaN)
  }

  /// The worst error in units in the last place over every 997th number from zero to a bound, on both sides.
  private func worstError(
    upTo bound: Float, both: Bool = true, _ found: (Float) -> Float, _ exact: (Double) -> Double
  ) -> Double {
    var worst = 0.0
    var bits: UInt32 = 0
    while Float(bitPattern: bits) < bound {
      for x in both ? [Float(bitPattern: bits), -Float(bitPattern: bits)] : [Float(bitPattern: bits)] {
        let expected = exact(Double(x))
        let value = found(x)
        guard abs(expected) <= Double(Float.greatestFiniteMagnitude) else {
          if value != Float(expected) { worst = .infinity }
          continue
        }
        worst = max(worst, abs(Double(value) - expected) / Double(Float(expected).ulp))
      }
      bits += 997
    }
    return worst
  }

  @Test func `exp and log are within 2 units in the last place of the C library's`() {
    #expect(worstError(upTo: 120, Vectorizable.exp, Glibc.exp) <= 2)
    #expect(worstError(upTo: .infinity, both: false, Vectorizable.log, Glibc.log) <= 2)
  }

  @Test func `the functions made of exp are within 4 units in the last place of the C library's`() {
    #expect(worstError(upTo: 80, Vectorizable.sigmoid) { 1 / (1 + Glibc.exp(-$0)) } <= 4)
    #expect(worstError(upTo: 80, Vectorizable.softplus) { max($0, 0) + Glibc.log1p(Glibc.exp(-abs($0))) } <= 4)
    #expect(worstError(upTo: 80, both: false, Vectorizable.oneMinusExponential) { -Glibc.expm1(-$0) } <= 4)
  }

  @Test func `exp, log, sigmoid and softplus keep their limits and pass NaN on`() {
    #expect(Vectorizable.exp(.infinity) == .infinity && Vectorizable.exp(-.infinity) == 0)
    #expect(Vectorizable.exp(0) == 1 && Vectorizable.exp(89) == .infinity)
    #expect(Vectorizable.log(0) == -.infinity && Vectorizable.log(.infinity) == .infinity)
    #expect(Vectorizable.log(1) == 0 && Vectorizable.log(-1).isNaN)
    #expect(Vectorizable.sigmoid(.infinity) == 1 && Vectorizable.sigmoid(-.infinity) == 0)
    #expect(Vectorizable.softplus(.infinity) == .infinity && Vectorizable.softplus(-.infinity) == 0)
    #expect(Vectorizable.exp(.nan).isNaN && Vectorizable.log(.nan).isNaN)
    #expect(Vectorizable.sigmoid(.nan).isNaN && Vectorizable.softplus(.nan).isNaN)
  }

  @Test func `sine and cosine of a turn are within 2e-7 of the C library's`() {
    for step in 0..<100_003 {
      let turns = Float(step) / 100_003
      let (sine, cosine) = Vectorizable.sineAndCosine(turns: turns)
      let angle = 2 * Double.pi * Double(turns)
      #expect(abs(Double(sine) - Glibc.sin(angle)) < 2e-7 && abs(Double(cosine) - Glibc.cos(angle)) < 2e-7)
    }
  }
}
