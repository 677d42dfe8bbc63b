/// The columns of a transition in a replay matrix.
public struct TransitionLayout: Sendable, Equatable {
  /// Where each part of a row lies. `discount` is γᵏ, by which the value of the state k steps later counts;
  /// `nextMask` is packed, see ``mask``.
  public let observation, actions, reward, discount, terminated, truncated, nextObservation, nextMask: Range<Int>
  /// How the following state's permitted options are packed.
  public let mask: PackedMask
  /// The number of columns.
  public let width: Int

  /// The layout for observations of `observations` values, actions of `actions` values (integers are stored as
  /// numbers, exact up to 2²⁴) and masks of `mask` options for the following state.
  public init(observations: Int, actions: Int, mask: Int) {
    precondition(
      observations >= 1 && actions >= 1, "a transition of \(observations) observed values and \(actions) of an action")
    var next = 0
    func take(_ count: Int) -> Range<Int> {
      defer { next += count }
      return next..<next + count
    }
    self.mask = PackedMask(options: mask)
    observation = take(observations)
    self.actions = take(actions)
    reward = take(1)
    discount = take(1)
    terminated = take(1)
    truncated = take(1)
    nextObservation = take(observations)
    nextMask = take(self.mask.columnCount)
    width = next
  }

  /// The layout of the transitions of a group's agents: integers of an action first, then its real numbers.
  public init(of group: AgentGroup) {
    self.init(
      observations: group.observation.count, actions: group.action.discreteCount + group.action.continuousCount,
      mask: group.action.maskCount)
  }

  /// The parts with their names, in the order of the columns.
  var parts: [(name: String, columns: Range<Int>)] {
    [
      ("observation", observation), ("actions", actions), ("reward", reward), ("discount", discount),
      ("terminated", terminated), ("truncated", truncated), ("next_observation", nextObservation),
      ("next_mask", nextMask),
    ]
  }

  /// A name for every column: `observation_0`, `reward`.
  var columnNames: [String] {
    parts.flatMap { part in
      switch part.name {
      case "reward", "discount", "terminated", "truncated": [part.name]
      default: part.columns.indices.map { "\(part.name)_\($0 - part.columns.lowerBound)" }
      }
    }
  }
}
