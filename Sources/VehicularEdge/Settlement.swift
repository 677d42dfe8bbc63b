import EdgeCloud
import ReinforcementLearning

/// How a slot's decisions are carried out.
extension VehicularOffloading {
  /// Floating-point slack in comparing an end with a deadline: one nanosecond.
  static let tolerance_s = 1e-9

  /// Carries out all decisions of the slot and rewards them.
  mutating func settle(_ joint: borrowing JointAction, outcome: inout StepOutcome) {
    collect(joint)
    shareRadio()
    queueAtUnits()
    queueInCloud()
    for index in settled.indices {
      var record = settled[index]
      conclude(&record)
      settled[index] = record
      outcome.rewards[record.agent] = record.reward
      count(record)
    }
    settledStep = step
    settledTime_s = origin_s + now_s
    settledActive = 0
    for slot in 0..<parameters.slots where isActive(slot) { settledActive += 1 }
    tally.present += Double(settledActive)
  }

  /// Opens a record for every task and does at once what is done on the device.
  private mutating func collect(_ joint: borrowing JointAction) {
    settled.removeAll(keepingCapacity: true)
    for unit in scratch.uploads.indices {
      scratch.uploads[unit] = 0
      scratch.interference_W[unit] = 0
    }
    for slot in 0..<parameters.slots {
      lastUnit[slot] = -1
      guard isActive(slot), let task = waiting[slot] else { continue }
      let here = plan.index(instant: step, slot: slot)
      let chosen = choice(of: slot, in: joint)
      var record = TaskRecord(
        agent: slot, action: chosen, vehicle: plan.entity[stay(slot, at: step)], x_m: plan.x_m[here],
        y_m: plan.y_m[here], task: task)
      switch actions.meaning(of: chosen) {
      case .none: withdraw(&record)
      case .device(let economical): compute(&record, slot: slot, economical: economical)
      case .upload(let rank, let toCloud, let level):
        let unit = choices[slot * parameters.units.choices + rank].unit
        if unit >= 0, let power = power(of: slot, level: level, in: joint) {
          open(&record, slot: slot, unit: Int(unit), toCloud: toCloud, power: power)
        } else {
          withdraw(&record)
        }
      }
      settled.append(record)
    }
  }

  private func withdraw(_ record: inout TaskRecord) {
    record.target = .none
    record.fate = .withdrawn
  }

  /// T = C/f and E = κ f² C on the device, after the tasks before it.
  private mutating func compute(_ record: inout TaskRecord, slot: Int, economical: Bool) {
    let task = record.task
    let start = max(now_s, deviceFree_s[slot])
    let wait = start - now_s
    if wait > task.deadline_s {
      record.fate = .expired
      record.wait_s = task.deadline_s
      return
    }
    let clock = deviceClock_Hz(task, slot: slot, wait_s: wait, economical: economical)
    record.cpu_Hz = clock
    record.wait_s = wait
    record.compute_s = processor.duration_s(cycles: task.cycles, clock_Hz: clock)
    record.energy_J = processor.energy_J(cycles: task.cycles, clock_Hz: clock)
    deviceFree_s[slot] = start + record.compute_s
  }

  func deviceClock_Hz(_ task: ComputeTask, slot: Int, wait_s: Double, economical: Bool) -> Double {
    guard economical else { return cpu_Hz[slot] }
    return min(processor.clock_Hz(cycles: task.cycles, deadline_s: task.deadline_s, wait_s: wait_s), cpu_Hz[slot])
  }

  /// Notes an upload: its link, its power, and that it counts at its unit and disturbs the others.
  private mutating func open(
    _ record: inout TaskRecord, slot: Int, unit: Int, toCloud: Bool, power: OffloadingActions.Power
  ) {
    let link = slot * links.units + unit
    record.target = toCloud ? .cloud : .edge
    record.unit = unit
    record.power_dBm = power.level_dBm
    record.distance_m = links.groundDistance_m(link)
    record.distance3D_m = links.distance3D_m(link)
    record.isClear = links.isClear(link)
    record.pathLoss_dB = links.pathLoss_dB(link)
    record.shadowing_dB = links.shadowing_dB(link)
    record.fading = links.fading(link)
    record.energy_J = power.power_W
    record.sinr = power.power_W * links.gain(link) * record.fading
    scratch.uploads[unit] += 1
    lastUnit[slot] = Int32(unit)
    for other in 0..<links.units where other != unit {
      let cross = slot * links.units + other
      scratch.interference_W[other] += power.power_W * links.gain(cross) * links.fading(cross)
    }
  }

  /// Divides each unit's band among its uploads and finds their rates.
  ///
  /// Uploads to other units use the same band; their power falls evenly on it, so that a share of the band catches
  /// that share of the power.
  private mutating func shareRadio() {
    Self.share(
      &settled, among: scratch, band_Hz: parameters.radio.bandwidth_Hz, grant_s: parameters.time.step_s, receiver)
  }

