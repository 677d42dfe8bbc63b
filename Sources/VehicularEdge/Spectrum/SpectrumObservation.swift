import EdgeCloud
import Glibc
import ReinforcementLearning

/// What a link sees: its own gain on every block now, what its receiver measured in the last slot, its vehicle's mean
/// gain to the base station, and what is left of payload and time. Values beyond a range are shown as its end.
extension SpectrumSharing {
  private static let gain_dB: ClosedRange<Float> = -200...0
  private static let interference_dBm: ClosedRange<Float> = -150...10

  static func observationSpace(_ parameters: SpectrumParameters) -> ObservationSpace {
    var fields: [ObservationField] = []
    for block in 1...parameters.radio.blocks {
      fields.append(
        ObservationField(
          "gain_\(block)_db", unit: "dB", in: gain_dB, "gain of the link on block \(block), fading included"))
    }
    for block in 1...parameters.radio.blocks {
      fields.append(
        ObservationField(
          "interference_\(block)_dbm", unit: "dBm", in: interference_dBm,
          "interference and noise at the receiver on block \(block) in the last slot"))
    }
    fields.append(
      ObservationField("v2i_gain_db", unit: "dB", in: gain_dB, "gain to the base station, fading averaged"))
    fields.append(
      ObservationField(
        "payload_left_bits", unit: "bit", in: 0...Float(parameters.payload_bits), "what is left to deliver"))
    fields.append(
      ObservationField(
        "time_left_s", unit: "s", in: 0...Float(parameters.time.period_s), "time until the period ends"))
    return ObservationSpace(fields)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let blocks = parameters.radio.blocks
    let width = 2 * blocks + 3
    let time_s = Float(parameters.time.slot_s * Double(parameters.time.periodSlots - slot))
    let mostTime_s = Float(parameters.time.period_s)
    let mostBits = Float(parameters.payload_bits)
    let fading = ownFading.span
    let interference = air.interference_W.span
    let perDecade = Float(10 / M_LN10)
    for link in 0..<parameters.vehicles {
      let base = link * width
      let place = link * blocks
      let mean_dB = field.ownGain_dB[link]
      for block in 0..<blocks {
        let gain = mean_dB + perDecade * BlockFading.logarithm(fading[place + block])
        values[base + block] = min(max(gain, Self.gain_dB.lowerBound), Self.gain_dB.upperBound)
      }
      for block in 0..<blocks {
        let level =
          30 + perDecade * BlockFading.logarithm(Float(interference[place + block] + vehicleNoise_W))
        values[base + blocks + block] = min(
          max(level, Self.interference_dBm.lowerBound), Self.interference_dBm.upperBound)
      }
      values[base + 2 * blocks] = min(max(field.baseGain_dB[link], Self.gain_dB.lowerBound), Self.gain_dB.upperBound)
      values[base + 2 * blocks + 1] = min(Float(left_bits[link]), mostBits)
      values[base + 2 * blocks + 2] = min(time_s, mostTime_s)
    }
  }
}
