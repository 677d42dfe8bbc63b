import EdgeCloud
import Glibc
import ReinforcementLearning

/// What agents see: their loop, the pool in the last step, and the task at hand with the places where it may run. Values
/// beyond a field's range are shown as its end.
extension IndustrialHall {
  private static let ratio_dB: ClosedRange<Double> = -30...80
  private static let run = 16.0
  private static let waiting = 8.0

  static func observationSpace(_ role: HallActions.Role, _ parameters: HallParameters) -> ObservationSpace {
    func field(_ name: String, _ unit: String, _ range: ClosedRange<Double>, _ meaning: String) -> ObservationField {
      ObservationField(name, unit: unit, in: Float(range.lowerBound)...Float(range.upperBound), meaning)
    }
    var fields = [
      field("reserved_share", "1", 0...1, "share of the pool that loops took in the last step"),
      field("monitored_share", "1", 0...1, "share of the pool that monitoring took in the last step"),
    ]
    if role != .inspector {
      let kinds = role == .robot ? [parameters.robotLoop] : parameters.loops
      let slowest = kinds.map(\.traffic.interval_s).max() ?? 1
      let patience = Double(kinds.map(\.traffic.survival.intervals).max() ?? 0)
      fields += [
        field("interval_s", "s", 0...slowest, "time from one message to the next"),
        field("survival_intervals", "1", 0...max(patience, 1), "losses in a row that do no harm"),
        field("snr_db", "dB", ratio_dB, "signal to noise of a copy at the highest power, fading averaged"),
        field("line_of_sight", "1", 0...1, "whether the serving node is in sight"),
        field("losses_in_a_row", "1", 0...run, "messages lost since the last that arrived"),
        field("is_down", "1", 0...1, "whether the losses have outlasted the survival time"),
        field("messages", "1", 0...256, "messages of the coming step"),
        field("lost_share", "1", 0...1, "share of its last step's messages that were lost"),
        field("granted_share", "1", 0...1, "copies granted of those last asked for"),
      ]
    }
    if role != .controller {
      let job = role == .robot ? parameters.robots.job : parameters.inspectors.job
      let device = role == .robot ? parameters.robots.device : parameters.inspectors.device
      let patience = job.deadline_s
      let most = job.size.upperBound
      let local_s = (job.graph.cycles.max() ?? 0) * most / device.cpu_Hz.lowerBound
      var bits = 1.0
      for task in 0..<job.graph.count {
        // In the order of the sum that is observed, so that rounding cannot lead beyond it.
        var sum = job.inputBits[task]
        for edge in job.graph.predecessors(of: task) { sum += job.graph.dependencies[edge].bits }
        bits = max(bits, sum * most)
      }
      let rate =
        parameters.radio.spectralEfficiencyCap * parameters.radio.blockWidth_Hz
        * Double(parameters.radio.resourceBlocks)
      fields += [
        field("x_m", "m", 0...parameters.hall.length_m, "position along the hall"),
        field("y_m", "m", 0...parameters.hall.width_m, "position across the hall"),
        field("has_task", "1", 0...1, "whether a task may be placed now"),
        field("station_is_up", "1", 0...1, "whether the machine beside it works; 1 for robots"),
        field("task_device_s", "s", 0...local_s, "time of the task on the device at full clock"),
        field("task_server_s", "s", 0...(job.edge_s.max() ?? 0) * most, "its time at a server"),
        field("task_cloud_s", "s", 0...(job.cloud_s.max() ?? 0) * most, "its time in the cloud"),
        field("task_is_pinned", "1", 0...1, "whether only the device can do it"),
        field("slack_s", "s", 0...patience, "time that the job has left"),
        field("tasks_left", "1", 0...Double(job.graph.count), "undecided tasks of the job at hand"),
        field("jobs_waiting", "1", 0...waiting, "jobs behind the one at hand"),
        field("device_cpu_hz", "Hz", 0...device.cpu_Hz.upperBound, "full clock speed of the device"),
        field("device_wait_s", "s", 0...patience, "time until the device's computer is free"),
        field("device_input_bits", "bit", 0...bits, "input of the task that would have to be uploaded"),
        field("uplink_bps", "bit/s", 0...rate, "rate of an upload with the whole pool, fading averaged"),
        field("uplink_wait_s", "s", 0...patience, "time that the uploads before it would take with the whole pool"),
      ]
      for server in 0..<parameters.edge.count {
        fields += [
          field("server_\(server + 1)_is_up", "1", 0...1, "whether it works"),
          field("server_\(server + 1)_wait_s", "s", 0...patience, "time until a processor is free"),
          field("server_\(server + 1)_input_bits", "bit", 0...bits, "input of the task that is there already"),
        ]
      }
      fields += [
        field("cloud_wait_s", "s", 0...patience, "time until a processor of the cloud is free"),
        field("cloud_input_bits", "bit", 0...bits, "input of the task that is there already"),
      ]
    }
    return ObservationSpace(fields)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    let role = roles[group]
    let width = values.count / countOf[group]
    let first = firstOf[group]
    let wait_s = role == .controller ? 0 : uplinkWait_s
    for slot in 0..<countOf[group] {
      var next = slot * width
      values[next] = Float(min(reservedShare, 1))
      values[next + 1] = Float(min(monitoredShare, 1))
      next += 2
      if role != .inspector {
        observeLoop(first + slot, into: &values, at: next)
        next += 9
      }
      if role != .controller {
        observeTask(first + slot - firstComputing, uplinkWait_s: wait_s, into: &values, at: next)
      }
    }
  }

