import Foundation
import LinearAlgebra
import Testing

struct SineTests {
  /// The C library's are within 0.6 units in the last place.
  @Test func `sine and cosine are within two units in the last place`() {
    var worst = 0.0
    for step in -200_000...200_000 {
      let scale = [1e-3, 1, 0.01, 500_000][step & 3]
      let x = Double(step) * 1e-5 * scale
      let (sine, cosine) = Vectorizable.sineAndCosine(SIMD4(x, -x, 0, x))
      worst = max(worst, abs(sine[0] - sin(x)) / sin(x).ulp, abs(cosine[0] - cos(x)) / cos(x).ulp)
      #expect(sine[1] == -sine[0] && cosine[1] == cosine[0] && sine[3] == sine[0])
    }
    #expect(worst <= 2, "\(worst) units")
  }

  @Test func `multiples of a quarter turn keep their digits`() {
    for turns in -1_000...1_000 {
      let x = Double(turns) * Double.pi / 2
      let (sine, cosine) = Vectorizable.sineAndCosine(SIMD4(repeating: x))
      #expect(abs(sine[0] - sin(x)) <= 2 * sin(x).ulp && abs(cosine[0] - cos(x)) <= 2 * cos(x).ulp, "\(turns)")
    }
  }

  @Test func `what is not finite has no sine`() {
    let (sine, cosine) = Vectorizable.sineAndCosine(SIMD4(.nan, .infinity, -.infinity, 0))
    #expect(sine[0].isNaN && sine[1].isNaN && sine[2].isNaN && sine[3] == 0)
    #expect(cosine[0].isNaN && cosine[1].isNaN && cosine[2].isNaN && cosine[3] == 1)
  }
}
