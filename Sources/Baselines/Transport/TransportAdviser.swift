public import EdgeCloud
public import ReinforcementLearning

/// The optimal transport of all tasks over all computers, as advice to every agent.
///
/// An agent's probability of a choice is that of all options that the choice stands for: with hybrid actions those of one
/// place at all powers. Who has no task is advised what it is permitted, each alike.
public struct TransportAdviser<World: Environment & ComputingView>: Adviser {
  private var allocation: TransportAllocation
  /// The choice that says each option.
  private let choices: [Int]
  /// The number of choices of a decider.
  private let width: Int

  /// Advice for worlds like the given one; nil where actions have no choices.
  public init?(_ settings: TransportAllocation.Settings, for world: World) {
    let choices = world.options.indices.compactMap { world.decision(for: $0).choice.map(Int.init) }
    guard choices.count == world.options.count else { return nil }
    self.choices = choices
    width = world.groups.reduce(0) { $0 + $1.count * $1.action.maskCount } / world.deciderCount
    allocation = TransportAllocation(settings, for: world)
  }

  public func advising(_ world: World) -> TransportAdviser { TransportAdviser(allocation.settings, for: world) ?? self }

  public mutating func advise(in world: borrowing World, into advice: inout MutableSpan<Float>) {
    allocation.allocate(in: world)
    for place in 0..<advice.count { advice[place] = 0 }
    for agent in 0..<world.deciderCount {
      let first = agent * width
      if world.isDeciding(agent) {
        for option in 0..<choices.count {
          advice[first + choices[option]] += Float(allocation.probabilities[agent * choices.count + option])
        }
      } else {
        var permitted: Float = 0
        for option in 0..<choices.count where world.isPermitted(option, for: agent) { permitted += 1 }
        for option in 0..<choices.count where world.isPermitted(option, for: agent) {
          advice[first + choices[option]] += 1 / permitted
        }
      }
    }
  }
}