  private func observeLoop(_ loop: Int, into values: inout MutableSpan<Float>, at first: Int) {
    let index = kindOf[loop]
    let survival = loopPlans[index].survival
    let snr = radio.snr_dB(kind: index, power_dBm: actions.strongest_dBm, gain_dB: links.gain_dB[loop])
    values[first] = Float(loopPlans[index].interval_s)
    values[first + 1] = Float(survival.intervals)
    values[first + 2] = Float(min(max(snr, Self.ratio_dB.lowerBound), Self.ratio_dB.upperBound))
    values[first + 3] = links.isClear[loop] ? 1 : 0
    values[first + 4] = Float(min(Double(runs[loop]), Self.run))
    values[first + 5] = survival.isDown(run: runs[loop]) ? 1 : 0
    values[first + 6] = Float(messages(of: loop))
    values[first + 7] = Float(lostShare[loop])
    values[first + 8] = Float(grantedShare[loop])
  }

  private func observeTask(
    _ device: Int, uplinkWait_s: Double, into values: inout MutableSpan<Float>, at first: Int
  ) {
    let agent = firstComputing + device
    let index = plan(of: device)
    let patience = plans[index].deadline_s
    let task = Int(ready[device])
    let hasTask = task >= 0
    let station = device - parameters.robots.count
    func span(_ time: Double) -> Float { Float(min(max(time, 0), patience)) }
    values[first] = Float(min(max(links.x_m[agent], 0), parameters.hall.length_m))
    values[first + 1] = Float(min(max(links.y_m[agent], 0), parameters.hall.width_m))
    values[first + 2] = hasTask ? 1 : 0
    values[first + 3] = station < 0 || stationMachines[station].isUp(at: now_s) ? 1 : 0
    let work = hasTask ? plans[index].cycles[task] * jobs.size[device] : 0
    values[first + 4] = Float(work / cpu_Hz[device])
    values[first + 5] = hasTask ? Float(service_s(device, task: task, at: 1)) : 0
    values[first + 6] = hasTask ? Float(service_s(device, task: task, at: cloudPlace)) : 0
    values[first + 7] = hasTask && plans[index].isPinned[task] ? 1 : 0
    values[first + 8] = jobs.isOpen[device] ? span(jobs.arrival_s[device] + patience - now_s) : 0
    values[first + 9] = Float(jobs.undecided(device, of: plans[index].cycles.count))
    values[first + 10] = Float(min(Double(jobs.waitingCount[device]), Self.waiting))
    values[first + 11] = Float(cpu_Hz[device])
    values[first + 12] = span(deviceFree_s[device] - now_s)
    values[first + 13] = hasTask ? Float(inputBits(device, task: task, at: 0)) : 0
    values[first + 14] = Float(uplink_bps(device))
    values[first + 15] = span(uplinkWait_s)
    var next = first + 16
    for server in serverQueues.indices {
      values[next] = serverMachines[server].isUp(at: now_s) ? 1 : 0
      values[next + 1] = span(serverQueues[server].backlog_s(at: now_s))
      values[next + 2] = hasTask ? Float(inputBits(device, task: task, at: server + 1)) : 0
      next += 3
    }
    values[next] = span(cloudQueue.backlog_s(at: now_s))
    values[next + 1] = hasTask ? Float(inputBits(device, task: task, at: cloudPlace)) : 0
  }

  /// The rate of a device's upload with the whole pool and a fading of 1.
  func uplink_bps(_ device: Int) -> Double { meanRate_bps[device] }

  /// Computes that rate of some devices.
  mutating func refreshRates(of devices: Range<Int>) {
    let blocks = Double(parameters.blocksPerStep) / parameters.time.step_s
    for device in devices {
      meanRate_bps[device] = radio.blockBits(gain_dB: links.gain_dB[firstComputing + device], fading: 1) * blocks
    }
  }

  /// The time that all uploads under way would take with the whole pool and a fading of 1.
  var uplinkWait_s: Double {
    var time = 0.0
    for place in 0..<uplink.count {
      let device = uplink.device(at: place)
      time += uplink.bits[device] / uplink_bps(device)
    }
    return time
  }
}
