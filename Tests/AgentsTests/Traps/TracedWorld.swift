import ReinforcementLearning
import Snapshots

/// A world whose observations say where they come from: the episode's seed in three numbers, the step, the agent.
///
/// An episode lasts 2 ... 6 steps; it terminates under an odd seed and is truncated under an even one. Every reward is
/// `agent + 1`.
struct TracedWorld: Environment {
  let groups: [AgentGroup]
  private let count: Int
  private(set) var seed: UInt64 = 0
  private(set) var time = 0

  init(agents: Int) {
    count = agents
    let fields = ["seed_low", "seed_middle", "seed_high", "step", "agent"].map {
      ObservationField($0, unit: "1", in: 0...16_777_215, "where the row comes from")
    }
    groups = [
      AgentGroup(
        name: "walker", count: agents, observation: ObservationSpace(fields), action: .discrete(labels: ["a", "b"]))
    ]
  }

  static func length(_ seed: UInt64) -> Int { 2 + Int((seed >> 8) % 5) }

  /// The three numbers that stand for a seed, each exact in a `Float`.
  static func tag(_ seed: UInt64) -> [Float] {
    [Float(seed & 0xFF_FFFF), Float(seed >> 24 & 0xFF_FFFF), Float(seed >> 48)]
  }

  mutating func reset(seed: UInt64) {
    self.seed = seed
    time = 0
  }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    time += 1
    outcome.episodeOver = time == Self.length(seed)
    for agent in 0..<count {
      outcome.rewards[agent] = Double(agent + 1)
      outcome.terminated[agent] = outcome.episodeOver && seed % 2 == 1
      outcome.truncated[agent] = outcome.episodeOver && seed % 2 == 0
    }
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    let tag = Self.tag(seed)
    for agent in 0..<count {
      for index in 0..<3 { values[5 * agent + index] = tag[index] }
      values[5 * agent + 3] = Float(time)
      values[5 * agent + 4] = Float(agent)
    }
  }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: seed)
    snapshot.set("time", integer: time)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let seed = try snapshot.unsigned("seed")
    time = try snapshot.integer("time")
    self.seed = seed
  }
}
