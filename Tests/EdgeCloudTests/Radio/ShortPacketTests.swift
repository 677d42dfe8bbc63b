import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct ShortPacketTests {
  /// At the signal-to-noise ratio 1 and 500 uses: C = 1, V = 0.75 log₂² e = 1.56104; B = n C − √(n V) · 3.0902 +
  /// ½ log₂ n is lost with probability Q(3.0902) = 10⁻³.
  @Test func `a message of the normal approximation's size is lost with its probability`() {
    let bits = 500 - (500 * 1.561_0).squareRoot() * 3.090_232 + 0.5 * log2(500)
    let packet = ShortPacket(bits: bits, channelUses: 500)
    #expect((packet.lossProbability(snr: 1) / 1e-3 - 1).magnitude < 2e-3)
    #expect(packet.lossProbability(snr: 0) == 1)
  }

  /// Long messages are lost when the gain is below what capacity asks: 1 − e^(−(2^R − 1)/snr) in Rayleigh fading.
  @Test(arguments: [5.0, 10, 20, 30])
  func `long messages in Rayleigh fading meet the outage probability`(snr_dB: Double) {
    let packet = ShortPacket(bits: 2e6, channelUses: 1e6)
    let snr = pow(10, snr_dB / 10)
    let expected = -expm1(-3 / snr)
    #expect((packet.lossProbability(meanSNR: snr, ricianFactor: 0) / expected - 1).magnitude < 0.01)
  }

  @Test(arguments: [(0.0, 8.0), (5.0, 4.0), (5.0, 8.0), (20.0, 5.0)])
  func `the mean over fading agrees with drawn gains`(factor: Double, snr_dB: Double) {
    let packet = ShortPacket(bits: 320, channelUses: 168)
    let snr = pow(10, snr_dB / 10)
    var stream = RandomStream(seed: 21)
    let draws = 400_000
    let line = (factor / (factor + 1)).squareRoot()
    let scatter = (0.5 / (factor + 1)).squareRoot()
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<draws {
      let normals = Variate.normals(stream.next(), stream.next())
      let real = line + scatter * normals.0
      let imaginary = scatter * normals.1
      let loss = packet.lossProbability(snr: snr * (real * real + imaginary * imaginary))
      sum += loss
      squares += loss * loss
    }
    let mean = sum / Double(draws)
    let error = ((squares / Double(draws) - mean * mean) / Double(draws)).squareRoot()
    #expect((packet.lossProbability(meanSNR: snr, ricianFactor: factor) - mean).magnitude < 3.5 * error)
  }

  @Test func `the table falls with the ratio and meets the law between its points`() {
    let packet = ShortPacket(bits: 320, channelUses: 336)
    for factor in [0.0, pow(10, 0.7)] {
      let table = PacketLoss(packet, ricianFactor: factor)
      var last = 2.0
      for tenth in -300...700 {
        let probability = table.probability(snr_dB: Double(tenth) / 10)
        #expect(probability <= last && probability > 0 && probability <= 1)
        last = probability
      }
      for snr_dB in [-3.5, 0.5, 4.25, 9.75, 15.5, 24.5] {
        let exact = packet.lossProbability(meanSNR: pow(10, snr_dB / 10), ricianFactor: factor)
        #expect((log(table.probability(snr_dB: snr_dB)) - log(exact)).magnitude < 0.06)
      }
    }
  }
}
