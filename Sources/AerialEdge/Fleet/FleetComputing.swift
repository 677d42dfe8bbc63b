import EdgeCloud

/// Where the slot's tasks are computed once they have reached their aircraft.
extension AerialFleet {
  /// Lists the uploads that got through by the time of their arrival, then by their user.
  mutating func order() {
    scratch.order.removeAll(keepingCapacity: true)
    for index in settled.indices where settled[index].aircraft >= 0 && settled[index].fate != .cut {
      let time = settled[index].upload_s
      var place = scratch.order.count
      scratch.order.append(index)
      while place > 0, scratch.keys_s[scratch.order[place - 1]] > time {
        scratch.order[place] = scratch.order[place - 1]
        place -= 1
      }
      scratch.order[place] = index
      scratch.keys_s[index] = time
      age_s[settled[index].user] = 0
    }
  }

  /// Where a task that has arrived is computed.
  private func isForCloud(_ record: FleetTask, arrival_s: Double, clock_Hz: Double) -> Bool {
    switch scratch.commands[record.aircraft].policy {
    case .onboard: return false
    case .cloud: return true
    case .earliest:
      let relay = parameters.cloud.relay
      let board = onboard[record.aircraft].backlog_s(at: arrival_s) + record.task.cycles / clock_Hz
      let cloud =
        relays[record.aircraft].backlog_s(at: arrival_s) + relay.transfer_s(bits: record.task.bits)
        + relay.oneWayDelay_s + record.task.cycles / parameters.cloud.cpu_Hz
      return cloud < board
    }
  }

  /// Sends a task to the cloud through its aircraft's relay, where it waits for its turn.
  private mutating func relay(_ record: inout FleetTask, arrival_s: Double) {
    record.target = .cloud
    let hop = parameters.cloud.relay
    let sending = record.task.bits / hop.rate_bps
    let admission = relays[record.aircraft].admit(
      arrival_s: arrival_s, service_s: sending, latestStart_s: now_s + record.task.deadline_s)
    record.wait_s = admission.waited_s
    guard admission.isServed else {
      record.fate = .expired
      return
    }
    record.relay_s = sending + 2 * hop.oneWayDelay_s
    record.cpu_Hz = parameters.cloud.cpu_Hz
    record.compute_s = record.task.cycles / parameters.cloud.cpu_Hz
  }

  /// First come, first served on board.
  mutating func serveInTurn() {
    for index in scratch.order {
      var record = settled[index]
      let arrival = now_s + record.upload_s
      let clock = scratch.commands[record.aircraft].clock_Hz
      if isForCloud(record, arrival_s: arrival, clock_Hz: clock) {
        relay(&record, arrival_s: arrival)
      } else {
        let service = record.task.cycles / clock
        let admission = onboard[record.aircraft].admit(
          arrival_s: arrival, service_s: service, latestStart_s: now_s + record.task.deadline_s)
        record.wait_s = admission.waited_s
        if admission.isServed {
          board(&record, clock_Hz: clock, compute_s: service)
        } else {
          record.fate = .expired
        }
      }
      settled[index] = record
    }
  }

  /// The slot's tasks on board together: each holds its share of the clock from its arrival, or from when the slots
  /// before are finished.
  mutating func serveTogether(_ split: ShareSplit) {
    for aircraft in scratch.weight.indices { scratch.weight[aircraft] = 0 }
    for index in scratch.order {
      var record = settled[index]
      let arrival = now_s + record.upload_s
      let aircraft = record.aircraft
      if isForCloud(record, arrival_s: arrival, clock_Hz: scratch.commands[aircraft].clock_Hz) {
        relay(&record, arrival_s: arrival)
      } else {
        record.wait_s = onboard[aircraft].backlog_s(at: arrival)
        if record.upload_s + record.wait_s > record.task.deadline_s {
          record.fate = .expired
          record.wait_s = max(record.task.deadline_s - record.upload_s, 0)
        } else {
          record.compute_s = split.weight(record.task.cycles)
          scratch.weight[aircraft] += record.compute_s
        }
      }
      settled[index] = record
    }
    for aircraft in scratch.interference.indices { scratch.interference[aircraft] = 0 }
    for index in scratch.order where settled[index].target == .onboard && settled[index].fate != .expired {
      let aircraft = settled[index].aircraft
      let clock = scratch.commands[aircraft].clock_Hz
      let share = settled[index].compute_s / scratch.weight[aircraft]
      var record = settled[index]
      board(&record, clock_Hz: clock, compute_s: record.task.cycles / (clock * share))
      let end = record.upload_s + record.wait_s + record.compute_s
      settled[index] = record
      scratch.interference[aircraft] = max(scratch.interference[aircraft], end)
    }
    for aircraft in onboard.indices where scratch.weight[aircraft] > 0 {
      // The processor is booked until the last of them is finished.
      let free = now_s + onboard[aircraft].backlog_s(at: now_s)
      let end = now_s + scratch.interference[aircraft]
      if end > free { onboard[aircraft].admit(arrival_s: free, service_s: end - free) }
    }
  }

  /// Computes a task on board; the energy is drawn from the battery as far as it is there.
  private mutating func board(_ record: inout FleetTask, clock_Hz: Double, compute_s: Double) {
    record.cpu_Hz = clock_Hz
    record.compute_s = compute_s
    let wanted = parameters.computers.processor.energy_J(cycles: record.task.cycles, clock_Hz: clock_Hz)
    record.computingEnergy_J = batteries[record.aircraft].draw(wanted)
  }
}
