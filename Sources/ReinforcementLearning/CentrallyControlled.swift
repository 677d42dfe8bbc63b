public import Snapshots

/// An environment whose agents are all played by one: the centre sees what each of them sees and decides for all.
///
/// The world itself is the same, bit for bit. The centre observes, agent after agent, whether its slot is taken
/// (`vehicle_1.present`) and its observation (`vehicle_1.task_bits`, …); fields of empty slots are 0, or the end of
/// their range nearest to 0. It takes one action for each slot, of which those of empty slots do nothing, and earns the
/// mean reward over the agents that are there: its return is the world's return. Its trajectory ends with the episode,
/// for good if every agent's did so.
public struct CentrallyControlled<World: Environment>: Environment {
  /// The world inside.
  public private(set) var world: World
  public let groups: [AgentGroup]
  public let rewardTerms: [RewardTerm]
  /// The actions of a joint action of the world, whose layout per agent is the centre's.
  private var actions: JointAction
  private var inner: StepOutcome
  /// Who is there, agent after agent.
  private var present: [Bool]
  private var wasPresent: [Bool]
  private let parts: [Part]
  /// For each field of the observation that the centre has of an empty slot.
  private let nothing: [[Float]]
  private let idle: AgentAction

  /// A group's agents and where their observations and masks lie.
  private struct Part: Sendable {
    let agents: Range<Int>
    let width: Int
    let firstOption: Int
    let options: Int
  }

  /// The centre of a world, or nil where one agent cannot say what all of them do: choices and real numbers together,
  /// with more than one choice.
  init?(_ world: World) {
    guard let action = Self.joined(world.groups) else { return nil }
    self.world = world
    actions = JointAction(for: world.groups)
    inner = StepOutcome(agents: world.agentCount)
    present = [Bool](repeating: false, count: world.agentCount)
    wasPresent = present
    rewardTerms = world.rewardTerms
    var parts: [Part] = []
    var fields: [ObservationField] = []
    var (agent, option) = (0, 0)
    var idle = AgentAction()
    for group in world.groups {
      parts.append(
        Part(
          agents: agent..<agent + group.count, width: group.observation.count, firstOption: option,
          options: group.action.maskCount))
      for slot in 1...group.count {
        let name = "\(group.name)_\(slot)"
        fields.append(ObservationField("\(name).present", unit: "1", in: 0...1, "whether the slot is taken"))
        for field in group.observation.fields {
          fields.append(
            ObservationField("\(name).\(field.name)", unit: field.unit, in: field.range, field.meaning))
        }
        let action = world.idleAction(for: agent)
        idle.discrete += action.discrete
        idle.continuous += action.continuous
        agent += 1
      }
      option += group.count * group.action.maskCount
    }
    self.parts = parts
    self.idle = idle
    nothing = world.groups.map { $0.observation.fields.map { min(max(0, $0.range.lowerBound), $0.range.upperBound) } }
    groups = [AgentGroup(name: "centre", count: 1, observation: ObservationSpace(fields), action: action)]
    findPresent()
  }

  /// What one agent decides in place of all.
  private static func joined(_ groups: [AgentGroup]) -> ActionSpace? {
    let each = groups.flatMap { [ActionSpace](repeating: $0.action, count: $0.count) }
    if each.count == 1 { return each[0] }
    let choices = each.flatMap(\.choices)
    let ranges = each.flatMap(\.ranges)
    if ranges.isEmpty { return .multiDiscrete(choices) }
    return choices.isEmpty ? .box(ranges) : nil
  }

  private mutating func findPresent() {
    var found: [Bool] = []
    swap(&found, &present)
    for part in 0..<parts.count {
      var all = found.mutableSpan
      var slots = all._mutatingExtracting(parts[part].agents)
      world.writeActive(group: part, into: &slots)
    }
    swap(&found, &present)
  }

