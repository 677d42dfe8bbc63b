public import Snapshots

/// An environment whose episodes are cut short after a number of steps.
///
/// The cut is reported as `truncated`, never as `terminated`: the world goes on, only the episode ends.
public struct TimeLimited<World: Environment>: Environment {
  public typealias Batch = TimeLimitedBatch<World>

  /// The world inside.
  public private(set) var world: World
  /// The number of steps after which an episode is cut.
  public let limit: Int
  /// Steps taken in this episode.
  public private(set) var elapsed: Int
  private let slots: [Int]
  /// Who was there before the step that reaches the limit.
  private var present: [Bool]

  init(_ world: World, limit: Int, elapsed: Int = 0) {
    precondition(limit > 0, "a time limit of \(limit) steps leaves no episode")
    self.world = world
    self.limit = limit
    self.elapsed = elapsed
    slots = world.groups.map(\.count)
    present = [Bool](repeating: false, count: world.agentCount)
  }

  public var groups: [AgentGroup] { world.groups }

  public mutating func reset(seed: UInt64) {
    world.reset(seed: seed)
    elapsed = 0
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    if elapsed + 1 >= limit { notePresent() }
    world.step(actions, outcome: &outcome)
    elapsed += 1
    guard elapsed >= limit, !outcome.episodeOver else { return }
    outcome.episodeOver = true
    for agent in 0..<present.count where present[agent] && !outcome.terminated[agent] {
      outcome.truncated[agent] = true
    }
  }

  private mutating func notePresent() {
    var noted: [Bool] = []
    swap(&noted, &present)
    var first = 0
    for group in 0..<slots.count {
      var all = noted.mutableSpan
      var part = all._mutatingExtracting(first..<first + slots[group])
      world.writeActive(group: group, into: &part)
      first += slots[group]
    }
    swap(&noted, &present)
  }

  public func observe(group: Int, into values: inout MutableSpan<Float>) { world.observe(group: group, into: &values) }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    world.writeActionMask(group: group, into: &mask)
  }

  public func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    world.writeActive(group: group, into: &active)
  }

  public var stateCount: Int { world.stateCount }

  public func state(into values: inout MutableSpan<Float>) { world.state(into: &values) }

  public func idleAction(for agent: Int) -> AgentAction { world.idleAction(for: agent) }

  public mutating func assign(from other: TimeLimited) {
    world.assign(from: other.world)
    elapsed = other.elapsed
  }

  public var rewardTerms: [RewardTerm] { world.rewardTerms }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) { world.writeRewardTerms(into: &values) }

  public func metrics() -> [Metric] { world.metrics() }

  public var recordColumns: [String] { world.recordColumns }

  public func records() -> [[RecordValue]] { world.records() }

  public func brokenInvariants() -> [String] { world.brokenInvariants() }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("elapsed", integer: elapsed)
    snapshot.set("world", world.snapshot())
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let elapsed = try snapshot.integer("elapsed")
    guard (0...limit).contains(elapsed) else {
      throw snapshot.mismatch("elapsed", expected: "a number of steps from 0 to \(limit)", found: "\(elapsed)")
    }
    try world.restore(from: try snapshot.group("world"))
    self.elapsed = elapsed
  }
}

extension Environment {
  /// This environment with its episodes cut after `limit` steps.
  public func timeLimited(to limit: Int) -> TimeLimited<Self> { TimeLimited(self, limit: limit) }
}
