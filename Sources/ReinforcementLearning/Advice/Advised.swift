public import Snapshots

/// An environment that shows learners, beside what agents see, how a prior would act.
///
/// The world itself is the same, bit for bit: observations, masks, rewards and endings stay, and no policy needs the
/// advice to act. It is there for learning only, in ``VectorFrame/Group/advice``. It goes around all other wrappers, which
/// would hide the advice. A step costs one question to the adviser more. A batch steps one environment after another,
/// whatever batch the world brings.
public struct Advised<Guide: Adviser>: Environment {
  /// The world inside.
  public private(set) var world: Guide.World
  private var guide: Guide
  /// Of all groups, in the order of their masks.
  private var advice: [Float]
  /// Where each group's advice begins.
  private let starts: [Int]

  init(_ world: Guide.World, by guide: Guide) {
    self.world = world
    self.guide = guide
    var starts = [0]
    for group in world.groups { starts.append(starts[starts.count - 1] + group.count * group.action.maskCount) }
    self.starts = starts
    advice = [Float](repeating: 0, count: starts[starts.count - 1])
    ask()
  }

  private mutating func ask() {
    var written: [Float] = []
    swap(&written, &advice)
    do {
      var span = written.mutableSpan
      guide.advise(in: world, into: &span)
    }
    swap(&written, &advice)
  }

  public var groups: [AgentGroup] { world.groups }

  public var isAdvised: Bool { true }

  public func writeAdvice(group: Int, into advice: inout MutableSpan<Float>) {
    let all = self.advice.span
    for place in 0..<advice.count { advice[place] = all[starts[group] + place] }
  }

  public mutating func reset(seed: UInt64) {
    world.reset(seed: seed)
    ask()
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    world.step(actions, outcome: &outcome)
    ask()
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

  public mutating func assign(from other: Advised) {
    world.assign(from: other.world)
    ask()
  }

  public var rewardTerms: [RewardTerm] { world.rewardTerms }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) { world.writeRewardTerms(into: &values) }

  public func returnBound(seed: UInt64) -> Double? { world.returnBound(seed: seed) }

  public func metrics() -> [Metric] { world.metrics() }

  public var recordColumns: [String] { world.recordColumns }

  public func records() -> [[RecordValue]] { world.records() }

  public func brokenInvariants() -> [String] { world.brokenInvariants() }

  /// The snapshot of the world inside: advice follows from it.
  public func snapshot() -> Snapshot { world.snapshot() }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    try world.restore(from: snapshot)
    ask()
  }
}

extension Environment {
  /// This environment with a prior to learn from.
  public func advised<Guide: Adviser>(by guide: Guide) -> Advised<Guide> where Guide.World == Self {
    Advised(self, by: guide)
  }
}
