import EdgeCloud
import Glibc
import Randomness

/// What the radio's constants mean for messages and uploads, computed once.
struct HallRadio: Sendable {
  /// Loss over the mean signal-to-noise ratio, for each kind of loop without and with line of sight.
  let losses: [PacketLoss]
  /// Noise over the blocks of one copy, for each kind of loop.
  let copyNoise_dBm: [Double]
  /// Noise over all resource blocks.
  let noise_W: Double
  let uploadPower_W: Double
  let ricianFactor: Double
  let cap: Double

  init(_ parameters: HallParameters) {
    let radio = parameters.radio
    ricianFactor = Decibels(radio.ricianFactor_dB).ratio
    cap = radio.spectralEfficiencyCap
    let density = Link(noiseFigure: Decibels(radio.noiseFigure_dB + radio.noiseRise_dB))
    var losses: [PacketLoss] = []
    var noise: [Double] = []
    for kind in parameters.loops + [parameters.robotLoop] {
      let packet = ShortPacket(
        bits: kind.traffic.bits, channelUses: HallParameters.Radio.elements * Double(kind.blocks))
      losses.append(PacketLoss(packet, ricianFactor: 0))
      losses.append(PacketLoss(packet, ricianFactor: ricianFactor))
      noise.append(10 * log10(density.noise_W(bandwidth_Hz: radio.blockWidth_Hz * Double(kind.blocks))) + 30)
    }
    self.losses = losses
    copyNoise_dBm = noise
    noise_W = density.noise_W(bandwidth_Hz: radio.blockWidth_Hz * Double(radio.resourceBlocks))
    uploadPower_W = Watts(DecibelMilliwatts(radio.uploadPower_dBm)).value
  }

  /// The mean signal-to-noise ratio of a copy.
  func snr_dB(kind: Int, power_dBm: Double, gain_dB: Double) -> Double { power_dBm + gain_dB - copyNoise_dBm[kind] }

  /// The probability that all copies of a message are lost, each with a fading of its own.
  func lossProbability(kind: Int, isClear: Bool, snr_dB: Double, copies: Int) -> Double {
    if copies == 0 { return 1 }
    let one = losses[2 * kind + (isClear ? 1 : 0)].probability(snr_dB: snr_dB)
    var all = one
    for _ in 1..<max(copies, 1) { all *= one }
    return all
  }

  /// The bits of an upload that one block carries at a gain and a fading.
  func blockBits(gain_dB: Double, fading: Double) -> Double {
    let snr = uploadPower_W * exp(gain_dB * (0.1 * M_LN10)) * fading / noise_W
    return HallParameters.Radio.elements * min(log1p(snr) / M_LN2, cap)
  }

  /// The fading of an upload: Rician with line of sight, Rayleigh without; mean 1.
  func fading(isClear: Bool, device: Int, step: Int, in world: WorldDraws) -> Double {
    let words = world.block(.hallFading, entity: UInt64(device), time: UInt64(step))
    if !isClear { return RayleighFading.power(words.2) }
    let normals = Variate.normals(words.0, words.1)
    let line = (ricianFactor / (ricianFactor + 1)).squareRoot()
    let scatter = (0.5 / (ricianFactor + 1)).squareRoot()
    let real = line + scatter * normals.0
    let imaginary = scatter * normals.1
    return real * real + imaginary * imaginary
  }
}
