import EdgeCloud
import Glibc
import Randomness

/// How tasks reach their places and are done there.
extension IndustrialHall {
  /// Floating-point slack in comparing an end with a deadline: one nanosecond.
  static let tolerance_s = 1e-9

  /// Where the cloud stands among the places.
  var cloudPlace: Int { parameters.edge.count + 1 }

  func deadline_s(_ device: Int) -> Double { jobs.arrival_s[device] + plans[plan(of: device)].deadline_s }

  /// The bits of a task's input that lie at a place; at the device, its sensors' included.
  func inputBits(_ device: Int, task: Int, at place: Int) -> Double {
    let index = plan(of: device)
    var bits = place == 0 ? plans[index].inputBits[task] : 0
    for edge in plans[index].start[task]..<plans[index].start[task + 1]
    where Int(jobs.place[device * jobs.tasks + plans[index].sources[edge]]) == place {
      bits += plans[index].bits[edge]
    }
    return bits * jobs.size[device]
  }

  /// The time that a number of bits takes between two places by wire; a result comes to the device over the downlink.
  func wire_s(from source: Int, to target: Int, bits: Double) -> Double {
    if source == target { return 0 }
    let network = parameters.edge.network
    let backhaul = parameters.cloud.backhaul
    switch (source == cloudPlace, target) {
    case (false, 0): return network.transfer_s(bits: bits) + parameters.radio.downlink_s
    case (true, 0):
      return backhaul.transfer_s(bits: bits) + network.transfer_s(bits: bits) + parameters.radio.downlink_s
    case (false, cloudPlace), (true, _): return backhaul.transfer_s(bits: bits)
    default: return network.transfer_s(bits: bits)
    }
  }

  /// The time that an upload takes from the node that receives it to a place.
  func behindNode_s(to place: Int, bits: Double) -> Double {
    let way = parameters.edge.network.transfer_s(bits: bits)
    return place == cloudPlace ? way + parameters.cloud.backhaul.transfer_s(bits: bits) : way
  }

  /// The time that a last task's result takes back to the device.
  func return_s(from place: Int) -> Double { place == 0 ? 0 : wire_s(from: place, to: 0, bits: 0) }

  func service_s(_ device: Int, task: Int, at place: Int) -> Double {
    let index = plan(of: device)
    let time = place == cloudPlace ? plans[index].cloud_s[task] : plans[index].edge_s[task]
    return time * jobs.size[device]
  }

  /// Carries out all placements of the step.
  mutating func place() {
    let floor = uplink.count
    for device in 0..<jobs.devices where ready[device] >= 0 {
      let agent = firstComputing + device
      let place = decisions[agent].place
      if place >= 0 { start(device, task: Int(ready[device]), at: place, uploadsFrom: floor) }
    }
  }

  private mutating func start(_ device: Int, task: Int, at place: Int, uploadsFrom floor: Int) {
    let agent = firstComputing + device
    jobs.place[device * jobs.tasks + task] = Int32(place)
    rows[agent].task = task
    rows[agent].place = place
    let index = plan(of: device)
    var arrival = now_s
    for edge in plans[index].start[task]..<plans[index].start[task + 1] {
      let source = Int(jobs.place[device * jobs.tasks + plans[index].sources[edge]])
      if source == place || source == 0 { continue }
      let way = wire_s(from: source, to: place, bits: plans[index].bits[edge] * jobs.size[device])
      arrival = max(arrival, now_s + way)
    }
    if place == 0 {
      compute(device, task: task, arrival_s: arrival, clock: decisions[agent].clock)
      return
    }
    let bits = inputBits(device, task: task, at: 0)
    if bits > 0 {
      jobs.uploading[device] = Int32(task)
      jobs.target[device] = Int32(place)
      jobs.wired_s[device] = arrival
      rows[agent].upload_bits = bits
      let deadline = deadline_s(device)
      uplink.insert(device, bits: bits, deadline_s: deadline, from: floor)
    } else {
      admit(device, task: task, at: place, arrival_s: arrival)
    }
  }

