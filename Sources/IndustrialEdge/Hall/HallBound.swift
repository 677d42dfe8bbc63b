import EdgeCloud
import Glibc
import Randomness

/// A return that no policy exceeds: every loop and every job alone in the hall (the card has the proof).
extension IndustrialHall {
  public func returnBound(seed: UInt64) -> Double? {
    var alone = self
    alone.reset(seed: seed)
    let cost = alone.leastOutageCost() + alone.leastJobCost()
    return -cost / Double(rows.count)
  }

  /// The outages that are left when every message of every loop is sent as often and as strongly as can be.
  private mutating func leastOutageCost() -> Double {
    let weight = parameters.reward.outageWeight
    let most = parameters.robustness.copies[parameters.robustness.copies.count - 1]
    var shares = 0.0
    for _ in 0..<parameters.time.steps {
      for loop in 0..<loopCount {
        var row = HallRow()
        row.messages = messages(of: loop)
        row.copies = most
        row.granted = most
        decisions[loop].power_dBm = actions.strongest_dBm
        terms[loop * 4] = 0
        send(loop, loopPlans[kindOf[loop]].survival, &row)
        shares += terms[loop * 4]
      }
      step += 1
      links.refresh(step: step, time_s: now_s, in: world)
    }
    return weight * shares
  }

  /// What all jobs cost whose time is over by the end, each as cheap as it could be alone.
  private mutating func leastJobCost() -> Double {
    let end = Double(parameters.time.steps) * parameters.time.step_s
    for station in stationMachines.indices { stationMachines[station].reset(in: world) }
    var cost = 0.0
    for device in 0..<jobs.devices {
      let index = plan(of: device)
      let station = device - parameters.robots.count
      var number = 0
      while true {
        let arrival = jobs.offset_s[device] + Double(number) * plans[index].period_s
        if arrival + plans[index].deadline_s > end { break }
        let isMade = station < 0 || stationIsUp(station, at: arrival)
        if isMade { cost += leastCost(device, index, arrival_s: arrival, size: jobSize(device, number: number)) }
        number += 1
      }
    }
    return cost
  }

  private mutating func stationIsUp(_ station: Int, at time_s: Double) -> Bool {
    stationMachines[station].advance(to: time_s, in: world)
    return stationMachines[station].isUp(at: time_s)
  }

  /// The least cost of a job over all ways to divide its tasks between the device and the places beyond the radio.
  private func leastCost(_ device: Int, _ index: Int, arrival_s: Double, size: Double) -> Double {
    let reward = parameters.reward
    let count = plans[index].cycles.count
    var least = reward.latencyWeight + reward.missWeight
    for remote in 0..<(1 << count) {
      guard
        let (latency, energy) = relaxed(device, index, remote: remote, arrival_s: arrival_s, size: size)
      else { continue }
      let share = latency / plans[index].deadline_s
      let isLate = latency > plans[index].deadline_s + Self.tolerance_s
      least = min(
        least,
        reward.latencyWeight * min(share, 1) + reward.energyWeight * energy / reward.energyReference_J
          + (isLate ? reward.missWeight : 0))
    }
    return least
  }

  /// Latency and energy without queues, breakdowns, losses and other devices: the device at full speed but with the
  /// energy of its slowest setting, the best server or the cloud, the whole pool at the highest rate. A task is still
  /// decided at the first step at which it is ready. Nil where a task is pinned to the device.
  private func relaxed(
    _ device: Int, _ index: Int, remote: Int, arrival_s: Double, size: Double
  ) -> (latency_s: Double, energy_J: Double)? {
    let count = plans[index].cycles.count
    let computer = computer(of: device)
    let interval = parameters.time.step_s
    let network = parameters.edge.network
    let home = network.oneWayDelay_s + parameters.radio.downlink_s
    let rate =
      radio.cap * HallParameters.Radio.elements * Double(parameters.blocksPerStep) / interval
    let slowest = cpu_Hz[device] * computer.clocks[0]
    var finish = [Double](repeating: arrival_s, count: count)
    var latest = arrival_s
    var energy = 0.0
    for task in plans[index].order {
      let isRemote = remote >> task & 1 == 1
      if isRemote && plans[index].isPinned[task] { return nil }
      var ready = arrival_s
      var bits = isRemote ? plans[index].inputBits[task] : 0
      var comesBack = false
      for edge in plans[index].start[task]..<plans[index].start[task + 1] {
        let source = plans[index].sources[edge]
        ready = max(ready, finish[source])
        let wasRemote = remote >> source & 1 == 1
        if isRemote, !wasRemote { bits += plans[index].bits[edge] }
        if !isRemote, wasRemote { comesBack = true }
      }
      // A hair early, so that rounding cannot make the bound too high.
      let decided = max(ready, (ready / interval - 1e-6).rounded(.up) * interval - 1e-9)
      let cycles = plans[index].cycles[task] * size
      if isRemote {
        let upload = bits * size / rate
        let time = min(plans[index].edge_s[task], plans[index].cloud_s[task]) * size
        finish[task] =
          decided + upload + (bits > 0 ? network.oneWayDelay_s : 0) + time
        energy += radio.uploadPower_W * upload
      } else {
        finish[task] = decided + (comesBack ? home : 0) + cycles / cpu_Hz[device]
        energy += computer.switchedCapacitance * slowest * slowest * cycles
      }
      latest = max(latest, finish[task] + (isRemote && plans[index].isLast[task] ? home : 0))
    }
    return (latest - arrival_s, energy)
  }
}
