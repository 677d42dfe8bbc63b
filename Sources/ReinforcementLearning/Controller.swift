import Randomness

/// Whatever decides for all agents of a world: a rule, a trained policy, chance.
public protocol Controller<World>: Sendable {
  /// The kind of world that it can act in.
  associatedtype World: Environment

  /// Begins an episode; all randomness of the controller follows from the seed.
  mutating func begin(seed: UInt64)

  /// Writes the actions of all active agents.
  mutating func act(in world: borrowing World, _ action: inout JointAction)

  /// Is told what came of the actions, for controllers that remember; most need not know.
  mutating func note(_ outcome: borrowing StepOutcome)
}

extension Controller {
  public mutating func note(_ outcome: borrowing StepOutcome) {}
}

/// Uniform over the permitted options and over each range of a box: the zero point of normalised scores.
public struct RandomController<World: Environment>: Controller {
  private var stream: RandomStream
  private var mask: [Bool]

  /// A controller for worlds like the given one.
  public init(for world: World) {
    stream = RandomStream(seed: 0)
    mask = [Bool](repeating: true, count: world.groups.map { $0.count * $0.action.maskCount }.max() ?? 0)
  }

  public mutating func begin(seed: UInt64) { stream = RandomStream(seed: seed).split(0x72616E64) }

  public mutating func act(in world: borrowing World, _ action: inout JointAction) {
    for (index, group) in world.groups.enumerated() {
      let masks = group.count * group.action.maskCount
      var allSpan = mask.mutableSpan
      var span = allSpan._mutatingExtracting(0..<masks)
      if masks > 0 { world.writeActionMask(group: index, into: &span) }
      for slot in 0..<group.count { choose(slot, of: group, at: index, &action) }
    }
  }

  private mutating func choose(_ slot: Int, of group: AgentGroup, at index: Int, _ action: inout JointAction) {
    let integers = action.discreteStart[index] + slot * group.action.discreteCount
    let reals = action.continuousStart[index] + slot * group.action.continuousCount
    let first = slot * group.action.maskCount
    switch group.action {
    case .discrete(let labels):
      action.discrete[integers] = permitted(first..<first + labels.count)
    case .multiDiscrete(let options):
      var start = first
      for (choice, count) in options.enumerated() {
        action.discrete[integers + choice] = permitted(start..<start + count)
        start += count
      }
    case .box(let ranges):
      draw(ranges, into: &action.continuous, at: reals)
    case .hybrid(let labels, let ranges):
      action.discrete[integers] = permitted(first..<first + labels.count)
      draw(ranges, into: &action.continuous, at: reals)
    }
  }

  private mutating func permitted(_ options: Range<Int>) -> Int32 {
    var count = 0
    for option in options where mask[option] { count += 1 }
    guard count > 0 else { return 0 }
    var chosen = stream.integer(below: count)
    for option in options where mask[option] {
      if chosen == 0 { return Int32(option - options.lowerBound) }
      chosen -= 1
    }
    return 0
  }

  private mutating func draw(_ ranges: [ClosedRange<Float>], into values: inout [Float], at start: Int) {
    for (index, range) in ranges.enumerated() {
      values[start + index] = range.lowerBound + (range.upperBound - range.lowerBound) * Float(stream.uniform())
    }
  }
}
