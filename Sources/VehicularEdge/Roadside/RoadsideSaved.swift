import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which movements, tasks and links follow, and what the decisions have made.
extension RoadsideOffloading {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    snapshot.set("node_free_s", servers.map(\.freeAt_s))
    snapshot.set("cloud_free_s", cloudQueue.freeAt_s)
    snapshot.set("flow_account", account.words)
    snapshot.set("latencies_s", latencies_s)
    snapshot.set(
      "tally",
      [
        tally.arrived, tally.inTime, tally.energy_J, tally.counted_s, tally.atOwn, tally.atOther, tally.inCloud,
        tally.lost, tally.unserved,
      ])
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
    copy.refresh()
    let free_s = try snapshot.doubles("node_free_s", count: nodes)
    guard free_s.allSatisfy(\.isFinite) else {
      throw snapshot.mismatch("node_free_s", expected: "finite times", found: "others")
    }
    copy.servers = free_s.map { ShareServer(freeAt_s: $0) }
    guard let cloud = ComputeQueue(freeAt_s: try snapshot.doubles("cloud_free_s", count: parameters.cloud.servers))
    else { throw snapshot.mismatch("cloud_free_s", expected: "finite times", found: "others") }
    copy.cloudQueue = cloud
    guard let account = FlowAccount(words: try snapshot.uint64s("flow_account")) else {
      throw snapshot.mismatch("flow_account", expected: "the state of an account", found: "other words")
    }
    copy.account = account
    copy.latencies_s.append(contentsOf: try snapshot.doubles("latencies_s"))
    let sums = try snapshot.doubles("tally", count: 9)
    copy.tally = Tally(
      arrived: sums[0], inTime: sums[1], energy_J: sums[2], counted_s: sums[3], atOwn: sums[4], atOther: sums[5],
      inCloud: sums[6], lost: sums[7], unserved: sums[8])
    self = copy
  }

  /// Becomes a copy of a world of the same scenario. Only movements, which never change, are shared with it.
  public mutating func assign(from other: RoadsideOffloading) {
    precondition(
      nodes == other.nodes && uplink.members.count == other.uplink.members.count,
      "a world of \(nodes) nodes and \(uplink.members.count) seats cannot become a copy of one of \(other.nodes) and "
        + "\(other.uplink.members.count)")
    (world, plan, step) = (other.world, other.plan, other.step)
    uplink.assign(from: other.uplink)
    for node in 0..<nodes {
      clock_Hz[node] = other.clock_Hz[node]
      servers[node] = other.servers[node]
      settledTasks[node] = other.settledTasks[node]
    }
    cloudQueue.assign(from: other.cloudQueue)
    account.assign(from: other.account)
    latencies_s.removeAll(keepingCapacity: true)
    latencies_s.append(contentsOf: other.latencies_s)
    tally = other.tally
    settled.removeAll(keepingCapacity: true)
    settled.append(contentsOf: other.settled)
    settledStep = other.settledStep
  }
}
