import Randomness
import ReinforcementLearning
import Snapshots
import Synchronization

/// A world in which agents are in each other's way: each pays the number of agents on its road, 0 at home.
///
/// Road 0 is home. The sum of rewards is −Σ n² over the roads' numbers n, plus for every agent a toll that is drawn
/// from the seed at each step. An episode is truncated after `length` steps. Counts how often it is stepped.
struct CrowdedWorld: Environment {
  /// The steps of all copies of a world.
  final class Odometer: Sendable {
    private let steps = Atomic<Int>(0)
    var count: Int { steps.load(ordering: .relaxed) }
    func move() { steps.add(1, ordering: .relaxed) }
  }

  let groups: [AgentGroup]
  let length: Int
  let odometer = Odometer()
  private var seed: UInt64 = 0
  private var time = 0

  init(agents: Int, roads: Int, length: Int = 10) {
    self.length = length
    groups = [
      AgentGroup(
        name: "driver", count: agents,
        observation: ObservationSpace([ObservationField("step", unit: "1", in: 0...Float(length), "steps so far")]),
        action: .discrete(labels: ["home"] + (1...roads).map { "road \($0)" }))
    ]
  }

  /// The toll of a step: a whole number, so that sums of it are exact.
  var toll: Double { Double(WorldDraws(seed: seed).block(.init(rawValue: 1), entity: 0, time: UInt64(time)).0 % 1000) }

  mutating func reset(seed: UInt64) { (self.seed, time) = (seed, 0) }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    odometer.move()
    outcome.clear()
    let toll = toll
    for agent in 0..<groups[0].count {
      let road = actions.discrete[agent]
      outcome.rewards[agent] = -toll
      if road > 0 { outcome.rewards[agent] -= Double(actions.discrete.count { $0 == road }) }
      outcome.truncated[agent] = time + 1 == length
    }
    time += 1
    outcome.episodeOver = time == length
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    for agent in 0..<values.count { values[agent] = Float(time) }
  }

  func idleAction(for agent: Int) -> AgentAction { AgentAction(discrete: [0]) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: seed)
    snapshot.set("time", integer: time)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    (seed, time) = (try snapshot.unsigned("seed"), try snapshot.integer("time"))
  }
}