  public mutating func reset(seed: UInt64) {
    world.reset(seed: seed)
    findPresent()
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    for index in 0..<self.actions.discrete.count { self.actions.discrete[index] = actions.discrete[index] }
    for index in 0..<self.actions.continuous.count { self.actions.continuous[index] = actions.continuous[index] }
    swap(&wasPresent, &present)
    world.step(self.actions, outcome: &inner)
    outcome.clear()
    var (total, count, isCut) = (0.0, 0, false)
    for agent in 0..<wasPresent.count where wasPresent[agent] {
      total += inner.rewards[agent]
      count += 1
      if inner.truncated[agent] { isCut = true }
    }
    outcome.rewards[0] = count > 0 ? total / Double(count) : 0
    outcome.episodeOver = inner.episodeOver
    outcome.truncated[0] = inner.episodeOver && (isCut || count == 0)
    outcome.terminated[0] = inner.episodeOver && !outcome.truncated[0]
    findPresent()
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    var place = 0
    for index in 0..<parts.count {
      // The world writes its rows side by side; they are then moved apart, the last first, to make room for `present`.
      let part = parts[index]
      let count = part.agents.count * part.width
      let first = place
      var rows = values._mutatingExtracting(first..<first + count)
      world.observe(group: index, into: &rows)
      for slot in stride(from: part.agents.count - 1, through: 0, by: -1) {
        let from = first + slot * part.width
        let to = first + slot * (part.width + 1)
        let isPresent = present[part.agents.lowerBound + slot]
        for field in stride(from: part.width - 1, through: 0, by: -1) {
          values[to + 1 + field] = isPresent ? values[from + field] : nothing[index][field]
        }
        values[to] = isPresent ? 1 : 0
      }
      place += part.agents.count * (part.width + 1)
    }
  }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    var integer = 0
    for index in 0..<parts.count {
      let part = parts[index]
      var options = mask._mutatingExtracting(part.firstOption..<part.firstOption + part.agents.count * part.options)
      world.writeActionMask(group: index, into: &options)
      for slot in 0..<part.agents.count {
        var first = slot * part.options
        for count in world.groups[index].action.choices {
          permitOne(of: first..<first + count, otherwise: Int(idle.discrete[integer]), in: &options)
          first += count
          integer += 1
        }
      }
    }
  }

  /// An empty slot may have no option; the centre then has the idle one.
  private func permitOne(of options: Range<Int>, otherwise: Int, in mask: inout MutableSpan<Bool>) {
    for option in options where mask[option] { return }
    mask[options.lowerBound + otherwise] = true
  }

  public var stateCount: Int { world.stateCount }

  public func state(into values: inout MutableSpan<Float>) { world.state(into: &values) }

  public func idleAction(for agent: Int) -> AgentAction { idle }

  public mutating func assign(from other: CentrallyControlled) {
    world.assign(from: other.world)
    for agent in 0..<present.count {
      present[agent] = other.present[agent]
      wasPresent[agent] = other.wasPresent[agent]
    }
  }

  /// The mean over those who were there.
  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    let terms = rewardTerms.count
    for term in 0..<terms { values[term] = 0 }
    guard terms > 0 else { return }
    var all = [Double](repeating: 0, count: present.count * terms)
    var span = all.mutableSpan
    world.writeRewardTerms(into: &span)
    var count = 0
    for agent in 0..<wasPresent.count where wasPresent[agent] {
      for term in 0..<terms { values[term] += all[agent * terms + term] }
      count += 1
    }
    if count > 1 { for term in 0..<terms { values[term] /= Double(count) } }
  }

  public func returnBound(seed: UInt64) -> Double? { world.returnBound(seed: seed) }

  public func metrics() -> [Metric] { world.metrics() }

  public var recordColumns: [String] { world.recordColumns }

  public func records() -> [[RecordValue]] { world.records() }

  public func brokenInvariants() -> [String] { world.brokenInvariants() }

  /// The snapshot of the world inside: who plays its agents is no part of its state.
  public func snapshot() -> Snapshot { world.snapshot() }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    try world.restore(from: snapshot)
    findPresent()
  }
}

extension Environment {
  /// This environment with all agents played by one; nil where their actions are choices and real numbers together,
  /// which one action can hold for one agent only.
  public func centrallyControlled() -> CentrallyControlled<Self>? { CentrallyControlled(self) }
}

/// A controller of the agents of a world, as the centre of it.
public struct CentralController<Inner: Controller>: Controller {
  public typealias World = CentrallyControlled<Inner.World>

  private var inner: Inner
  private var decided: JointAction

  /// The centre that decides as a controller does.
  public init(_ inner: Inner, for world: Inner.World) {
    self.inner = inner
    decided = JointAction(for: world.groups)
  }

  public mutating func begin(seed: UInt64) { inner.begin(seed: seed) }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    inner.act(in: world.world, &decided)
    for index in 0..<decided.discrete.count { action.discrete[index] = decided.discrete[index] }
    for index in 0..<decided.continuous.count { action.continuous[index] = decided.continuous[index] }
  }
}
