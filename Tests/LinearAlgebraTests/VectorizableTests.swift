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
}
