import ReinforcementLearning
import Snapshots

/// The two-step game of T. Rashid et al. 2018, section 5 and table 1: two agents, two actions.
///
/// In the first state the first agent's action leads to the state 2A or 2B and earns nothing. In 2A everything earns
/// 7; in 2B one agent's and the other's action earn [[0, 1], [1, 8]]. Both agents get the reward and see the state.
struct TwoStepGame: Environment {
  let groups = [
    AgentGroup(
      name: "player", count: 2,
      observation: ObservationSpace(
        ["first", "safe", "risky"].map { ObservationField($0, unit: "1", in: 0...1, "1 in this state") }),
      action: .discrete(labels: ["A", "B"]))
  ]
  static let payoff = [[0.0, 1], [1, 8]]
  private var place = 0

  mutating func reset(seed: UInt64) { place = 0 }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    let (first, second) = (Int(actions.discrete[0]), Int(actions.discrete[1]))
    if place == 0 {
      place = 1 + first
      return
    }
    let reward = place == 1 ? 7 : Self.payoff[first][second]
    for agent in 0..<2 {
      outcome.rewards[agent] = reward
      outcome.terminated[agent] = true
    }
    outcome.episodeOver = true
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    for agent in 0..<2 {
      for state in 0..<3 { values[3 * agent + state] = state == place ? 1 : 0 }
    }
  }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("place", integer: place)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { place = try snapshot.integer("place") }
}
