/// The columns of a stored sequence of `length` steps: the recurrent state at its first step, `length + 1`
/// observations and packed masks, and the actions and rewards of the steps between them.
public struct SequenceLayout: Sendable, Equatable {
  /// The steps of a sequence, T, those of a burn-in included.
  public let length: Int
  /// The values of an observation, of an action (integers as numbers, then real numbers), of a recurrent state.
  public let observationCount, actionCount, stateCount: Int
  /// How permitted options are packed.
  public let mask: PackedMask
  /// Where each part of a row lies. `steps` is the number of real steps; `ending` is 0 where the trajectory goes on
  /// after them, 1 where it terminated and 2 where it was truncated.
  let steps, ending, state, observations, masks, actions, rewards: Range<Int>
  /// The number of columns.
  public let width: Int

  /// A layout by its measures.
  public init(length: Int, observations: Int, actions: Int, mask: Int, state: Int) {
    precondition(
      length >= 1 && observations >= 1 && actions >= 1 && state >= 0,
      "sequences of \(length) steps with \(observations) observed values, \(actions) of an action, \(state) of a state")
    self.length = length
    observationCount = observations
    actionCount = actions
    stateCount = state
    self.mask = PackedMask(options: mask)
    var next = 0
    func take(_ count: Int) -> Range<Int> {
      defer { next += count }
      return next..<next + count
    }
    steps = take(1)
    ending = take(1)
    self.state = take(state)
    self.observations = take((length + 1) * observations)
    masks = take((length + 1) * self.mask.columnCount)
    self.actions = take(length * actions)
    rewards = take(length)
    width = next
  }

  /// The memory that a sequence takes.
  public var bytes: Double { Double(width) * 4 }

  /// A name for every column: `observation_3_0` is the first value of the observation before step 3.
  var columnNames: [String] {
    func names(_ name: String, _ columns: Range<Int>, each count: Int) -> [String] {
      (0..<columns.count).map { "\(name)_\($0 / count)_\($0 % count)" }
    }
    return ["steps", "ending"] + state.indices.map { "state_\($0 - state.lowerBound)" }
      + names("observation", observations, each: observationCount)
      + names("mask", masks, each: max(mask.columnCount, 1)) + names("action", actions, each: actionCount)
      + rewards.indices.map { "reward_\($0 - rewards.lowerBound)" }
  }
}
