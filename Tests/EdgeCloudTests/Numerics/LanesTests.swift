import EdgeCloud
import Glibc
import Randomness
import Testing

/// Against the C library.
@Suite struct LanesTests {
  @Test func `exponentials agree with the C library to a few units in the last place`() {
    var stream = RandomStream(seed: 1)
    var worst = 0.0
    for trial in 0..<50_000 {
      let scale = [1e-8, 0.3, 5, 40, 700][trial % 5]
      let x = SIMD4<Double>(
        scale * (2 * stream.uniform() - 1), scale * (2 * stream.uniform() - 1), -scale * stream.uniform(),
        scale * stream.uniform())
      let value = Lanes.exp(x)
      for lane in 0..<4 { worst = max(worst, (value[lane] / exp(x[lane]) - 1).magnitude) }
    }
    #expect(worst < 0x1p-50)
    #expect(Lanes.exp(.zero) == SIMD4(repeating: 1))
    #expect(Lanes.exp(SIMD4(repeating: 700))[0].isFinite && Lanes.exp(SIMD4(repeating: -700))[3] > 0)
  }

  @Test func `angles agree with the C library to a few units in the last place`() {
    var stream = RandomStream(seed: 2)
    var worst = 0.0
    for trial in 0..<50_000 {
      let scale = [1e-9, 1e-3, 0.4, 1, 300][trial % 5]
      var (up, along) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for lane in 0..<4 { (up[lane], along[lane]) = (scale * stream.uniform(), stream.uniform()) }
      let value = Lanes.angle(up: up, along: along)
      for lane in 0..<4 { worst = max(worst, (value[lane] / atan2(up[lane], along[lane]) - 1).magnitude) }
    }
    #expect(worst < 0x1p-50)
    let ends = Lanes.angle(up: SIMD4(0, 1, 1, 5), along: SIMD4(1, 0, 1, 0))
    #expect(ends == SIMD4(0, Double.pi / 2, Double.pi / 4, Double.pi / 2))
  }

  @Test(arguments: [1, 3, 4, 7, 50])
  func `gains of many links are those of the law, link by link`(count: Int) {
    var stream = RandomStream(seed: UInt64(count))
    let law = AirToGround(carrier: Hertz(2e9), over: .denseUrban)
    let x = (0..<count).map { _ in 2000 * stream.uniform() - 500 }
    let y = (0..<count).map { _ in 2000 * stream.uniform() - 500 }
    var gains = [Double](repeating: .nan, count: count + 2)
    var squares = gains
    for place in [SIMD3(0.0, 0, 98.5), SIMD3(x[0], y[0], 30), SIMD3(x[0], y[0], 0.2)] {
      law.writeMeanGains(
        x_m: x, y_m: y, platform_m: place, antennaGain_dB: 3, from: 2, gains: &gains, ground2_m2: &squares)
      #expect(gains[1].isNaN && squares[1].isNaN)
      for link in 0..<count {
        let ground = hypot(place.x - x[link], place.y - y[link])
        let loss = law.meanPathLoss_dB(ground_m: ground, height_m: place.z)
        #expect((10 * log10(gains[link + 2]) - (3 - loss)).magnitude < 1e-11)
        #expect((squares[link + 2].squareRoot() - ground).magnitude < 1e-9)
      }
    }
  }
}
