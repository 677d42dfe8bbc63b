import IndustrialEdge
import ReinforcementLearning

/// All rules of a hall, by name.
let hallRules: [(name: String, make: @Sendable (IndustrialHall) -> HallRule)] = [
  ("local", { HallRule(.local, for: $0) }), ("edge", { HallRule(.edge, for: $0) }),
  ("cloud", { HallRule(.cloud, for: $0) }), ("round-robin", { HallRule(.roundRobin, for: $0) }),
  ("least-loaded", { HallRule(.leastLoaded, for: $0) }), ("greedy", { HallRule(.earliestFinish, for: $0) }),
  ("edf", { HallRule(.earliestDeadlineFirst, for: $0) }), ("energy-greedy", { HallRule(.leastEnergy, for: $0) }),
  ("selfish", { HallRule(.earliestFinish, robustness: .selfish, for: $0) }),
  ("robust", { HallRule(.earliestFinish, robustness: .most, for: $0) }),
  ("frugal", { HallRule(.earliestFinish, robustness: .least, for: $0) }),
]

/// An episode played to its end: its return, every row by column, and the sentences about laws that broke.
struct HallEpisode {
  var total = 0.0
  var rows: [[String: RecordValue]] = []
  var broken: [String] = []
  var world: IndustrialHall

  init<Rule: Controller<IndustrialHall>>(
    _ start: IndustrialHall, seed: UInt64, _ controller: Rule, keepsRows: Bool = false
  ) {
    world = start
    world.reset(seed: seed)
    var controller = controller
    controller.begin(seed: seed)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    let columns = world.recordColumns
    repeat {
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      total += outcome.rewards.reduce(0, +) / Double(outcome.rewards.count)
      if broken.isEmpty { broken = world.brokenInvariants() }
      if keepsRows {
        for record in world.records() { rows.append(Dictionary(uniqueKeysWithValues: zip(columns, record))) }
      }
    } while !outcome.episodeOver
  }

  func metric(_ name: String) -> Double? { world.metrics().first { $0.name == name }?.value }
}

extension RecordValue {
  /// The number in a cell; not a number where there is none.
  var number: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .text: .nan
    }
  }

  /// The word in a cell.
  var word: String { if case .text(let word) = self { word } else { "" } }
}
