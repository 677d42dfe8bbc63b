import Randomness
import ReinforcementLearning
import Snapshots

/// Worlds whose action values are known exactly.
///
/// `agents` agents of one group see two fields: what tells them apart (±1) and how far the episode is. What an action
/// earns and when an episode ends is the probe's kind.
struct ProbeWorld: Environment {
  enum Kind: Sendable, Equatable {
    /// Reward 1 for every step, cut after `limit` steps: the value is 1 / (1 − γ) for every limit (trap T1).
    case constant(limit: Int)
    /// One step; the reward is what is seen, whatever is done.
    case seen
    /// Two steps; reward 1 at the end, none before: the values are γ and 1.
    case delayed
    /// One step; reward 1 for the action that matches what is seen, −1 for the other.
    case matching
    /// One step; action 0 would earn 5 and is never permitted, action 1 earns 1, action 2 earns 0.
    case masked
  }

  let kind: Kind
  let count: Int
  private var sight: [Float]
  private var step = 0
  private var world = WorldDraws(seed: 0)

  init(_ kind: Kind, agents: Int = 1) {
    self.kind = kind
    count = agents
    sight = [Float](repeating: 1, count: agents)
  }

  var groups: [AgentGroup] {
    [
      AgentGroup(
        name: "probe", count: count,
        observation: ObservationSpace([
          ObservationField("sight", unit: "1", in: -1...1, "what tells states apart"),
          ObservationField("progress", unit: "1", in: 0...1, "0 at the start, 1 afterwards"),
        ]),
        action: .discrete(labels: kind == .masked ? ["best", "good", "bad"] : ["first", "second"]))
    ]
  }

  mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    step = 0
    for agent in 0..<count {
      sight[agent] = world.uniform(.init(rawValue: 1), entity: UInt64(agent)) < 0.5 ? -1 : 1
    }
    if case .constant = kind { for agent in 0..<count { sight[agent] = 1 } }
    if kind == .delayed { for agent in 0..<count { sight[agent] = 1 } }
  }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    step += 1
    var isOver = true
    if case .constant(let limit) = kind { isOver = step >= limit }
    if kind == .delayed { isOver = step == 2 }
    for agent in 0..<count {
      outcome.rewards[agent] = reward(of: Int(actions.discrete[agent]), agent: agent)
      if case .constant = kind { outcome.truncated[agent] = isOver } else { outcome.terminated[agent] = isOver }
    }
    outcome.episodeOver = isOver
  }

  private func reward(of action: Int, agent: Int) -> Double {
    switch kind {
    case .constant: 1
    case .seen: Double(sight[agent])
    case .delayed: step == 2 ? 1 : 0
    case .matching: (action == 1) == (sight[agent] > 0) ? 1 : -1
    case .masked: [5, 1, 0][action]
    }
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    var isCounting = kind == .delayed
    if case .constant = kind { isCounting = false }
    for agent in 0..<count {
      values[2 * agent] = sight[agent]
      values[2 * agent + 1] = isCounting && step > 0 ? 1 : 0
    }
  }

  func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    for index in 0..<mask.count { mask[index] = kind != .masked || index % 3 != 0 }
  }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: world.seed)
    snapshot.set("step", integer: step)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let step = try snapshot.integer("step")
    reset(seed: try snapshot.unsigned("seed"))
    self.step = step
  }
}
