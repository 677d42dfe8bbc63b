import EdgeCloud
public import ReinforcementLearning

/// What the reward is made of.
extension AerialFleet {
  /// The terms in their order.
  enum Term: Int, CaseIterable {
    case latency, missed, userEnergy, throughput, fairness, age, propulsion, computing, near
  }

  static func terms(_ reward: FleetParameters.Reward) -> [RewardTerm] {
    [
      RewardTerm(
        "latency", weight: -reward.latency,
        "latency over deadline of the slot's tasks, at most 1 and 1 if missed, for each user of the world"),
      RewardTerm("missed", weight: -reward.miss, "missed tasks of the slot for each user of the world"),
      RewardTerm("user_energy_j", weight: -reward.userEnergy, "energy of the users for each user of the world"),
      RewardTerm(
        "throughput_mbit", weight: reward.throughput,
        "what the fleet brought back in time for each user of the world"),
      RewardTerm(
        "fairness", weight: reward.fairness, "Jain's index of what each user has got from the fleet in time so far"),
      RewardTerm("age_s", weight: -reward.age, "mean age of the users' last task that reached the fleet"),
      RewardTerm("propulsion_kj", weight: -reward.propulsion, "this aircraft's propulsion and avionics"),
      RewardTerm("computing_j", weight: -reward.computing, "this aircraft's computing"),
      RewardTerm("near_uavs", weight: -reward.separation, "aircraft nearer to this one than the separation"),
    ]
  }

  /// Jain's index (Σ x)² / (n Σ x²): 1 if all have the same, 1/n if one has all; 0 where nobody has anything.
  ///
  /// Source: R. Jain, D. Chiu, W. Hawe, DEC Research Report TR-301 (1984).
  static func fairness(_ values: [Double]) -> Double {
    var (sum, squares) = (0.0, 0.0)
    for index in values.indices {
      sum += values[index]
      squares += values[index] * values[index]
    }
    return squares > 0 ? sum * sum / (Double(values.count) * squares) : 0
  }

  /// Ages the users' information, and writes the terms and the rewards of the slot.
  mutating func writeTerms(_ outcome: inout StepOutcome) {
    let users = Double(parameters.users.count)
    var (latency, missed, energy, bits, age) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in settled.indices {
      let task = settled[index]
      latency += task.isMissed ? 1 : min(task.latency_s / task.task.deadline_s, 1)
      missed += task.isMissed ? 1 : 0
      energy += task.userEnergy_J
      if task.fate == .done, task.aircraft >= 0 { bits += task.task.bits }
    }
    for user in age_s.indices {
      age_s[user] += parameters.time.step_s
      age += age_s[user]
    }
    tally.age_s += age / users
    let fairness = Self.fairness(delivered_bits)
    let width = Term.allCases.count
    for aircraft in 0..<parameters.fleet.count {
      let flight = settledFlights[aircraft]
      let first = aircraft * width
      terms[first + Term.latency.rawValue] = latency / users
      terms[first + Term.missed.rawValue] = missed / users
      terms[first + Term.userEnergy.rawValue] = energy / users
      terms[first + Term.throughput.rawValue] = bits / users / 1e6
      terms[first + Term.fairness.rawValue] = fairness
      terms[first + Term.age.rawValue] = age / users
      terms[first + Term.propulsion.rawValue] = (flight.spent.propulsion_J + flight.spent.avionics_J) / 1e3
      terms[first + Term.computing.rawValue] = flight.spent.computing_J
      terms[first + Term.near.rawValue] = Double(flight.breaches)
      var reward = 0.0
      for term in 0..<width { reward += rewardTerms[term].weight * terms[first + term] }
      outcome.rewards[aircraft] = reward
    }
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for index in terms.indices { values[index] = terms[index] }
  }

  public func metrics() -> [Metric] {
    let finished = Double(latencies_s.count)
    let fleet = Double(parameters.fleet.count)
    let steps = Double(step)
    let elapsed = steps * parameters.time.step_s
    let computing = spent.reduce(0) { $0 + $1.computing_J }
    let flying = spent.reduce(0) { $0 + $1.propulsion_J + $1.avionics_J }
    let delivered = delivered_bits.reduce(0, +)
    return [
      Metric("latency_mean_s", .ratio(latencies_s.reduce(0, +), finished)),
      Metric("latency_p95_s", .quantile(0.95, latencies_s)),
      Metric("deadline_miss_ratio", .ratio(tally.missed, tally.arrived)),
      Metric("energy_per_task_j", .ratio(tally.userEnergy_J + computing, tally.arrived)),
      Metric("lost_ratio", .ratio(tally.lost, tally.arrived)),
      Metric("device_share", .ratio(tally.onDevice, tally.arrived)),
      Metric("onboard_share", .ratio(tally.onBoard, tally.arrived)),
      Metric("cloud_share", .ratio(tally.inCloud, tally.arrived)),
      Metric("throughput_bps", .ratio(delivered, elapsed)),
      Metric("fairness", .ratio(Self.fairness(delivered_bits), 1)),
      Metric("age_mean_s", .ratio(tally.age_s, steps)),
      Metric("propulsion_w", .ratio(flying, elapsed * fleet)),
      Metric("near_uavs_per_step", .ratio(tally.breaches, steps * fleet)),
      Metric("landed_share", .ratio(tally.landed, steps * fleet)),
      Metric("tasks_per_step", .ratio(tally.arrived, steps)),
    ]
  }
}
