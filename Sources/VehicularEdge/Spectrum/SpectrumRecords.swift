import EdgeCloud
import Glibc
public import ReinforcementLearning

/// The last slot as a table: a row for every transmission, and one for every link that was silent.
extension SpectrumSharing {
  public var recordColumns: [String] {
    [
      "step", "time_s", "agent", "x_m", "y_m", "receiver", "distance_m", "los", "path_loss_db", "shadowing_db",
      "antenna_gain_db", "block", "tx_power_w", "fading_power", "interference_w", "noise_w", "sinr_db", "rate_bps",
      "energy_j", "payload_left_bits", "uplink_block", "uplink_distance_m", "uplink_path_loss_db",
      "uplink_shadowing_db", "uplink_antenna_gain_db", "uplink_fading_power", "uplink_power_w",
      "uplink_interference_w", "uplink_noise_w", "uplink_sinr_db", "uplink_rate_bps", "reward_v2i", "reward_v2v",
      "reward_energy_j", "reward",
    ]
  }

  public func records() -> [[RecordValue]] {
    guard settledStep >= 0 else { return [] }
    var rows: [[RecordValue]] = []
    var next = 0
    for link in 0..<parameters.vehicles {
      var isSilent = true
      while next < sent.link.count, Int(sent.link[next]) == link {
        rows.append(row(link, transmission: next))
        next += 1
        isSilent = false
      }
      if isSilent { rows.append(row(link, transmission: nil)) }
    }
    return rows
  }

  private func row(_ link: Int, transmission: Int?) -> [RecordValue] {
    let radio = parameters.radio
    let facts = settledStep / parameters.time.periodSlots == period ? field.facts[link] : settledFacts[link]
    let width = radio.blockBandwidth_Hz
    func real(_ value: Double?) -> RecordValue { .real(value ?? .nan) }
    func decibels(_ ratio: Double?) -> RecordValue { .real(ratio.map { 10 * log10($0) } ?? .nan) }
    let block = transmission.map { Int(sent.block[$0]) }
    let power_W = transmission.map { sent.power_W[$0] }
    let hasEnded = slot == 0
    let own: [RecordValue] = [
      .integer(settledStep), .real(Double(settledStep) * parameters.time.slot_s), .integer(link), .real(facts.x_m),
      .real(facts.y_m), .integer(Int(facts.receiver)), .real(facts.distance_m), .integer(facts.isClear ? 1 : 0),
      .real(facts.pathLoss_dB), .real(facts.shadowing_dB), .real(2 * radio.vehicleGain_dB),
      block.map { .integer($0 + 1) } ?? .real(.nan), real(power_W),
      real(transmission.map { Double(sent.fading[$0]) }),
      real(transmission.map { sent.interference_W[$0] }), real(transmission.map { _ in vehicleNoise_W }),
      decibels(transmission.map { sent.sinr[$0] }),
      real(transmission.map { sent.efficiency[$0] * width }),
      .real((power_W ?? 0) * parameters.time.slot_s), real(hasEnded ? nil : left_bits[link]),
    ]
    return own + uplinkCells(link, facts) + rewardCells(link)
  }

  private func uplinkCells(_ link: Int, _ facts: SpectrumField.Facts) -> [RecordValue] {
    guard link < parameters.uplinks else { return [RecordValue](repeating: .real(.nan), count: 11) }
    return [
      .integer(link + 1), .real(facts.baseDistance_m), .real(facts.basePathLoss_dB),
      .real(facts.baseShadowing_dB), .real(parameters.radio.vehicleGain_dB + parameters.radio.baseGain_dB),
      .real(Double(uplink.fading[link])), .real(uplinkPower_W), .real(uplink.interference_W[link]),
      .real(baseNoise_W), .real(10 * log10(uplink.sinr[link])),
      .real(uplink.efficiency[link] * parameters.radio.blockBandwidth_Hz),
    ]
  }

  private func rewardCells(_ link: Int) -> [RecordValue] {
    let values = terms[link * Term.count..<(link + 1) * Term.count]
    let weights = parameters.reward
    let total =
      weights.uplinkWeight * values[values.startIndex] + weights.linkWeight * values[values.startIndex + 1]
      - weights.energyWeight * values[values.startIndex + 2]
    return values.map { .real($0) } + [.real(total)]
  }
}
