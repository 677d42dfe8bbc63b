import EdgeCloud
import ReinforcementLearning

/// How a slot's decisions are carried out.
extension RoadsideOffloading {
  /// Floating-point slack in comparing an end with a deadline: one nanosecond.
  static let tolerance_s = 1e-9

  /// Carries out all decisions of the slot.
  mutating func settle(_ joint: borrowing JointAction) {
    collect(joint)
    for node in 0..<nodes { compute(at: node) }
    computeInCloud()
    settledStep = step
    for index in settled.indices {
      conclude(index)
      count(settled[index])
    }
  }

  /// The time that an upload needs and the time that it may take.
  func upload_s(of seat: Int, _ task: ComputeTask) -> (needed_s: Double, limit_s: Double) {
    let rate = uplink.members[seat].rate_bps
    return (rate > 0 ? task.bits / rate : .infinity, min(parameters.time.step_s, task.deadline_s))
  }

  /// The way from a node to where a task is computed.
  func transfer_s(_ task: ComputeTask, from node: Int, to target: RoadsideRecord.Target) -> Double {
    switch target {
    case .none: 0
    case .node(let other):
      task.bits / parameters.wire.rate_bps * (distances_m[node * nodes + other] / parameters.wire.reference_m)
    case .cloud: backhaul.transfer_s(bits: task.bits)
    }
  }

  private mutating func collect(_ joint: borrowing JointAction) {
    settled.removeAll(keepingCapacity: true)
    let seats = parameters.nodes.vehicles
    for node in 0..<nodes { settledTasks[node] = 0 }
    for seat in uplink.members.indices {
      guard let task = uplink.members[seat].task else { continue }
      let node = seat / seats
      settledTasks[node] += 1
      let option = option(for: seat, in: joint)
      var record = RoadsideRecord(
        node: node, rank: seat % seats, action: option, member: uplink.members[seat], task: task)
      record.target = target(of: option, at: node)
      let upload = upload_s(of: seat, task)
      record.upload_s = min(upload.needed_s, upload.limit_s)
      record.energy_J = record.member.power_W * record.upload_s
      if record.target == .none {
        record.fate = .withdrawn
      } else if upload.needed_s > upload.limit_s {
        record.fate = .cut
      } else {
        record.transfer_s = transfer_s(task, from: node, to: record.target)
      }
      settled.append(record)
    }
  }

  /// Divides a node's processor among the slot's tasks that can begin before their deadlines.
  private mutating func compute(at node: Int) {
    var rootSum = 0.0
    for index in settled.indices where settled[index].target == .node(node) && settled[index].fate != .cut {
      let record = settled[index]
      let there_s = record.upload_s + record.transfer_s
      let wait_s = servers[node].start_s(arrival_s: now_s + there_s) - (now_s + there_s)
      if there_s + wait_s > record.task.deadline_s {
        settled[index].fate = .expired
        settled[index].wait_s = max(0, record.task.deadline_s - there_s)
      } else {
        settled[index].wait_s = wait_s
        rootSum += record.task.cycles.squareRoot()
      }
    }
    var end_s = now_s
    for index in settled.indices where settled[index].target == .node(node) && settled[index].fate == .done {
      let record = settled[index]
      let clock = ShareServer.clock_Hz(cycles: record.task.cycles, rootSum: rootSum, full_Hz: clock_Hz[node])
      let before_s = record.upload_s + record.transfer_s + record.wait_s
      let compute_s = record.task.cycles / clock
      settled[index].cpu_Hz = clock
      settled[index].compute_s = min(compute_s, parameters.timeout_s - before_s)
      if before_s + compute_s > parameters.timeout_s { settled[index].fate = .timeout }
      end_s = max(end_s, now_s + before_s + settled[index].compute_s)
    }
    if rootSum > 0 { servers[node].close(at: end_s) }
  }

  /// Serves the slot's tasks for the cloud in the order in which they arrive, then of agents.
  private mutating func computeInCloud() {
    line.removeAll(keepingCapacity: true)
    for index in settled.indices where settled[index].target == .cloud && settled[index].fate != .cut {
      let there_s = settled[index].upload_s + settled[index].transfer_s
      var place = line.count
      line.append(index)
      while place > 0, settled[line[place - 1]].upload_s + settled[line[place - 1]].transfer_s > there_s {
        line[place] = line[place - 1]
        place -= 1
      }
      line[place] = index
    }
    for index in line {
      let record = settled[index]
      let service = record.task.cycles / parameters.cloud.cpu_Hz
      let admission = cloudQueue.admit(
        arrival_s: now_s + record.upload_s + record.transfer_s, service_s: service,
        latestStart_s: now_s + record.task.deadline_s)
      settled[index].wait_s = admission.waited_s
      settled[index].transfer_s += backhaul.oneWayDelay_s
      if admission.isServed {
        settled[index].cpu_Hz = parameters.cloud.cpu_Hz
        settled[index].compute_s = service
      } else {
        settled[index].fate = .expired
      }
    }
  }

  private mutating func conclude(_ index: Int) {
    let record = settled[index]
    var latency_s = record.upload_s
    if record.fate != .cut && record.fate != .withdrawn {
      latency_s += record.transfer_s + record.wait_s + record.compute_s
    }
    if record.fate == .done, latency_s > record.task.deadline_s + Self.tolerance_s { settled[index].fate = .late }
    if latency_s > parameters.timeout_s {
      settled[index].fate = .timeout
      latency_s = parameters.timeout_s
    }
    settled[index].latency_s = latency_s
  }

  private mutating func count(_ record: RoadsideRecord) {
    tally.arrived += 1
    tally.energy_J += record.energy_J
    tally.counted_s += record.counted_s(timeout_s: parameters.timeout_s)
    if record.fate == .done { tally.inTime += 1 }
    if record.isFinished { latencies_s.append(record.latency_s) } else { tally.lost += 1 }
    switch record.target {
    case .none: break
    case .node(let node): if node == record.node { tally.atOwn += 1 } else { tally.atOther += 1 }
    case .cloud: tally.inCloud += 1
    }
    let outcome: FlowAccount.Outcome = record.fate == .done ? .done : record.fate == .late ? .late : .dropped
    account.arrive(at: now_s, exit: now_s + record.latency_s, outcome: outcome)
  }
}
