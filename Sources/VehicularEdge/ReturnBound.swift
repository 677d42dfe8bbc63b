import EdgeCloud
import Glibc

/// What no policy can exceed.
///
/// Each task alone takes the cheapest of all that could be done with it if nobody else were there: its unit's whole
/// band, no interference, idle processors, the fading as it will be drawn. More uploads at a unit, interference and
/// waiting never make any option cheaper (the card proves it), so that the sum of these costs is a bound.
extension VehicularOffloading {
  public func returnBound(seed: UInt64) -> Double? {
    var copy = self
    copy.reset(seed: seed)
    var bound = 0.0
    while copy.step < copy.episodeSteps {
      var present = 0
      var cost = 0.0
      for slot in 0..<parameters.slots where copy.isActive(slot) {
        present += 1
        cost += copy.leastCost(slot)
      }
      if present > 0 { bound -= cost / Double(present) }
      copy.step += 1
      copy.refresh(isFirst: false)
    }
    return bound
  }

  /// The least that a slot's task can cost; 0 without one.
  func leastCost(_ slot: Int) -> Double {
    guard let task = waiting[slot] else { return 0 }
    let patience_s = min(task.deadline_s, plan.departure_s[stay(slot, at: step)] - now_s) + Self.tolerance_s
    var least = cost(of: TaskRecord.Terms(latencyShare: 1, energy_J: 0, missed: 1))
    func consider(_ latency_s: Double, _ energy_J: Double) {
      if latency_s > patience_s { return }
      let share = min(latency_s / task.deadline_s, 1)
      least = min(least, cost(of: TaskRecord.Terms(latencyShare: share, energy_J: energy_J, missed: 0)))
    }
    for economical in [false, true] {
      let clock = deviceClock_Hz(task, slot: slot, wait_s: 0, economical: economical)
      consider(
        processor.duration_s(cycles: task.cycles, clock_Hz: clock),
        processor.energy_J(cycles: task.cycles, clock_Hz: clock))
    }
    for rank in 0..<parameters.units.choices {
      let unit = Int(choices[slot * parameters.units.choices + rank].unit)
      if unit < 0 { break }
      let link = slot * links.units + unit
      let gain = links.gain(link) * links.fading(link)
      for span in powerSpans {
        let quickest_s = aloneUpload_s(task, gain: gain, power_W: span.highest_W)
        if quickest_s > min(parameters.time.step_s, task.deadline_s) { continue }
        let energy_J = span.lowest_W * aloneUpload_s(task, gain: gain, power_W: span.lowest_W)
        consider(quickest_s + task.cycles / parameters.units.cpu_Hz, energy_J)
        consider(
          quickest_s + backhaul.transfer_s(bits: task.bits) + backhaul.oneWayDelay_s
            + task.cycles / parameters.cloud.cpu_Hz, energy_J)
      }
    }
    return least
  }

  /// The time of an upload that has the unit's band for itself.
  private func aloneUpload_s(_ task: ComputeTask, gain: Double, power_W: Double) -> Double {
    let band = parameters.radio.bandwidth_Hz
    let sinr = Link.sinr(signal_W: power_W * gain, interference_W: 0, noise_W: receiver.noise_W(bandwidth_Hz: band))
    return task.bits / receiver.rate_bps(bandwidth_Hz: band, sinr: sinr)
  }

  /// The powers that an agent can choose, each alone or, where power is a real number, in spans of at most 0.5 dB: of a
  /// span the latency is that of its highest power and the energy that of its lowest.
  private var powerSpans: [(lowest_W: Double, highest_W: Double)] {
    if parameters.actions == .discrete { return actions.powers.map { ($0.power_W, $0.power_W) } }
    let (low, high) = (actions.powers[0].level_dBm, actions.powers[actions.powers.count - 1].level_dBm)
    let count = Int(((high - low) * 2).rounded(.up))
    let edges = (0...count).map { edge in
      OffloadingActions.Power(level_dBm: low + (high - low) * Double(edge) / Double(count)).power_W
    }
    return (0..<count).map { (edges[$0], edges[$0 + 1]) }
  }
}
