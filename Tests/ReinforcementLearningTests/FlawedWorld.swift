import Randomness
import ReinforcementLearning
import Snapshots
import Synchronization

/// A small world that keeps every promise, or breaks the one it is told to break.
///
/// A level wanders by chance and by what two walkers do; a valve has a box to choose from. The second walker is
/// away at every fourth step, the option "down" is forbidden at odd steps, and after twelve steps all is over.
struct FlawedWorld: Environment {
  /// Promises that can be broken.
  enum Flaw: Sendable, CaseIterable {
    case none, seedIgnored, levelLeaks, pastLeaksLate, observationOutOfRange, observationUnwritten, emptyMask
    case inactiveRewarded, inactiveEnded, sharedMemory, wrongAssign, wrongRestore, partialSnapshot, throwingRestore
    case bothFlags, silentEnd, rewardNotANumber, brokenInvariant, staleOutcome, idleShape, sameGroupNames
    case sameFieldNames, noFields, emptyGroup, noGroups
  }

  /// Memory that copies have in common, as those of a class would.
  final class Shared: Sendable {
    let level = Mutex(0.0)
  }

  static let length = 12

  let flaw: Flaw
  let groups: [AgentGroup]
  private var seed: UInt64 = 0
  private var time = 0
  private var level = 0.0
  private var episodes = 0
  private var ownStream = RandomStream(seed: 99)
  private let shared = Shared()

  init(_ flaw: Flaw) {
    self.flaw = flaw
    let level = ObservationField("level", unit: "m", in: -10...10, "how high it stands")
    let time = ObservationField("time", unit: "1", in: 0...1, "share of the episode")
    let walkers = ObservationSpace(flaw == .sameFieldNames ? [level, level] : [level, time])
    var groups = [
      AgentGroup(
        name: "walker", count: 2, observation: walkers, action: .discrete(labels: ["up", "stay", "down"])),
      AgentGroup(
        name: flaw == .sameGroupNames ? "walker" : "valve", count: 1, observation: ObservationSpace([level]),
        action: .box([-1...1])),
    ]
    switch flaw {
    case .noFields:
      groups.append(
        AgentGroup(name: "blind", count: 1, observation: ObservationSpace([]), action: .box([0...1])))
    case .emptyGroup:
      groups.append(
        AgentGroup(name: "nobody", count: 0, observation: ObservationSpace([level]), action: .box([0...1])))
    case .noGroups: groups = []
    default: break
    }
    self.groups = groups
  }

  private func isActive(_ slot: Int, at time: Int) -> Bool { slot == 0 || time % 4 != 3 }

  private var shown: Double { flaw == .sharedMemory ? shared.level.withLock { $0 } : level }

  mutating func reset(seed: UInt64) {
    self.seed = seed
    time = 0
    episodes += 1
    var stream = RandomStream(seed: seed)
    let drawn = flaw == .seedIgnored ? ownStream.uniform(in: -1..<1) : stream.uniform(in: -1..<1)
    level = flaw == .levelLeaks ? level / 2 + drawn : drawn
    shared.level.withLock { $0 = level }
  }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    if flaw == .noGroups {
      outcome.episodeOver = true
      return
    }
    if flaw != .staleOutcome { outcome.clear() }
    var change = WorldDraws(seed: seed).uniform(.init(rawValue: 1), entity: 0, time: UInt64(time)) - 0.5
    for slot in 0..<2 where isActive(slot, at: time) { change += 0.1 * Double(1 - actions.discrete[slot]) }
    change += 0.1 * Double(actions.continuous[0])
    level = min(10, max(-10, level + change))
    shared.level.withLock { $0 = level }
    time += 1
    if flaw == .pastLeaksLate && time == 8 { level += 0.01 * Double(episodes) }
    write(&outcome)
  }

  private func write(_ outcome: inout StepOutcome) {
    let over = time == Self.length
    for agent in 0..<outcome.rewards.count {
      if !isActive(agent == 1 ? 1 : 0, at: time - 1) { continue }
      if flaw != .staleOutcome || time < 3 { outcome.rewards[agent] = level }
      outcome.terminated[agent] = agent == 1 && !isActive(1, at: time)
      outcome.truncated[agent] = over && !outcome.terminated[agent] && flaw != .silentEnd
    }
    outcome.episodeOver = over
    switch flaw {
    case .inactiveRewarded where time % 4 == 0: outcome.rewards[1] = 1
    case .inactiveEnded where time % 4 == 0: outcome.terminated[1] = true
    case .bothFlags where over: outcome.terminated[0] = true
    case .rewardNotANumber where time == 5: outcome.rewards[0] = .nan
    default: break
    }
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    if groups[group].observation.count == 0 { return }
    if groups[group].observation.count == 1 {
      for index in 0..<values.count { values[index] = Float(shown) }
      return
    }
    for slot in 0..<2 {
      values[2 * slot] = flaw == .observationOutOfRange && time == 5 ? 10.5 : Float(shown)
      if flaw == .observationUnwritten && time == 6 && slot == 0 { continue }
      values[2 * slot + 1] = Float(time) / Float(Self.length)
    }
  }

  func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    for index in 0..<mask.count {
      mask[index] = (index % 3 != 2 || time % 2 == 0) && !(flaw == .emptyMask && time == 6 && index < 3)
    }
  }

  func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    for slot in 0..<active.count { active[slot] = group != 0 || isActive(slot, at: time) }
  }

  func idleAction(for agent: Int) -> AgentAction {
    let isWalker = agent < 2
    if flaw == .idleShape && agent == 1 { return AgentAction() }
    return isWalker ? AgentAction(discrete: [1]) : AgentAction(continuous: [0])
  }

  mutating func assign(from other: FlawedWorld) {
    let old = level
    self = other
    if flaw == .wrongAssign { level = old }
  }

  func brokenInvariants() -> [String] {
    flaw == .brokenInvariant && time == 4 ? ["the water in and out differ by 2 litres"] : []
  }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("seed", unsigned: seed)
    snapshot.set("time", integer: time)
    if flaw != .partialSnapshot { snapshot.set("level", real: level) }
    snapshot.set("episodes", integer: episodes)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    if flaw == .throwingRestore { throw snapshot.mismatch("seed", expected: "another", found: "this") }
    seed = try snapshot.unsigned("seed")
    time = try snapshot.integer("time")
    if flaw != .partialSnapshot { level = try snapshot.real("level") }
    if flaw == .wrongRestore { level = 0 }
    episodes = try snapshot.integer("episodes")
    shared.level.withLock { $0 = level }
  }
}