  /// Sends the uploads over the blocks that are left, spread evenly over the step.
  mutating func drainUplink(blocks: Double) {
    guard blocks > 0 else { return }
    let interval = parameters.time.step_s
    let start = now_s
    var used = 0.0
    while used < blocks, let device = uplink.head {
      let agent = firstComputing + device
      let fading = radio.fading(isClear: links.isClear[agent], device: agent, step: step, in: world)
      let perBlock = radio.blockBits(gain_dB: links.gain_dB[agent], fading: fading)
      let deadline = deadline_s(device)
      let bits = uplink.bits[device]
      // A fading of zero carries nothing.
      let needed = perBlock > 0 ? bits / perBlock : .infinity
      let within = max(0, (deadline - start) / interval * blocks - used)
      let taken = min(needed, blocks - used, within)
      used += taken
      spend(device, blocks: taken)
      rows[agent].fading = fading
      rows[agent].uploadBlocks = taken
      rows[agent].blockBits = perBlock
      if taken == needed {
        let end = start + interval * used / blocks
        let (task, place) = (Int(jobs.uploading[device]), Int(jobs.target[device]))
        uplink.removeFirst()
        jobs.uploading[device] = -1
        jobs.target[device] = -1
        let whole = inputBits(device, task: task, at: 0)
        let arrival = max(jobs.wired_s[device], end + behindNode_s(to: place, bits: whole))
        admit(device, task: task, at: place, arrival_s: arrival)
      } else if taken == within {
        drop(device, at: deadline, because: .cut)
      } else {
        uplink.bits[device] = max(bits - taken * perBlock, 1e-9)
        return
      }
    }
  }

  /// Charges the energy of blocks: the whole carrier for their share of the time.
  private mutating func spend(_ device: Int, blocks: Double) {
    let time = blocks / Double(parameters.blocksPerStep) * parameters.time.step_s
    charge(device, energy_J: radio.uploadPower_W * time)
  }

  private mutating func charge(_ device: Int, energy_J: Double) {
    let agent = firstComputing + device
    jobs.energy_J[device] += energy_J
    rows[agent].jobEnergy_J += energy_J
    terms[agent * 4 + 3] += energy_J / parameters.reward.energyReference_J
    tally.jobEnergy_J += energy_J
  }

  /// T = C/f and E = κ f² C on the device, after what it does already.
  private mutating func compute(_ device: Int, task: Int, arrival_s: Double, clock: Double) {
    let agent = firstComputing + device
    let start = max(arrival_s, deviceFree_s[device])
    if start > deadline_s(device) {
      drop(device, at: deadline_s(device), because: .expired)
      return
    }
    let hertz = cpu_Hz[device] * clock
    let cycles = plans[plan(of: device)].cycles[task] * jobs.size[device]
    charge(device, energy_J: computer(of: device).switchedCapacitance * hertz * hertz * cycles)
    deviceFree_s[device] = start + cycles / hertz
    rows[agent].clock_Hz = hertz
    rows[agent].wait_s = start - arrival_s
    tally.onDevice += 1
    finish(device, task: task, at: 0, arrival_s: arrival_s, finish_s: start + cycles / hertz)
  }

  /// Queues a task at a server or in the cloud; a breakdown suspends it.
  private mutating func admit(_ device: Int, task: Int, at place: Int, arrival_s: Double) {
    let agent = firstComputing + device
    let deadline = deadline_s(device)
    let service = service_s(device, task: task, at: place)
    let admission: ComputeQueue.Admission
    if place == cloudPlace {
      admission = cloudQueue.admit(arrival_s: arrival_s, service_s: service, latestStart_s: deadline)
    } else {
      let turn = arrival_s + serverQueues[place - 1].backlog_s(at: arrival_s)
      let run = serverMachines[place - 1].run(from: turn, work_s: service, in: world)
      if run.start_s > deadline {
        drop(device, at: deadline, because: .expired)
        return
      }
      admission = serverQueues[place - 1].admit(arrival_s: arrival_s, service_s: run.finish_s - turn)
      tally.serverBusy_s += service
    }
    guard admission.isServed else {
      drop(device, at: deadline, because: .expired)
      return
    }
    rows[agent].wait_s = admission.waited_s
    if place == cloudPlace { tally.inCloud += 1 } else { tally.atEdge += 1 }
    finish(device, task: task, at: place, arrival_s: arrival_s, finish_s: admission.finish_s)
  }

