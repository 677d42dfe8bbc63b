public import Configuration
import Agents
import Randomness
public import ReinforcementLearning
public import Snapshots

/// `reward-poisoning`: the learner is told other rewards than the world gave, by who need not know what is good.
///
/// Keys: `mode`, `negate` or `shuffle`; with `negate`, `scale` s, more than 0 and at most 1e6, by default 1: r ← −s · r;
/// with `shuffle`, `memory` m, 2 to 1,000,000, by default 1000: each reward is exchanged for one drawn evenly from the
/// last ones. A group of agents has m places; while they fill up, a reward takes the next place and one of all taken is
/// told; then one of the m is told, and the new reward takes its place. So the rewards that are told are the world's, in
/// the same proportions, and say nothing of the actions.
///
/// Only agents that are there are told anything. What selection and evaluation see is untouched.
///
/// Source of poisoned rewards: Y. Ma et al., "Policy poisoning in batch reinforcement learning and control", NeurIPS
/// 2019; these two need no model of the world.
public struct RewardPoisoning: Attack {
  public static let name = "reward-poisoning"
  public static let summary = "rewards turned about or exchanged for past ones before the learner sees them"

  private enum Mode: String, CaseIterable {
    case negate
    case shuffle
  }

  private let mode: Mode
  private let scale: Double
  private let memory: Int
  private var stream = RandomStream(seed: 0)
  /// Past rewards, for each group.
  private var past: [[Double]] = []

  public init(from mapping: inout ConfigurationMapping) throws(ConfigurationError) {
    mode = try mapping.choice("mode")
    scale = mode == .negate ? try mapping.number("scale", in: .positive.to(1e6), default: 1) : 1
    memory = mode == .shuffle ? try mapping.integer("memory", in: 2...1_000_000, default: 1000) : 0
  }

  public mutating func begin(seed: UInt64) {
    stream = RandomStream(seed: seed)
    past = []
  }

  public mutating func corrupt(outcomes frame: inout VectorFrame) {
    if mode == .shuffle && past.isEmpty { past = frame.groups.map { _ in [] } }
    var stream = stream
    for group in 0..<frame.groups.count {
      for row in 0..<frame.groups[group].rows where frame.groups[group].active[row] {
        let reward = frame.groups[group].rewards[row]
        frame.groups[group].rewards[row] =
          mode == .negate ? -scale * reward : Self.exchange(reward, in: &past[group], of: memory, using: &stream)
      }
    }
    self.stream = stream
  }

  private static func exchange(
    _ reward: Double, in past: inout [Double], of memory: Int, using stream: inout RandomStream
  ) -> Double {
    if past.count < memory {
      past.append(reward)
      return past[stream.integer(below: past.count)]
    }
    let place = stream.integer(below: memory)
    defer { past[place] = reward }
    return past[place]
  }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("stream", stream.words)
    for (group, rewards) in past.enumerated() { snapshot.set("past-\(group)", rewards) }
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let stream = try snapshot.stream("stream")
    var past: [[Double]] = []
    while snapshot.contains("past-\(past.count)") {
      let rewards = try snapshot.doubles("past-\(past.count)")
      guard rewards.count <= memory else {
        throw snapshot.mismatch(
          "past-\(past.count)", expected: "at most \(memory) rewards", found: "\(rewards.count)")
      }
      past.append(rewards)
    }
    (self.stream, self.past) = (stream, past)
  }
}
