/// The mean reward over the agents that were there when a step began: what a step adds to an episode's return.
public struct TeamMean: Sendable {
  private let counts: [Int]
  private var active: [Bool]

  /// For worlds like the given one.
  public init<World: Environment>(for world: borrowing World) {
    counts = world.groups.map(\.count)
    active = [Bool](repeating: true, count: counts.reduce(0, +))
  }

  /// Remembers who is there, before a step.
  public mutating func read<World: Environment>(_ world: borrowing World) {
    var first = 0
    for (group, count) in counts.enumerated() {
      var all = active.mutableSpan
      var part = all._mutatingExtracting(first..<first + count)
      world.writeActive(group: group, into: &part)
      first += count
    }
  }

  /// The mean of a step's rewards over those who were there; 0 if nobody was.
  public func mean(_ outcome: borrowing StepOutcome) -> Double {
    var total = 0.0
    var present = 0
    for agent in 0..<active.count where active[agent] {
      total += outcome.rewards[agent]
      present += 1
    }
    return present > 0 ? total / Double(present) : 0
  }
}
