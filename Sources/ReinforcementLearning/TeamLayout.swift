/// The columns of a team's transition in a replay matrix: one step of one environment with all its agents.
public struct TeamLayout: Sendable, Equatable {
  /// Where the parts of a group lie, slot after slot within each part.
  public struct Group: Sendable, Equatable {
    /// The number of slots.
    public let count: Int
    /// The number of values in one slot's observation.
    public let observationCount: Int
    /// The number of choices in one slot's action.
    public let choiceCount: Int
    /// How one slot's following permitted options are packed.
    public let mask: PackedMask
    /// `active` is 1 for a slot that acted in the step, `remaining` 1 for one whose trajectory goes on behind it.
    /// Observations of slots that did not act, and following ones of those that do not remain, are zeros.
    public let observations, choices, active, nextObservations, nextMasks, remaining: Range<Int>

    /// The columns of a part that belong to some slots.
    public func columns(of slots: Range<Int>, in part: Range<Int>) -> Range<Int> {
      let width = part.count / count
      return part.lowerBound + slots.lowerBound * width..<part.lowerBound + slots.upperBound * width
    }
  }

  /// The groups' parts, in the order of the world's groups.
  public let groups: [Group]
  /// The team's reward; 1 where nobody remains; 1 where the episode was cut short.
  public let reward, terminated, truncated: Range<Int>
  /// The number of columns.
  public let width: Int

  /// The layout for some groups, whose actions are stored as so many choices each.
  public init(_ groups: [AgentGroup], choices: [Int]) {
    precondition(groups.count == choices.count && !groups.isEmpty, "choices \(choices) for \(groups.count) groups")
    var next = 0
    func take(_ count: Int) -> Range<Int> {
      defer { next += count }
      return next..<next + count
    }
    self.groups = zip(groups, choices).map { group, choices in
      let mask = PackedMask(options: group.action.maskCount)
      let values = group.count * group.observation.count
      return Group(
        count: group.count, observationCount: group.observation.count, choiceCount: choices, mask: mask,
        observations: take(values), choices: take(group.count * choices), active: take(group.count),
        nextObservations: take(values), nextMasks: take(group.count * mask.columnCount),
        remaining: take(group.count))
    }
    reward = take(1)
    terminated = take(1)
    truncated = take(1)
    width = next
  }

  /// A name for every column: `0_observations_0`, `reward`; the first number is the group's.
  var columnNames: [String] {
    groups.enumerated().flatMap { index, group in
      [
        ("observations", group.observations), ("choices", group.choices), ("active", group.active),
        ("next_observations", group.nextObservations), ("next_masks", group.nextMasks),
        ("remaining", group.remaining),
      ].flatMap { name, columns in columns.indices.map { "\(index)_\(name)_\($0 - columns.lowerBound)" } }
    } + ["reward", "terminated", "truncated"]
  }
}