  private static func share(
    _ records: inout [TaskRecord], among air: Scratch, band_Hz: Double, grant_s: Double, _ receiver: Link
  ) {
    let (uploads, interference_W) = (air.uploads.span, air.interference_W.span)
    var records = records.mutableSpan
    for index in 0..<records.count where records[index].unit >= 0 {
      let unit = records[index].unit
      let share = band_Hz / Double(uploads[unit])
      let noise = receiver.noise_W(bandwidth_Hz: share)
      let interference = interference_W[unit] * (share / band_Hz)
      let sinr = Link.sinr(signal_W: records[index].sinr, interference_W: interference, noise_W: noise)
      let rate = receiver.rate_bps(bandwidth_Hz: share, sinr: sinr)
      let power = records[index].energy_J
      let limit = min(grant_s, records[index].task.deadline_s)
      let needed = rate > 0 ? records[index].task.bits / rate : .infinity
      records[index].bandwidth_Hz = share
      records[index].noise_W = noise
      records[index].interference_W = interference
      records[index].sinr = sinr
      records[index].rate_bps = rate
      records[index].upload_s = min(needed, limit)
      records[index].energy_J = power * records[index].upload_s
      if needed > limit { records[index].fate = .cut }
    }
  }

  private mutating func queueAtUnits() {
    order(where: { $0.target == .edge }, by: { $0.upload_s })
    for index in scratch.order {
      let arrival = now_s + settled[index].upload_s
      let unit = settled[index].unit
      Self.admit(
        &settled[index], to: &unitQueues[unit], now_s: now_s, arrival_s: arrival, clock_Hz: parameters.units.cpu_Hz)
      let record = settled[index]
      unitTasks.add(place: unit, exit_s: arrival + record.wait_s + record.compute_s, now_s: now_s)
    }
  }

  private mutating func queueInCloud() {
    for index in settled.indices where settled[index].target == .cloud && settled[index].fate != .cut {
      let bits = settled[index].task.bits
      settled[index].backhaul_s = backhaul.transfer_s(bits: bits) + backhaul.oneWayDelay_s
    }
    order(where: { $0.target == .cloud }, by: { $0.upload_s + $0.backhaul_s })
    for index in scratch.order {
      let record = settled[index]
      let arrival = now_s + record.upload_s + record.backhaul_s - backhaul.oneWayDelay_s
      Self.admit(
        &settled[index], to: &cloudQueue, now_s: now_s, arrival_s: arrival, clock_Hz: parameters.cloud.cpu_Hz)
    }
  }

  /// Lists the uploads that got through and meet a condition by their time, then by their agent.
  private mutating func order(where condition: (TaskRecord) -> Bool, by time_s: (TaskRecord) -> Double) {
    scratch.order.removeAll(keepingCapacity: true)
    for index in settled.indices where settled[index].fate != .cut && condition(settled[index]) {
      let time = time_s(settled[index])
      var place = scratch.order.count
      scratch.order.append(index)
      while place > 0, scratch.times_s[scratch.order[place - 1]] > time {
        scratch.order[place] = scratch.order[place - 1]
        place -= 1
      }
      scratch.order[place] = index
      scratch.times_s[index] = time
    }
  }

  private static func admit(
    _ record: inout TaskRecord, to queue: inout ComputeQueue, now_s: Double, arrival_s: Double, clock_Hz: Double
  ) {
    let service = record.task.cycles / clock_Hz
    let admission = queue.admit(
      arrival_s: arrival_s, service_s: service, latestStart_s: now_s + record.task.deadline_s)
    record.wait_s = admission.waited_s
    if admission.isServed {
      record.cpu_Hz = clock_Hz
      record.compute_s = service
    } else {
      record.fate = .expired
    }
  }

  /// Decides what became of the task and what it earns.
  private func conclude(_ record: inout TaskRecord) {
    let departure = plan.departure_s[stay(record.agent, at: step)] - now_s
    record.latency_s =
      record.fate == .cut || record.fate == .withdrawn
      ? record.upload_s : record.upload_s + record.backhaul_s + record.wait_s + record.compute_s
    if record.fate == .done, record.latency_s > record.task.deadline_s + Self.tolerance_s { record.fate = .late }
    if record.latency_s > departure + Self.tolerance_s {
      record.fate = .departed
      record.latency_s = departure
    }
    record.reward = -cost(of: record.terms)
  }

  /// The cost of a task in the reward's measure.
  func cost(of terms: TaskRecord.Terms) -> Double {
    let reward = parameters.reward
    return reward.latencyWeight * terms.latencyShare + reward.energyWeight * terms.energy_J / reward.energyReference_J
      + reward.missWeight * terms.missed
  }

  private mutating func count(_ record: TaskRecord) {
    tally.arrived += 1
    tally.energy_J += record.energy_J
    if record.isMissed { tally.missed += 1 }
    if record.isFinished { latencies_s.append(record.latency_s) } else { tally.lost += 1 }
    switch record.target {
    case .device: tally.onDevice += 1
    case .edge: tally.atEdge += 1
    case .cloud: tally.inCloud += 1
    case .none: break
    }
    let outcome: FlowAccount.Outcome =
      switch record.fate {
      case .done: .done
      case .late: .late
      default: .dropped
      }
    account.arrive(at: now_s, exit: now_s + record.latency_s, outcome: outcome)
  }
}
