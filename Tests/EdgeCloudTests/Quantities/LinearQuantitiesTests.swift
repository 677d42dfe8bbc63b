import EdgeCloud
import Testing

@Suite struct LinearQuantitiesTests {
  @Test func `power and time make energy and come back`() {
    let energy = Watts(0.25) * Seconds(8)
    #expect(energy == Joules(2))
    #expect(energy / Seconds(8) == Watts(0.25))
  }

  @Test func `work over speed is time`() {
    #expect(Cycles(737_500) / Hertz(368.75e6) == Seconds(2e-3))
    #expect(Bits(bytes: 125) / BitsPerSecond(1e6) == Seconds(1e-3))
  }

  @Test func `quantities of one unit add, scale and compare`() {
    #expect(Metres(3) + Metres(4) - Metres(2) == Metres(5))
    #expect(2 * Seconds(3) / 4 == Seconds(1.5))
    #expect(Hertz(10) / Hertz(4) == 2.5)
    #expect(-Decibels(3) < Decibels(0))
    #expect(MetresPerSecond(kilometresPerHour: 90) == MetresPerSecond(25))
  }
}
