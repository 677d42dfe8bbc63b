import EdgeCloud
import Glibc
import Randomness
import ReinforcementLearning

/// What no policy can exceed: every task alone, at its best, by the best-placed aircraft. The card has the proof.
extension AerialFleet {
  /// Relaxes an episode: no queues, no interference, the whole band and all the time for each task, every aircraft where
  /// the link is best, and flight at the speed of least power.
  public func returnBound(seed: UInt64) -> Double? {
    let draws = WorldDraws(seed: seed)
    let reward = parameters.reward
    let users = parameters.users.count
    let (steps, duration) = (parameters.time.steps, parameters.time.step_s)
    let gain = FleetChannel.greatestGain(parameters)
    var ages = [Double](repeating: 0, count: users)
    var (value, cycles) = (0.0, 0.0)
    for step in 0..<steps {
      for user in 0..<users {
        ages[user] += duration
        guard let task = parameters.tasks.task(in: draws, device: UInt64(user), slot: step) else { continue }
        cycles += task.cycles
        let rate = bestRate_bps(user: user, step: step, gain: gain, in: draws)
        let sending = task.bits / rate
        let canReach = sending <= min(duration, task.deadline_s)
        if canReach { ages[user] = duration }
        value += bestValue(of: task, sending_s: canReach ? sending : .infinity, user: user, in: draws) / Double(users)
      }
      var age = 0.0
      for user in 0..<users { age += ages[user] }
      value += reward.fairness - reward.age * age / Double(users)
    }
    let bound = value - reward.propulsion * leastFlight_J(cycles: cycles, in: draws) / 1e3
    // Above the rounding of a return that attains it.
    return bound + 1e-9 * max(1, bound.magnitude)
  }

  /// The rate over the whole band at the greatest gain, with the best of the fadings that the slot has for the user.
  private func bestRate_bps(user: Int, step: Int, gain: Double, in draws: WorldDraws) -> Double {
    var fading = parameters.radio.fading == nil ? 1.0 : 0
    if let law = parameters.radio.fading {
      for pair in 0..<(parameters.fleet.count + 1) / 2 {
        let words = draws.block(.fading, entity: UInt64(user) << 3 | UInt64(pair), time: UInt64(step))
        let first = Variate.normals(words.0, words.1)
        let second = Variate.normals(words.2, words.3)
        fading = max(fading, max(law.power(first.0, first.1), law.power(second.0, second.1)))
      }
    }
    let band = parameters.radio.bandwidth_Hz
    let snr = userPower_W * gain * fading / receiver.noise_W(bandwidth_Hz: band)
    return receiver.rate_bps(bandwidth_Hz: band, sinr: snr)
  }

  /// The most that a task can add to the return of a world with one user.
  private func bestValue(of task: ComputeTask, sending_s: Double, user: Int, in draws: WorldDraws) -> Double {
    let reward = parameters.reward
    let patience = task.deadline_s + Self.tolerance_s
    var best = -reward.latency - reward.miss
    let clock = deviceClock_Hz(of: user, in: draws)
    let own = userProcessor.duration_s(cycles: task.cycles, clock_Hz: clock)
    if own <= patience {
      let energy = userProcessor.energy_J(cycles: task.cycles, clock_Hz: clock)
      best = max(best, -reward.latency * min(own / task.deadline_s, 1) - reward.userEnergy * energy)
    }
    let isFree = parameters.actions == .hybrid
    let policy = parameters.computers.policy
    var computing = Double.infinity
    if isFree || policy != .cloud {
      computing = task.cycles / parameters.computers.processor.maximumClock_Hz
    }
    if isFree || policy != .onboard {
      let relay = parameters.cloud.relay
      let away = relay.transfer_s(bits: task.bits) + relay.oneWayDelay_s + task.cycles / parameters.cloud.cpu_Hz
      computing = min(computing, away)
    }
    let served = sending_s + computing
    if served <= patience {
      best = max(
        best,
        -reward.latency * min(served / task.deadline_s, 1) - reward.userEnergy * userPower_W * sending_s
          + reward.throughput * task.bits / 1e6)
    }
    return best
  }

  /// The least that flight takes an aircraft in the mean: that of least power all along, or all that is left in the
  /// battery beside the computing of every task.
  private func leastFlight_J(cycles: Double, in draws: WorldDraws) -> Double {
    let energy = parameters.energy
    let speed = min(energy.wing.enduranceSpeed_mps, parameters.fleet.speed_mps)
    // The search for the least is exact to a part in 10⁹ of the power at most.
    let power = energy.wing.power_W(speed_mps: speed) * (1 - 1e-9) + energy.avionics_W
    let aloft = Double(parameters.time.steps) * parameters.time.step_s * power
    let processor = parameters.computers.processor
    let computing = processor.energy_J(cycles: cycles, clock_Hz: processor.maximumClock_Hz)
    var sum = 0.0
    for aircraft in 0..<parameters.fleet.count {
      let left = max(startCharge_J(of: aircraft, in: draws) - computing, 0)
      sum += min(aloft, left)
    }
    return sum / Double(parameters.fleet.count)
  }
}
