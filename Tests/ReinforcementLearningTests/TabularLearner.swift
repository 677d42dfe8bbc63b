import Randomness
import ReinforcementLearning
import Snapshots

/// Q-learning with a table, as it should be, or with one flaw.
struct TabularLearner: Learner {
  enum Flaw {
    case none
    /// Takes a time limit for an end.
    case limitIsEnd
    /// Bootstraps from the best of all actions, forbidden or not.
    case valuesForbidden
    /// Explores among all actions.
    case triesForbidden
    /// Leaves its random stream as it is when it is restored.
    case forgetsStream
    /// Takes the first observation of the next episode for the one that follows a truncated step.
    case crossesEpisodes
    /// Bootstraps after an end.
    case endGoesOn
    /// Draws from a source that no seed decides.
    case ownChance
    /// Uses the first environment's rewards for all.
    case mixesRows
    /// Discounts nothing.
    case noDiscount
  }

  let flaw: Flaw
  let actionCount: Int
  let discount: Double
  private var table: [[Float]: [Double]] = [:]
  private var stream: RandomStream
  /// The step that waits for its next observation, where the flaw is to look there too late.
  private var pending: VectorFrame?

  init(_ flaw: Flaw, groups: [AgentGroup], discount: Double, seed: UInt64) {
    self.flaw = flaw
    self.discount = flaw == .noDiscount ? 1 : discount
    actionCount = groups[0].action.maskCount
    stream = RandomStream(seed: flaw == .ownChance ? UInt64.random(in: 0 ... .max) : seed)
  }

  func values(_ observation: [Float]) -> [Double] { table[observation] ?? [Double](repeating: 0, count: actionCount) }

  /// The best permitted action for an observation.
  func greedy(_ observation: [Float], _ mask: ArraySlice<Bool>) -> Int {
    let values = values(observation)
    var best: Int?
    for action in 0..<actionCount where mask[mask.startIndex + action] {
      if best.map({ values[action] > values[$0] }) ?? true { best = action }
    }
    return best ?? 0
  }

  private static func observation(_ values: [Float], _ row: Int, _ part: VectorFrame.Group) -> [Float] {
    let width = part.group.observation.count
    return Array(values[row * width..<(row + 1) * width])
  }

  mutating func act(_ frame: inout VectorFrame, step: Int) {
    if let pending {
      learn(pending, next: frame.groups[0].observations, nextMasks: frame.groups[0].masks)
      self.pending = nil
    }
    let part = frame.groups[0]
    for row in 0..<part.rows {
      let mask = part.masks[row * actionCount..<(row + 1) * actionCount]
      let options = (0..<actionCount).filter { flaw == .triesForbidden || mask[mask.startIndex + $0] }
      let explores = stream.uniform() < 0.5
      let chosen = options[stream.integer(below: options.count)]
      frame.groups[0].actions[row] = Int32(
        explores ? chosen : greedy(Self.observation(part.observations, row, part), mask))
    }
  }

  mutating func record(_ frame: borrowing VectorFrame) {
    if flaw == .crossesEpisodes {
      pending = copy frame
    } else {
      learn(frame, next: frame.groups[0].nextObservations, nextMasks: frame.groups[0].nextMasks)
    }
  }

  private mutating func learn(_ frame: borrowing VectorFrame, next: [Float], nextMasks: [Bool]) {
    let part = frame.groups[0]
    for row in 0..<part.rows where part.active[row] {
      let here = Self.observation(part.observations, row, part)
      let action = Int(part.actions[row])
      var target = part.rewards[flaw == .mixesRows ? 0 : row]
      let ends = flaw != .endGoesOn && part.terminated[row] || flaw == .limitIsEnd && part.truncated[row]
      if !ends {
        let following = values(Self.observation(next, row, part))
        let mask = nextMasks[row * actionCount..<(row + 1) * actionCount]
        let permitted = (0..<actionCount).filter { flaw == .valuesForbidden || mask[mask.startIndex + $0] }
        target += discount * (permitted.map { following[$0] }.max() ?? 0)
      }
      var values = values(here)
      values[action] += 0.2 * (target - values[action])
      table[here] = values
    }
  }

  mutating func update(step: Int, advanced: Int) {}

  mutating func progress(step: Int) -> LearningProgress { LearningProgress(updates: 0, figures: []) }

  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    let keys = table.keys.sorted { $0.lexicographicallyPrecedes($1) }
    snapshot.set("keys", keys.flatMap { $0 })
    snapshot.set("values", keys.flatMap { values($0) })
    if flaw != .forgetsStream { snapshot.set("stream", stream.words) }
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let keys = try snapshot.floats("keys")
    let values = try snapshot.doubles("values")
    if flaw != .forgetsStream, let saved = RandomStream(words: try snapshot.uint64s("stream", count: 8)) {
      stream = saved
    }
    table = [:]
    let count = values.count / actionCount
    for index in 0..<count {
      let width = keys.count / count
      table[Array(keys[index * width..<(index + 1) * width])] = Array(
        values[index * actionCount..<(index + 1) * actionCount])
    }
  }
}

/// Acts as a table says.
struct TabularController: Controller {
  let learner: TabularLearner

  mutating func begin(seed: UInt64) {}

  mutating func act(in world: borrowing KnownAnswerWorld, _ action: inout JointAction) {
    let group = world.groups[0]
    let width = group.observation.count
    var observations = [Float](repeating: 0, count: group.count * width)
    var masks = [Bool](repeating: true, count: group.count * group.action.maskCount)
    var span = observations.mutableSpan
    world.observe(group: 0, into: &span)
    var maskSpan = masks.mutableSpan
    world.writeActionMask(group: 0, into: &maskSpan)
    for agent in 0..<group.count {
      let options = agent * group.action.maskCount..<(agent + 1) * group.action.maskCount
      action.discrete[agent] = Int32(
        learner.greedy(Array(observations[agent * width..<(agent + 1) * width]), masks[options]))
    }
  }
}
