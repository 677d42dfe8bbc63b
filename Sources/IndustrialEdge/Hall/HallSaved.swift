import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which all that is not decided follows, and what the decisions have made.
extension IndustrialHall {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    snapshot.set("link_shadowing", links.shadowProcess)
    snapshot.set("link_line_of_sight", links.clearProcess)
    snapshot.set("losses_in_a_row", runs)
    snapshot.set("lost_share", lostShare)
    snapshot.set("granted_share", grantedShare)
    snapshot.set("pool", [reservedShare, monitoredShare, isBurst ? 1 : 0])
    snapshot.set("job_is_open", jobs.isOpen)
    snapshot.set("job_arrival_s", jobs.arrival_s)
    snapshot.set("job_size", jobs.size)
    snapshot.set("job_latest_s", jobs.latest_s)
    snapshot.set("job_charged", jobs.charged)
    snapshot.set("job_energy_j", jobs.energy_J)
    snapshot.set("job_wired_s", jobs.wired_s)
    snapshot.set("task_place", jobs.place)
    snapshot.set("task_finish_s", jobs.finish_s)
    snapshot.set("uploading", jobs.uploading)
    snapshot.set("upload_target", jobs.target)
    snapshot.set("waiting_arrival_s", jobs.waitingArrival_s)
    snapshot.set("waiting_size", jobs.waitingSize)
    snapshot.set("waiting_first", jobs.waitingFirst)
    snapshot.set("waiting_count", jobs.waitingCount)
    snapshot.set("next_job", jobs.next)
    snapshot.set("uplink_order", uplink.devices)
    snapshot.set("uplink_bits", uplink.bits)
    snapshot.set("uplink_deadline_s", uplink.deadline_s)
    snapshot.set("device_free_s", deviceFree_s)
    snapshot.set("server_free_s", serverQueues.flatMap(\.freeAt_s))
    snapshot.set("cloud_free_s", cloudQueue.freeAt_s)
    snapshot.set("flow_account", account.words)
    snapshot.set("latencies_s", latencies_s)
    snapshot.set("tally", tally.sums)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let step = try snapshot.integer("step")
    guard (0...parameters.time.steps).contains(step) else {
      throw snapshot.mismatch(
        "step", expected: "a step of an episode of \(parameters.time.steps)", found: "\(step)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    copy.step = step
    let agents = rows.count
    copy.walk = parameters.monitoring.stream.walk(in: copy.world, entity: 0, slot: step)
    copy.links.restore(
      shadow: try snapshot.doubles("link_shadowing", count: agents),
      clear: try snapshot.doubles("link_line_of_sight", count: agents), time_s: copy.now_s, in: copy.world)
    copy.refreshRates(of: 0..<jobs.devices)
    copy.runs = try snapshot.int32s("losses_in_a_row", count: loopCount)
    copy.lostShare = try snapshot.doubles("lost_share", count: loopCount)
    copy.grantedShare = try snapshot.doubles("granted_share", count: loopCount)
    let pool = try snapshot.doubles("pool", count: 3)
    (copy.reservedShare, copy.monitoredShare, copy.isBurst) = (pool[0], pool[1], pool[2] != 0)
    try copy.jobs.restore(from: snapshot)
    guard
      let uplink = UplinkQueue(
        devices: try snapshot.int32s("uplink_order"),
        bits: try snapshot.doubles("uplink_bits", count: jobs.devices),
        deadline_s: try snapshot.doubles("uplink_deadline_s", count: jobs.devices))
    else { throw snapshot.mismatch("uplink_order", expected: "each device once at most", found: "others") }
    copy.uplink = uplink
    copy.deviceFree_s = try snapshot.doubles("device_free_s", count: jobs.devices)
    let servers = try snapshot.doubles("server_free_s", count: parameters.edge.count * parameters.edge.servers)
    for server in copy.serverQueues.indices {
      let first = server * parameters.edge.servers
      copy.serverQueues[server] = try Self.queue(
        "server_free_s", Array(servers[first..<first + parameters.edge.servers]), snapshot)
      copy.serverMachines[server].advance(to: copy.now_s, in: copy.world)
    }
    copy.cloudQueue = try Self.queue(
      "cloud_free_s", try snapshot.doubles("cloud_free_s", count: parameters.cloud.servers), snapshot)
    guard let account = FlowAccount(words: try snapshot.uint64s("flow_account")) else {
      throw snapshot.mismatch("flow_account", expected: "the state of an account", found: "other words")
    }
    copy.account = account
    copy.latencies_s.removeAll(keepingCapacity: true)
    copy.latencies_s.append(contentsOf: try snapshot.doubles("latencies_s"))
    copy.tally = HallTally(sums: try snapshot.doubles("tally", count: tally.sums.count))
    for station in copy.stationMachines.indices {
      copy.stationMachines[station].advance(to: copy.now_s, in: copy.world)
    }
    for device in 0..<jobs.devices { copy.ready[device] = copy.readyTask(device) }
    self = copy
  }

  private static func queue(
    _ name: String, _ times: [Double], _ snapshot: Snapshot
  ) throws(SnapshotError) -> ComputeQueue {
    guard let queue = ComputeQueue(freeAt_s: times) else {
      throw snapshot.mismatch(name, expected: "finite times", found: "others")
    }
    return queue
  }

  /// Becomes a copy of a world of the same scenario, without allocating where memory can be reused.
  public mutating func assign(from other: IndustrialHall) {
    precondition(
      rows.count == other.rows.count && jobs.place.count == other.jobs.place.count
        && serverQueues.count == other.serverQueues.count,
      "a hall of \(rows.count) agents cannot become a copy of one of \(other.rows.count)")
    (world, step, walk, isBurst) = (other.world, other.step, other.walk, other.isBurst)
    (reservedShare, monitoredShare, rowsStep) = (other.reservedShare, other.monitoredShare, other.rowsStep)
    links.assign(from: other.links)
    jobs.assign(from: other.jobs)
    uplink.assign(from: other.uplink)
    for loop in 0..<loopCount {
      runs[loop] = other.runs[loop]
      lostShare[loop] = other.lostShare[loop]
      grantedShare[loop] = other.grantedShare[loop]
    }
    for device in 0..<jobs.devices {
      cpu_Hz[device] = other.cpu_Hz[device]
      meanRate_bps[device] = other.meanRate_bps[device]
      deviceFree_s[device] = other.deviceFree_s[device]
      ready[device] = other.ready[device]
    }
    for server in serverQueues.indices {
      serverQueues[server].assign(from: other.serverQueues[server])
      serverMachines[server] = other.serverMachines[server]
    }
    for station in stationMachines.indices { stationMachines[station] = other.stationMachines[station] }
    cloudQueue.assign(from: other.cloudQueue)
    account.assign(from: other.account)
    latencies_s.removeAll(keepingCapacity: true)
    latencies_s.append(contentsOf: other.latencies_s)
    tally = other.tally
    for index in terms.indices { terms[index] = other.terms[index] }
    for agent in rows.indices {
      rows[agent] = other.rows[agent]
      decisions[agent] = other.decisions[agent]
    }
  }
}

extension HallJobs {
  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    isOpen = try snapshot.bools("job_is_open", count: devices)
    arrival_s = try snapshot.doubles("job_arrival_s", count: devices)
    size = try snapshot.doubles("job_size", count: devices)
    latest_s = try snapshot.doubles("job_latest_s", count: devices)
    charged = try snapshot.doubles("job_charged", count: devices)
    energy_J = try snapshot.doubles("job_energy_j", count: devices)
    wired_s = try snapshot.doubles("job_wired_s", count: devices)
    place = try snapshot.int32s("task_place", count: devices * tasks)
    finish_s = try snapshot.doubles("task_finish_s", count: devices * tasks)
    uploading = try snapshot.int32s("uploading", count: devices)
    target = try snapshot.int32s("upload_target", count: devices)
    waitingArrival_s = try snapshot.doubles("waiting_arrival_s", count: devices * capacity)
    waitingSize = try snapshot.doubles("waiting_size", count: devices * capacity)
    waitingFirst = try snapshot.int32s("waiting_first", count: devices)
    waitingCount = try snapshot.int32s("waiting_count", count: devices)
    next = try snapshot.int64s("next_job", count: devices)
    guard
      uploading.allSatisfy({ (-1..<Int32(tasks)).contains($0) }),
      waitingFirst.allSatisfy({ (0..<Int32(capacity)).contains($0) }),
      waitingCount.allSatisfy({ (0...Int32(capacity)).contains($0) }), next.allSatisfy({ $0 >= 0 })
    else { throw snapshot.mismatch("uploading", expected: "jobs of this scenario", found: "others") }
  }
}
