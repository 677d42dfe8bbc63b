import EdgeCloud
import Glibc
public import ReinforcementLearning

/// What a slot and an episode of the world of channels amount to.
extension AerialChannels {
  public var rewardTerms: [RewardTerm] {
    let reward = parameters.reward
    return [
      RewardTerm("served", weight: reward.servedWeight, "whether the device was served"),
      RewardTerm("conflict", weight: -reward.conflictWeight, "whether it sent in vain"),
      RewardTerm(
        "efficiency_bps_per_hz", weight: reward.efficiencyWeight, "spectral efficiency of a device that was served"),
      RewardTerm("energy_j", weight: -reward.energyWeight / reward.energyReference_J, "transmit energy"),
    ]
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for device in 0..<deviceCount {
      let done = transmissions[device]
      values[4 * device] = done.isServed ? 1 : 0
      values[4 * device + 1] = done.isConflict ? 1 : 0
      values[4 * device + 2] = done.efficiency
      values[4 * device + 3] = done.energy_J
    }
  }

  public func metrics() -> [Metric] {
    let elapsed = Double(step)
    return [
      Metric("latency_mean_s", .ratio(0, 0)),
      Metric("latency_p95_s", .ratio(0, 0)),
      Metric("deadline_miss_ratio", .ratio(tally.packets - tally.served, tally.packets)),
      Metric("energy_per_task_j", .ratio(tally.energy_J, tally.packets)),
      Metric("conflict_ratio", .ratio(tally.sent - tally.served, tally.sent)),
      Metric("silent_ratio", .ratio(tally.packets - tally.sent, tally.packets)),
      Metric("throughput_bps", .ratio(tally.efficiency * parameters.radio.bandwidth_Hz, elapsed)),
      Metric("served_per_channel", .ratio(tally.served, elapsed * Double(channelCount))),
      Metric("fairness_jain", fairness),
      Metric("degree_mean", .ratio(tally.degrees, tally.packets)),
      Metric("busy_devices", .ratio(tally.packets, elapsed)),
    ]
  }

  /// Jain's index of the shares of their packets with which devices were served: (Σ s)²/(n Σ s²), over devices that had
  /// any. Source: R. Jain, D. Chiu, W. Hawe, DEC-TR-301 (1984).
  private var fairness: Metric.Content {
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for device in 0..<deviceCount where busySlots[device] > 0 {
      let share = servedSlots[device] / busySlots[device]
      sum += share
      squares += share * share
      count += 1
    }
    return squares > 0 ? .ratio(sum * sum / (count * squares), 1) : .ratio(0, 0)
  }

  public var recordColumns: [String] {
    [
      "step", "time_s", "agent", "x_m", "y_m", "relay", "relay_x_m", "relay_y_m", "ground_distance_m", "relay_height_m",
      "path_loss_db", "degree", "channel", "tx_power_dbm", "bandwidth_hz", "interference_w", "noise_w", "sinr_db",
      "threshold_db", "rate_bps",
      "energy_j", "outcome", "reward", "devices",
    ]
  }

  public func records() -> [[RecordValue]] {
    (0..<deviceCount).filter { transmissions[$0].hadPacket }.map { device in
      let done = transmissions[device]
      let sends = done.channel >= 0
      func ofSender(_ value: Double) -> RecordValue { .real(sends ? value : .nan) }
      return [
        .integer(step - 1), .real(Double(step - 1) * parameters.time.step_s), .integer(device), .real(x_m[device]),
        .real(y_m[device]), .integer(Int(done.relay)), .real(done.relayX_m), .real(done.relayY_m), .real(done.ground_m),
        .real(parameters.relays.height_m),
        .real(-10 * log10(done.gain)), .integer(Int(done.degree)), sends ? .integer(Int(done.channel) + 1) : .text(""),
        ofSender(10 * log10(done.power_W) + 30), ofSender(parameters.radio.bandwidth_Hz),
        ofSender(done.interference_W), ofSender(noise_W), ofSender(10 * log10(done.sinr)),
        .real(parameters.radio.threshold_dB),
        .real(done.isServed ? done.efficiency * parameters.radio.bandwidth_Hz : sends ? 0 : .nan),
        .real(done.energy_J), .text(done.isServed ? "served" : sends ? "conflict" : "silent"), .real(done.reward),
        .integer(deviceCount),
      ]
    }
  }

  public func brokenInvariants() -> [String] {
    var found: [String] = []
    var (packets, served) = (0.0, 0.0)
    for device in 0..<deviceCount {
      packets += busySlots[device]
      served += servedSlots[device]
    }
    if packets != tally.packets || served != tally.served || tally.served > tally.sent || tally.sent > tally.packets {
      found.append(
        "\(tally.packets) packets, \(tally.sent) sent and \(tally.served) served; by device \(packets) and \(served)")
    }
    for device in 0..<deviceCount where transmissions[device].isServed && !transmissions[device].hadPacket {
      found.append("device \(device) was served without a packet")
      break
    }
    return found
  }
}
