import EdgeCloud
import Testing

@Suite struct TransmitEnergyTests {
  @Test func `energy is power times time over efficiency`() {
    #expect(Transmitter().energy_J(radiated_W: 0.5, duration_s: 4) == 2)
    #expect(Transmitter(amplifierEfficiency: 0.25).energy_J(radiated_W: 0.5, duration_s: 4) == 8)
  }
}
