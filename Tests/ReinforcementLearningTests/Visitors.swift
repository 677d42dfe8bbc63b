import ReinforcementLearning
import Snapshots

/// The visitors of a ``TaggedWorld`` without the resident: slots that fill and empty, and nothing but choices.
struct Visitors: Environment {
  private var world = TaggedWorld(ends: true)

  var groups: [AgentGroup] { [world.groups[0]] }

  mutating func reset(seed: UInt64) { world.reset(seed: seed) }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    var all = JointAction(for: world.groups)
    for slot in 0..<3 { all.discrete[slot] = actions.discrete[slot] }
    var whole = StepOutcome(agents: 4)
    world.step(all, outcome: &whole)
    for slot in 0..<3 {
      outcome.rewards[slot] = whole.rewards[slot]
      outcome.terminated[slot] = whole.terminated[slot]
      outcome.truncated[slot] = whole.truncated[slot]
    }
    outcome.episodeOver = whole.episodeOver
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) { world.observe(group: 0, into: &values) }

  func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) { world.writeActionMask(group: 0, into: &mask) }

  func writeActive(group: Int, into active: inout MutableSpan<Bool>) { world.writeActive(group: 0, into: &active) }

  func idleAction(for agent: Int) -> AgentAction { world.idleAction(for: agent) }

  func snapshot() -> Snapshot { world.snapshot() }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try world.restore(from: snapshot) }
}
