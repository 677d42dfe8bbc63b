public import Snapshots

/// An environment whose agents see only some of the fields.
///
/// The world itself is the same, bit for bit: rewards, endings, masks and the state for a central critic stay. What
/// the hidden fields would tell must be remembered or inferred from a sequence of observations.
public struct PartlyObserved<World: Environment>: Environment {
  public typealias Batch = PartlyObservedBatch<World>

  /// The world inside.
  public private(set) var world: World
  /// The groups as their agents see the world.
  public let groups: [AgentGroup]
  /// Which of each group's fields are seen, in their order; nil where all are.
  let places: [[Int]]?
  /// All observations of the world as it is now, group after group; empty where all fields are seen.
  private var whole: [Float]
  /// Where each group's observations lie in ``whole``.
  private let parts: [Range<Int>]

  init(_ world: World, fields names: [String]?) {
    let all = world.groups
    let shown = names ?? all.flatMap { $0.observation.fields.map(\.name) }
    for name in shown {
      let isKnown = all.contains { $0.observation.fields.contains { $0.name == name } }
      precondition(isKnown, "no group has a field \(name)")
    }
    let places = all.map { group in
      group.observation.fields.indices.filter { shown.contains(group.observation.fields[$0].name) }
    }
    groups = zip(all, places).map { group, places in
      precondition(!places.isEmpty, "agents of \(group.name) see none of \(shown)")
      return AgentGroup(
        name: group.name, count: group.count,
        observation: ObservationSpace(places.map { group.observation.fields[$0] }), action: group.action)
    }
    var end = 0
    parts = all.map { group in
      defer { end += group.count * group.observation.count }
      return end..<end + group.count * group.observation.count
    }
    self.world = world
    self.places = groups == all ? nil : places
    whole = [Float](repeating: 0, count: groups == all ? 0 : end)
    look()
  }

  /// This view of another world of the same make.
  func showing(_ world: World) -> PartlyObserved {
    var copy = self
    copy.world = world
    copy.look()
    return copy
  }

  private mutating func look() {
    guard places != nil else { return }
    var seen: [Float] = []
    swap(&seen, &whole)
    for group in 0..<parts.count {
      var all = seen.mutableSpan
      var part = all._mutatingExtracting(parts[group])
      world.observe(group: group, into: &part)
    }
    swap(&seen, &whole)
  }

  public mutating func reset(seed: UInt64) {
    world.reset(seed: seed)
    look()
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    world.step(actions, outcome: &outcome)
    look()
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) {
    guard let places else { return world.observe(group: group, into: &values) }
    let fields = places[group]
    let rows = 0..<groups[group].count
    copyFields(fields.span, ofRows: rows, from: whole.span.extracting(parts[group]), to: &values)
  }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    world.writeActionMask(group: group, into: &mask)
  }

  public func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    world.writeActive(group: group, into: &active)
  }

  public var stateCount: Int { world.stateCount }

  public func state(into values: inout MutableSpan<Float>) { world.state(into: &values) }

  public func idleAction(for agent: Int) -> AgentAction { world.idleAction(for: agent) }

  public mutating func assign(from other: PartlyObserved) {
    world.assign(from: other.world)
    look()
  }

  public var rewardTerms: [RewardTerm] { world.rewardTerms }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) { world.writeRewardTerms(into: &values) }

  public func returnBound(seed: UInt64) -> Double? { world.returnBound(seed: seed) }

  public func metrics() -> [Metric] { world.metrics() }

  public var recordColumns: [String] { world.recordColumns }

  public func records() -> [[RecordValue]] { world.records() }

  public func brokenInvariants() -> [String] { world.brokenInvariants() }

  /// The snapshot of the world inside: what agents see is no part of the world's state.
  public func snapshot() -> Snapshot { world.snapshot() }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    try world.restore(from: snapshot)
    look()
  }
}

extension Environment {
  /// This environment with observations of only the named fields, in the world's order; nil shows all.
  ///
  /// Every name is a field of at least one group, and every group keeps at least one field.
  public func observing(only names: [String]?) -> PartlyObserved<Self> { PartlyObserved(self, fields: names) }
}

/// Copies some fields of rows of whole observations into rows of their own.
func copyFields(
  _ places: Span<Int>, ofRows rows: Range<Int>, from whole: Span<Float>, to seen: inout MutableSpan<Float>
) {
  guard !rows.isEmpty else { return }
  let width = whole.count / (seen.count / places.count)
  for row in rows {
    for field in 0..<places.count { seen[row * places.count + field] = whole[row * width + places[field]] }
  }
}
