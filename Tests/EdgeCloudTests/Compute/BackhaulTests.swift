import EdgeCloud
import Testing

@Suite struct BackhaulTests {
  /// 1 Mbit at 100 Mbit/s over 1000 km of fibre at 5 µs/km: 10 ms + 5 ms.
  @Test func `a transfer takes its bits over the rate and the delay`() {
    let hop = Backhaul(rate: BitsPerSecond(100e6), oneWayDelay: Seconds(5e-3))
    #expect((hop.transfer_s(bits: 1e6) - 15e-3).magnitude < 1e-15)
    #expect((hop.roundTrip_s(bits: 1e6, resultBits: 1e5) - 21e-3).magnitude < 1e-15)
    #expect(Backhaul(rate: BitsPerSecond(100e6), roundTripDelay: Seconds(10e-3)) == hop)
    #expect(Backhaul(rate: BitsPerSecond(.infinity), oneWayDelay: Seconds(1)).transfer_s(bits: 1e9) == 1)
  }
}
