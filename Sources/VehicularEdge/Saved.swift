import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which movements, tasks and draws follow, and what the decisions have made.
extension VehicularOffloading {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    let links = links.saved
    snapshot.set("link_shadowing", links.shadow)
    snapshot.set("link_line_of_sight", links.clear)
    snapshot.set("link_distance_m", links.distance)
    snapshot.set("link_fading", links.fading)
    snapshot.set("device_cpu_hz", cpu_Hz)
    snapshot.set("device_free_s", deviceFree_s)
    snapshot.set("last_unit", lastUnit)
    snapshot.set("unit_free_s", unitQueues.flatMap(\.freeAt_s))
    let inside = unitTasks.inside(after: now_s)
    snapshot.set("unit_exits_s", inside.exits_s)
    snapshot.set("unit_exits_unit", inside.places)
    snapshot.set("cloud_free_s", cloudQueue.freeAt_s)
    snapshot.set("reported_backlog_s", reportedBacklog_s)
    snapshot.set("reported_cloud_backlog_s", real: reportedCloudBacklog_s)
    snapshot.set("reported_uploads", reportedUploads)
    snapshot.set("reported_interference_w", reportedInterference_W)
    snapshot.set("flow_account", account.words)
    snapshot.set("latencies_s", latencies_s)
    snapshot.set(
      "tally",
      [
        tally.present, tally.arrived, tally.missed, tally.energy_J, tally.onDevice, tally.atEdge, tally.inCloud,
        tally.lost,
      ])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let step = try snapshot.integer("step")
    guard (0...episodeSteps).contains(step) else {
      throw snapshot.mismatch("step", expected: "a step of an episode of \(episodeSteps)", found: "\(step)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    copy.step = step
    let slots = parameters.slots
    let linkCount = slots * links.units
    copy.refresh(isFirst: true)
    copy.links.restore(
      shadow: try snapshot.doubles("link_shadowing", count: linkCount),
      clear: try snapshot.doubles("link_line_of_sight", count: linkCount),
      distance: try snapshot.doubles("link_distance_m", count: linkCount),
      fading: try snapshot.doubles("link_fading", count: linkCount))
    copy.cpu_Hz = try snapshot.doubles("device_cpu_hz", count: slots)
    copy.deviceFree_s = try snapshot.doubles("device_free_s", count: slots)
    copy.lastUnit = try snapshot.int32s("last_unit", count: slots)
    copy.unitQueues = try Self.queues("unit_free_s", units: links.units, parameters.units.servers, snapshot)
    try copy.restoreTasks(from: snapshot)
    copy.cloudQueue = try Self.queues("cloud_free_s", units: 1, parameters.cloud.servers, snapshot)[0]
    copy.reportedBacklog_s = try snapshot.doubles("reported_backlog_s", count: links.units)
    copy.reportedCloudBacklog_s = try snapshot.real("reported_cloud_backlog_s")
    copy.reportedUploads = try snapshot.int32s("reported_uploads", count: links.units)
    for (unit, power_W) in try snapshot.doubles("reported_interference_w", count: links.units).enumerated() {
      copy.report(interference_W: power_W, at: unit)
    }
    guard let account = FlowAccount(words: try snapshot.uint64s("flow_account")) else {
      throw snapshot.mismatch("flow_account", expected: "the state of an account", found: "other words")
    }
    copy.account = account
    copy.latencies_s.append(contentsOf: try snapshot.doubles("latencies_s"))
    let sums = try snapshot.doubles("tally", count: 8)
    copy.tally.present = sums[0]
    copy.tally.arrived = sums[1]
    copy.tally.missed = sums[2]
    copy.tally.energy_J = sums[3]
    copy.tally.onDevice = sums[4]
    copy.tally.atEdge = sums[5]
    copy.tally.inCloud = sums[6]
    copy.tally.lost = sums[7]
    copy.rank()
    self = copy
  }

  /// The tasks at units; none in snapshots from before they were counted.
  private mutating func restoreTasks(from snapshot: Snapshot) throws(SnapshotError) {
    unitTasks.reset()
    guard snapshot.contains("unit_exits_s") else { return }
    let exits = try snapshot.doubles("unit_exits_s")
    let units = try snapshot.int32s("unit_exits_unit", count: exits.count)
    for (exit, unit) in zip(exits, units) { unitTasks.add(place: Int(unit), exit_s: exit, now_s: -.infinity) }
  }

  /// Becomes a copy of a world of the same scenario. Only movements, which never change, are shared with it.
  public mutating func assign(from other: VehicularOffloading) {
    precondition(
      parameters.slots == other.parameters.slots && links.units == other.links.units
        && choices.count == other.choices.count,
      "a world of \(parameters.slots) slots and \(links.units) units cannot become a copy of one of "
        + "\(other.parameters.slots) and \(other.links.units)")
    (world, plan, origin_s, step) = (other.world, other.plan, other.origin_s, other.step)
    links.assign(from: other.links)
    for slot in 0..<parameters.slots {
      waiting[slot] = other.waiting[slot]
      cpu_Hz[slot] = other.cpu_Hz[slot]
      deviceFree_s[slot] = other.deviceFree_s[slot]
      lastUnit[slot] = other.lastUnit[slot]
    }
    for rank in choices.indices { choices[rank] = other.choices[rank] }
    scratch.arrivals.removeAll(keepingCapacity: true)
    scratch.arrivals.append(contentsOf: other.scratch.arrivals)
    for unit in unitQueues.indices {
      unitQueues[unit].assign(from: other.unitQueues[unit])
      reportedBacklog_s[unit] = other.reportedBacklog_s[unit]
      reportedUploads[unit] = other.reportedUploads[unit]
      reportedInterference_W[unit] = other.reportedInterference_W[unit]
      reportedLevel_dBm[unit] = other.reportedLevel_dBm[unit]
    }
    unitTasks.assign(from: other.unitTasks)
    cloudQueue.assign(from: other.cloudQueue)
    reportedCloudBacklog_s = other.reportedCloudBacklog_s
    account.assign(from: other.account)
    latencies_s.removeAll(keepingCapacity: true)
    latencies_s.append(contentsOf: other.latencies_s)
    tally = other.tally
    settled.removeAll(keepingCapacity: true)
    settled.append(contentsOf: other.settled)
    (settledStep, settledTime_s, settledActive) = (other.settledStep, other.settledTime_s, other.settledActive)
  }

  private static func queues(
    _ name: String, units: Int, _ servers: Int, _ snapshot: Snapshot
  ) throws(SnapshotError) -> [ComputeQueue] {
    let times = try snapshot.doubles(name, count: units * servers)
    var queues: [ComputeQueue] = []
    for unit in 0..<units {
      guard let queue = ComputeQueue(freeAt_s: Array(times[unit * servers..<(unit + 1) * servers])) else {
        throw snapshot.mismatch(name, expected: "finite times", found: "others")
      }
      queues.append(queue)
    }
    return queues
  }
}
