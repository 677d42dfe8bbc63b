import EdgeCloud
import Testing

@Suite struct BandTests {
  let victim = Band(low: Hertz(10e6), high: Hertz(20e6))

  @Test(
    arguments: [
      (10.0, 20.0, 1.0), (0.0, 10.0, 0.0), (20.0, 30.0, 0.0), (15.0, 25.0, 0.5), (5.0, 25.0, 0.5),
      (12.0, 14.0, 1.0), (0.0, 12.0, 1.0 / 6),
    ] as [(Double, Double, Double)])
  func `interference is the power times the share of the band that overlaps`(
    low: Double, high: Double, share: Double
  ) {
    let interferer = Band(low: Hertz(low * 1e6), high: Hertz(high * 1e6))
    #expect((interferer.share(within: victim) - share).magnitude < 1e-15)
    #expect((interferer.interference_W(received_W: 6e-12, victim: victim) - 6e-12 * share).magnitude < 1e-26)
  }
}
