import EdgeCloud
import Randomness
import ReinforcementLearning
public import Snapshots

/// What a snapshot holds: the seed, from which graph and platform follow, and every placement.
extension WorkflowPlacement {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("placed", integer: placed)
    snapshot.set("node", node)
    snapshot.set("clock", clock)
    snapshot.set("start_s", timeline.start_s)
    snapshot.set("finish_s", timeline.finish_s)
    snapshot.set("totals", [makespan_s, energy_J])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    let placed = try snapshot.integer("placed")
    guard (0...order.count).contains(placed) else {
      throw snapshot.mismatch("placed", expected: "at most \(order.count) tasks", found: "\(placed)")
    }
    copy.reset(seed: try snapshot.unsigned("seed"))
    let nodes = try snapshot.int32s("node", count: order.count)
    let clocks = try snapshot.doubles("clock", count: order.count)
    let start = try snapshot.doubles("start_s", count: order.count)
    let finish = try snapshot.doubles("finish_s", count: order.count)
    for index in 0..<placed {
      let task = copy.order[index]
      guard (0..<Int32(problem.nodes)).contains(nodes[task]) else {
        throw snapshot.mismatch("node", expected: "a node of \(problem.nodes)", found: "\(nodes[task])")
      }
      copy.node[task] = nodes[task]
      copy.clock[task] = clocks[task]
      copy.timeline.place(task, on: Int(nodes[task]), start_s: start[task], finish_s: finish[task])
    }
    copy.takeOver(placed: placed, totals: try snapshot.doubles("totals", count: 2))
    self = copy
  }

  /// Becomes a copy of a world of the same scenario. Only the problem, which never changes in an episode, is shared.
  public mutating func assign(from other: WorkflowPlacement) {
    precondition(
      node.count == other.node.count && parameters.nodes == other.parameters.nodes,
      "\(node.count) tasks on \(parameters.nodes) nodes cannot become a copy of \(other.node.count) on "
        + "\(other.parameters.nodes)")
    share(other)
    timeline.assign(from: other.timeline)
    for task in node.indices {
      node[task] = other.node[task]
      clock[task] = other.clock[task]
    }
    for term in 0..<3 { terms[term] = other.terms[term] }
    (lastTask, lastReward) = (other.lastTask, other.lastReward)
  }
}