  /// Notes when a task is done, and ends the job with its last one.
  private mutating func finish(_ device: Int, task: Int, at place: Int, arrival_s: Double, finish_s: Double) {
    let agent = firstComputing + device
    let index = plan(of: device)
    jobs.finish_s[device * jobs.tasks + task] = finish_s
    rows[agent].taskArrival_s = arrival_s
    rows[agent].finish_s = finish_s
    rows[agent].doneTask = task
    rows[agent].donePlace = place
    let isLast = plans[index].isLast[task]
    jobs.latest_s[device] = max(jobs.latest_s[device], finish_s + (isLast ? return_s(from: place) : 0))
    chargeLatency(device, to: (jobs.latest_s[device] - jobs.arrival_s[device]) / plans[index].deadline_s)
    if jobs.undecided(device, of: plans[index].cycles.count) == 0 {
      let isLate = jobs.latest_s[device] > deadline_s(device) + Self.tolerance_s
      conclude(device, exit_s: jobs.latest_s[device], fate: isLate ? .late : .done)
    }
  }

  private mutating func chargeLatency(_ device: Int, to share: Double) {
    let agent = firstComputing + device
    let share = min(share, 1)
    guard share > jobs.charged[device] else { return }
    terms[agent * 4 + 1] += share - jobs.charged[device]
    jobs.charged[device] = share
  }

  /// Gives the job at hand up.
  mutating func drop(_ device: Int, at time_s: Double, because fate: HallRow.Fate) {
    if jobs.uploading[device] >= 0 { uplink.remove(device) }
    conclude(device, exit_s: max(time_s, jobs.arrival_s[device]), fate: fate)
  }

  /// Ends the job at hand and charges what it still owes.
  private mutating func conclude(_ device: Int, exit_s: Double, fate: HallRow.Fate) {
    let agent = firstComputing + device
    let arrival = jobs.arrival_s[device]
    rows[agent].fate = fate
    rows[agent].jobArrival_s = arrival
    rows[agent].latency_s = exit_s - arrival
    if fate != .done {
      chargeLatency(device, to: 1)
      terms[agent * 4 + 2] += 1
    }
    switch fate {
    case .done: tally.done += 1
    case .late: tally.late += 1
    default: tally.dropped += 1
    }
    if fate == .done || fate == .late { latencies_s.append(exit_s - arrival) }
    account.arrive(
      at: arrival, exit: exit_s, outcome: fate == .done ? .done : fate == .late ? .late : .dropped)
    jobs.close(device)
  }

  /// Takes in the jobs that have come, gives up those whose time is over, and finds the tasks that are ready.
  mutating func refreshJobs() {
    let now = now_s
    for server in serverMachines.indices { serverMachines[server].advance(to: now, in: world) }
    // Stations follow with their jobs.
    for device in 0..<jobs.devices {
      let patience = plans[plan(of: device)].deadline_s
      takeIn(device, until: now)
      if jobs.isOpen[device], now >= deadline_s(device) - Self.tolerance_s {
        drop(device, at: deadline_s(device), because: .expired)
      }
      while let arrival = jobs.oldestWaiting_s(device), now >= arrival + patience - Self.tolerance_s,
        !jobs.isOpen[device]
      {
        jobs.open(device)
        drop(device, at: arrival + patience, because: .expired)
      }
      if !jobs.isOpen[device], jobs.waitingCount[device] > 0 { jobs.open(device) }
      ready[device] = readyTask(device)
    }
  }

  /// The size of a device's job of a number.
  func jobSize(_ device: Int, number: Int) -> Double {
    let words = world.block(.hallJob, entity: UInt64(firstComputing + device), time: UInt64(number))
    let range = plans[plan(of: device)].size
    return min(range.lowerBound + (range.upperBound - range.lowerBound) * Variate.uniform(words.0), range.upperBound)
  }

  private mutating func takeIn(_ device: Int, until now: Double) {
    let station = device - parameters.robots.count
    let index = plan(of: device)
    while true {
      let number = jobs.next[device]
      let arrival = jobs.offset_s[device] + Double(number) * plans[index].period_s
      if arrival > now { break }
      jobs.next[device] += 1
      if station >= 0 {
        stationMachines[station].advance(to: arrival, in: world)
        if !stationMachines[station].isUp(at: arrival) { continue }
      }
      let size = jobSize(device, number: Int(number))
      tally.arrived += 1
      if !jobs.enqueue(device, arrival_s: arrival, size: size) {
        preconditionFailure("a ring of \(jobs.capacity) jobs is full")
      }
    }
    if station >= 0 { stationMachines[station].advance(to: now, in: world) }
  }
}
