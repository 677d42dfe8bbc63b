import EdgeCloud
import Glibc
public import ReinforcementLearning

/// What a collector did in a slot: what a doubter needs to recompute the reward.
struct CollectorAct: Sendable, Equatable {
  var decision = CollectorDecision()
  var workedSensor = -1
  var sentSensor = -1
  var ground_m = Double.nan
  var budget = AirUplink.Budget()
  var bandwidth_Hz = Double.nan
  var snr = Double.nan
  var rate_bps = Double.nan
  var sent_bits = 0.0
  var energy_J = 0.0
  var deliveredSensor = -1
  var deliveredPackets = 0
  var deliveredAge_s = Double.nan
  /// The age that the reward counts.
  var countedAge_s = Double.nan
  var takenBatches = 0
  var hover_s = 0.0
  var meanAge_s = 0.0
  var reward = 0.0
}

/// What an episode adds up: packets by number, by bits and by time.
struct Books: Sendable, Equatable {
  var made = 0
  var delivered = 0
  var batches = 0
  var made_bits = 0.0
  var delivered_bits = 0.0
  /// The number of packets on their way, integrated over time.
  var inside_s = 0.0
  /// The times that delivered packets took, added up.
  var stays_s = 0.0
  var energy_J = 0.0

  /// Packets that are still on their way.
  var inside: Int { made - delivered }
}

extension AerialCollection {
  public var rewardTerms: [RewardTerm] {
    let reward = parameters.reward
    return [
      RewardTerm("mean_age_s", weight: -reward.ageWeight / reward.ageReference_s, "mean age over sensors"),
      RewardTerm(
        "energy_j", weight: -reward.energyWeight / reward.energyReference_J, "the collector's transmit energy"),
    ]
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for agent in 0..<agentCount {
      values[2 * agent] = acts[min(agent, collectorCount - 1)].meanAge_s
      values[2 * agent + 1] = agent < collectorCount ? acts[agent].energy_J : 0
    }
  }

  public func metrics() -> [Metric] {
    let batches = Double(books.batches)
    var area_s2 = 0.0
    var peaks_s = 0.0
    var updates = 0
    for account in ages {
      area_s2 += account.integral_s2(until: now_s)
      peaks_s += account.peakSum_s
      updates += account.updates
    }
    return [
      Metric("latency_mean_s", .ratio(latencies_s.reduce(0, +), batches)),
      Metric("latency_p95_s", .quantile(0.95, latencies_s)),
      Metric("deadline_miss_ratio", .ratio(0, 0)),
      Metric("energy_per_task_j", .ratio(books.energy_J, Double(books.delivered))),
      Metric("age_rewarded_mean_s", .ratio(ageSum_s, Double(step))),
      Metric("age_mean_s", .ratio(area_s2, Double(sensorCount) * now_s)),
      Metric("age_peak_mean_s", .ratio(peaks_s, Double(updates))),
      Metric("delivered_ratio", .ratio(Double(books.delivered), Double(books.made))),
      Metric("batches_per_step", .ratio(batches, Double(step))),
      Metric("packet_delay_mean_s", .ratio(books.stays_s, Double(books.delivered))),
    ]
  }

  public var recordColumns: [String] {
    [
      "step", "time_s", "agent", "x_m", "y_m", "velocity_x", "velocity_y", "taken_batches", "hover_s", "worked_sensor",
      "sent_sensor", "ground_distance_m", "link_distance_m", "los_probability", "path_loss_db", "tx_power_dbm",
      "share", "bandwidth_hz", "noise_w", "snr_db", "rate_bps", "sent_bits", "delivered_sensor", "delivered_packets",
      "delivered_age_s", "counted_age_s", "energy_j", "mean_age_s", "reward",
    ]
  }

  public func records() -> [[RecordValue]] {
    if step == 0 { return [] }
    return (0..<collectorCount).map { index in
      let act = acts[index]
      let sends = act.sentSensor >= 0
      func sensor(_ number: Int) -> RecordValue { number < 0 ? .text("") : .integer(number) }
      func ofLink(_ value: Double) -> RecordValue { .real(sends ? value : .nan) }
      return [
        .integer(step - 1), .real(Double(step - 1) * parameters.time.step_s), .integer(index), .real(x_m[index]),
        .real(y_m[index]), .real(act.decision.vx), .real(act.decision.vy), .integer(act.takenBatches),
        .real(act.hover_s), sensor(act.workedSensor), sensor(act.sentSensor), ofLink(act.ground_m),
        ofLink(act.budget.distance_m), ofLink(act.budget.clearChance), ofLink(act.budget.loss_dB),
        ofLink(parameters.collectors.transmit_dBm), .real(share[index]), ofLink(act.bandwidth_Hz),
        ofLink(uplink.noise_WperHz * act.bandwidth_Hz), ofLink(10 * log10(act.snr)), ofLink(act.rate_bps),
        .real(act.sent_bits), sensor(act.deliveredSensor), .integer(act.deliveredPackets), .real(act.deliveredAge_s),
        .real(act.countedAge_s), .real(act.energy_J), .real(act.meanAge_s), .real(act.reward),
      ]
    }
  }

  public func brokenInvariants() -> [String] {
    var found: [String] = []
    var packets = 0
    var bits = 0.0
    var stays_s = 0.0
    for sensor in 0..<sensorCount {
      packets += waitingPackets[sensor]
      bits += waiting_bits[sensor]
      stays_s += Double(waitingPackets[sensor]) * now_s - waitingMade_s[sensor]
    }
    for index in 0..<collectorCount {
      for place in 0..<buffer {
        for batch in [collected[index * buffer + place], processed[index * buffer + place]] where batch.sensor >= 0 {
          packets += batch.packets
          bits += batch.size_bits
          stays_s += Double(batch.packets) * now_s - batch.made_s
        }
      }
    }
    if packets != books.inside {
      found.append("\(books.made) packets were made and \(books.delivered) delivered, but \(packets) are on their way")
    }
    if bits != books.made_bits - books.delivered_bits {
      found.append("\(books.made_bits - books.delivered_bits) bits should be on their way, but \(bits) are")
    }
    let residence_s = books.stays_s + stays_s
    if (residence_s - books.inside_s).magnitude > 1e-9 * max(1, residence_s) {
      found.append("integral of the number on the way \(books.inside_s) s against residence times \(residence_s) s")
    }
    for sensor in 0..<sensorCount {
      let exact = ages[sensor].age_s(at: now_s)
      let slack = 1e-9 * max(1, exact)
      if isPublished ? age_s[sensor] < exact - slack : (age_s[sensor] - exact).magnitude > slack {
        found.append("sensor \(sensor) has age \(age_s[sensor]) s in the reward, \(exact) s by its account")
        break
      }
    }
    return found
  }
}
