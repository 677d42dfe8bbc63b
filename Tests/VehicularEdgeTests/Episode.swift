import EdgeCloud
import ReinforcementLearning
import Snapshots
import VehicularEdge

/// A row of the rollout's table by the names of its columns.
struct Row {
  private let values: [String: RecordValue]

  init(_ columns: [String], _ row: [RecordValue]) {
    values = Dictionary(uniqueKeysWithValues: zip(columns, row))
  }

  /// A number; not a number where the cell is empty.
  subscript(name: String) -> Double {
    switch values[name] {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: .nan
    }
  }

  /// A word.
  func text(_ name: String) -> String {
    if case .text(let value) = values[name] { value } else { "" }
  }

  var step: Int { Int(self["step"]) }
  var agent: Int { Int(self["agent"]) }
  var target: String { text("target") }
  var fate: String { text("outcome") }
  var action: Int { Int(self["action"]) }
  var isUpload: Bool { target == "edge" || target == "cloud" }
}

/// One step as it was played.
struct Moment {
  /// The state before the step.
  let before: Snapshot
  let active: [Bool]
  let action: JointAction
  let outcome: StepOutcome
  let rows: [Row]
}

/// An episode, played to its end.
struct Episode {
  var world: VehicularOffloading
  var moments: [Moment] = []
  /// What the world said about its own laws, over all steps.
  var brokenInvariants: [String] = []
  /// Σ over steps of the mean reward over active agents.
  var gain = 0.0

  var rows: [Row] { moments.flatMap(\.rows) }

  /// Plays an episode in which a function decides.
  init(
    _ start: VehicularOffloading, seed: UInt64, decide: (VehicularOffloading, inout JointAction) -> Void
  ) {
    world = start
    world.reset(seed: seed)
    let columns = world.recordColumns
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    repeat {
      let before = world.snapshot()
      let active = world.active
      decide(world, &action)
      world.step(action, outcome: &outcome)
      let present = active.count { $0 }
      if present > 0 { gain += outcome.rewards.reduce(0, +) / Double(present) }
      moments.append(
        Moment(
          before: before, active: active, action: action, outcome: outcome,
          rows: world.records().map { Row(columns, $0) }))
      brokenInvariants += world.brokenInvariants()
    } while !outcome.episodeOver
  }

  /// Plays an episode under a controller.
  init<Chooser: Controller<VehicularOffloading>>(_ start: VehicularOffloading, seed: UInt64, _ controller: Chooser) {
    var controller = controller
    controller.begin(seed: seed)
    self.init(start, seed: seed) { world, action in controller.act(in: world, &action) }
  }

  /// Plays an episode under chance that also drops a tenth of the tasks.
  init(carelessly start: VehicularOffloading, seed: UInt64) {
    var chance = RandomController(for: start)
    chance.begin(seed: seed)
    var turn = 0
    self.init(start, seed: seed) { world, action in
      chance.act(in: world, &action)
      for agent in action.discrete.indices {
        turn += 1
        if turn % 10 == 0 { action.discrete[agent] = 0 }
      }
    }
  }
}

extension VehicularOffloading {
  var active: [Bool] {
    var active = [Bool](repeating: false, count: agentCount)
    var span = active.mutableSpan
    writeActive(group: 0, into: &span)
    return active
  }

  /// The observation of every slot.
  var observations: [[Float]] {
    let width = groups[0].observation.count
    var values = [Float](repeating: .nan, count: agentCount * width)
    var span = values.mutableSpan
    observe(group: 0, into: &span)
    return (0..<agentCount).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// What an agent sees in a field.
  func seen(_ field: String, by agent: Int) -> Double {
    guard let index = groups[0].observation.fields.firstIndex(where: { $0.name == field }) else { return .nan }
    return Double(observations[agent][index])
  }

  /// The options that an agent may choose.
  func permitted(_ agent: Int) -> [Int] {
    let count = groups[0].action.maskCount
    var mask = [Bool](repeating: false, count: agentCount * count)
    var span = mask.mutableSpan
    writeActionMask(group: 0, into: &span)
    return (0..<count).filter { mask[agent * count + $0] }
  }

  /// The parts of every agent's last reward, before weights.
  var terms: [[Double]] {
    var values = [Double](repeating: .nan, count: agentCount * rewardTerms.count)
    var span = values.mutableSpan
    writeRewardTerms(into: &span)
    return (0..<agentCount).map { Array(values[$0 * rewardTerms.count..<($0 + 1) * rewardTerms.count]) }
  }

  /// Steps with the given integer, and the given power where actions have one, for each agent.
  @discardableResult
  mutating func play(_ options: [Int32], powers_dBm: [Float] = []) -> StepOutcome {
    var action = JointAction(for: groups)
    for (agent, power) in powers_dBm.enumerated() { action.continuous[agent] = power }
    for (agent, option) in options.enumerated() { action.discrete[agent] = option }
    var outcome = StepOutcome(agents: agentCount)
    step(action, outcome: &outcome)
    return outcome
  }

  /// The last step's rows.
  var rows: [Row] { records().map { Row(recordColumns, $0) } }
}

/// Whether two numbers agree to a part in 10⁹ or to an absolute difference, or both are missing.
func agree(_ a: Double, _ b: Double, within relative: Double = 1e-9, absolute: Double = 0) -> Bool {
  if a.isNaN && b.isNaN { return true }
  return (a - b).magnitude <= max(relative * max(a.magnitude, b.magnitude), absolute)
}
