import EdgeCloud
import Glibc
import Testing

@Suite struct LinkTests {
  /// −174 dBm/Hz + 70 dB + 9 dB = −95 dBm.
  @Test func `noise over 10 MHz with a noise figure of 9 dB is -95 dBm`() {
    let noise = Link(noiseFigure: Decibels(9)).noise_W(bandwidth_Hz: 10e6)
    #expect((DecibelMilliwatts(Watts(noise)).value + 95).magnitude < 1e-10)
    #expect((noise / 3.162277660168379e-13 - 1).magnitude < 1e-12)
  }

  /// UMi, 3.5 GHz, 1 km without line of sight: 23 dBm − 139.8892 dB against −95 dBm.
  @Test func `the rate of a link computed by hand`() {
    let link = Link(noiseFigure: Decibels(9))
    let loss = UrbanMicroStreetCanyon(carrier: Hertz(3.5e9)).pathLoss_dB(
      distance2D_m: 1000, lineOfSight: false)
    let received = Link.received_W(transmit_W: Watts(DecibelMilliwatts(23)).value, loss_dB: loss)
    #expect((DecibelMilliwatts(Watts(received)).value - (23 - 139.8892)).magnitude < 1e-4)
    let sinr = Link.sinr(signal_W: received, interference_W: 0, noise_W: link.noise_W(bandwidth_Hz: 10e6))
    #expect((sinr - 0.0064726136646745).magnitude < 1e-12)
    #expect((link.rate_bps(bandwidth_Hz: 10e6, sinr: sinr) - 93079.1675).magnitude < 1e-3)
  }

  /// Two equal interferers of half the noise each halve the SINR.
  @Test func `interference adds to noise`() {
    #expect(Link.sinr(signal_W: 8e-13, interference_W: 0, noise_W: 1e-13) == 8)
    #expect((Link.sinr(signal_W: 8e-13, interference_W: 1e-13, noise_W: 1e-13) - 4).magnitude < 1e-14)
  }

  @Test func `the rate stops at the efficiency of CQI 15`() {
    let capped = Link(noiseFigure: Decibels(0))
    let shannon = Link(noiseFigure: Decibels(0), spectralEfficiencyCap: .infinity)
    #expect((Link.bestSpectralEfficiency - 7.4063).magnitude < 5e-5 + 1e-12)
    #expect(capped.rate_bps(bandwidth_Hz: 1e6, sinr: 1023) == 7.40625e6)
    #expect((shannon.rate_bps(bandwidth_Hz: 1e6, sinr: 1023) - 10e6).magnitude < 1e-6)
    #expect((capped.rate_bps(bandwidth_Hz: 1e6, sinr: 127) - 7e6).magnitude < 1e-6)
    #expect(capped.rate_bps(bandwidth_Hz: 1e6, sinr: 0) == 0)
  }

  /// LODCO (Mao, Zhang, Letaief 2016): 50 m, g0 −40 dB, exponent 4, 1 MHz, noise 1e−13 W, 1000 bit.
  @Test(arguments: [(1.0, 7.331, 0.1364, 136.4), (0.1, 4.087, 0.2447, 24.47)])
  func `offloading has the rates and energies of LODCO`(
    power: Double, megabits: Double, milliseconds: Double, microjoules: Double
  ) {
    let received = Link.received_W(transmit_W: power, loss_dB: 40 + 40 * log10(50))
    let sinr = Link.sinr(signal_W: received, interference_W: 0, noise_W: 1e-13)
    let rate = Link(noiseFigure: Decibels(0)).rate_bps(bandwidth_Hz: 1e6, sinr: sinr)
    let energy = Transmitter().energy_J(radiated_W: power, duration_s: 1000 / rate)
    #expect((rate / 1e6 - megabits).magnitude < 5e-4)
    #expect((1000 / rate * 1e3 - milliseconds).magnitude < 5e-5)
    #expect((energy * 1e6 / microjoules - 1).magnitude < 5e-4)
  }

  @Test func `fading and antenna gains multiply the received power`() {
    let plain = Link.received_W(transmit_W: 0.2, loss_dB: 90)
    #expect((plain / 2e-10 - 1).magnitude < 1e-13)
    #expect((Link.received_W(transmit_W: 0.2, loss_dB: 80, fadingPower: 0.3) / plain - 3).magnitude < 1e-12)
  }
}
