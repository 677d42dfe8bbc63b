import ReinforcementLearning
import Snapshots

/// A world whose observations say where they come from: the episode's seed, the step, the slot and its tenant.
///
/// Three slots are let to visitors, who come and go by a rule of seed, slot and step; one resident stays. A
/// visitor's reward is `1000 · action + step`, the resident's `1000 · first + second + step`; the action
/// `step mod 3` is forbidden. An episode of an ending world terminates after ``length(_:)`` steps.
struct TaggedWorld: Environment {
  let ends: Bool
  private(set) var seed: UInt64 = 0
  private(set) var time = 0

  init(ends: Bool) { self.ends = ends }

  /// The steps of an ending episode: 3 ... 9.
  static func length(_ seed: UInt64) -> Int { 3 + Int(seed % 7) }

  /// The number of the visitor who has a slot at a step; nil when the slot is empty.
  ///
  /// Slot 0 passes from one visitor to the next at once, slots 1 and 2 stay empty for one and two steps.
  static func tenant(seed: UInt64, slot: Int, time: Int) -> Int? {
    let stay = 2 + (Int(seed >> 8 & 0xFF) + slot) % 3
    let phase = time + (Int(seed >> 16 & 0xFF) + slot) % 5
    return phase % (stay + slot) < stay ? phase / (stay + slot) : nil
  }

  /// The three numbers that stand for a seed in observations, each exact in a `Float`.
  static func tag(_ seed: UInt64) -> [Float] {
    [Float(seed & 0xFF_FFFF), Float(seed >> 24 & 0xFF_FFFF), Float(seed >> 48)]
  }

  private static let whole = ObservationSpace(
    ["seed_low", "seed_middle", "seed_high", "step", "slot", "tenant"].map {
      ObservationField($0, unit: "1", in: -1...16_777_215, "where the row comes from")
    })

  let groups = [
    AgentGroup(
      name: "visitor", count: 3, observation: TaggedWorld.whole, action: .discrete(labels: ["a", "b", "c"])),
    AgentGroup(
      name: "resident", count: 1,
      observation: ObservationSpace(Array(TaggedWorld.whole.fields[..<4])), action: .box([0...1, 0...1])),
  ]

  mutating func reset(seed: UInt64) {
    self.seed = seed
    time = 0
  }

  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    let over = ends && time + 1 == Self.length(seed)
    for slot in 0..<3 {
      guard let tenant = Self.tenant(seed: seed, slot: slot, time: time) else { continue }
      outcome.rewards[slot] = 1_000 * Double(actions.discrete[slot]) + Double(time)
      outcome.terminated[slot] = over || Self.tenant(seed: seed, slot: slot, time: time + 1) != tenant
    }
    outcome.rewards[3] = 1_000 * Double(actions.continuous[0]) + Double(actions.continuous[1]) + Double(time)
    outcome.terminated[3] = over
    outcome.episodeOver = over
    time += 1
  }

  func observe(group: Int, into values: inout MutableSpan<Float>) {
    let width = groups[group].observation.count
    let tag = Self.tag(seed)
    for slot in 0..<groups[group].count {
      for index in 0..<3 { values[slot * width + index] = tag[index] }
      values[slot * width + 3] = Float(time)
      if group == 1 { continue }
      values[slot * width + 4] = Float(slot)
      values[slot * width + 5] = Float(Self.tenant(seed: seed, slot: slot, time: time) ?? -1)
    }
  }

  func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    for index in 0..<mask.count { mask[index] = index % 3 != time % 3 }
  }

  func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    for slot in 0..<active.count {
      active[slot] = group == 1 || Self.tenant(seed: seed, slot: slot, time: time) != nil
    }
  }

  func idleAction(for agent: Int) -> AgentAction {
    agent < 3 ? AgentAction(discrete: [0]) : AgentAction(continuous: [0, 0])
  }

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
