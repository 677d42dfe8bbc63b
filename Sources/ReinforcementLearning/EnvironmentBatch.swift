/// All environments of a vectorised run, stepped together from and into the arrays of a frame.
///
/// The default of every world is ``LoopedBatch``, which steps one environment after another. A world whose arithmetic
/// can be done for many environments at once brings a batch of its own; both must agree to the bit.
///
/// A batch copies as a value, and a step does not allocate. What never changes (the active flags of a fixed
/// population, the masks of a world that forbids nothing) is written when an episode begins and left alone
/// afterwards.
public protocol EnvironmentBatch<World>: Sendable {
  /// The kind of the environments.
  associatedtype World: Environment

  /// `count` copies of an environment.
  init(_ world: World, count: Int)

  /// The number of environments.
  var count: Int { get }

  /// One environment as a value by itself.
  subscript(index: Int) -> World { get set }

  /// Steps every environment with the frame's actions. Writes rewards, terminated, truncated, next observations, next
  /// masks and `episodeOver` of all rows; the frame's active flags still say who was there before the step.
  mutating func step(_ frame: inout VectorFrame)

  /// Begins an episode in each of the listed environments, with the seed at the same place of the other list. Writes
  /// their present observations, masks and active flags.
  mutating func reset(_ indices: Span<Int>, seeds: Span<UInt64>, in frame: inout VectorFrame)

  /// Writes the active flags of all environments as they are now. Nothing needs to be done where nobody comes or goes.
  mutating func writeActive(in frame: inout VectorFrame)
}

/// A batch of environments that are stepped one after another.
public struct LoopedBatch<World: Environment>: EnvironmentBatch {
  private var environments: [World]
  private var actions: JointAction
  private var outcome: StepOutcome

  public init(_ world: World, count: Int) {
    environments = [World](repeating: world, count: count)
    actions = JointAction(for: world.groups)
    outcome = StepOutcome(agents: world.agentCount)
  }

  public var count: Int { environments.count }

  public subscript(index: Int) -> World {
    get { environments[index] }
    set { environments[index] = newValue }
  }

  public mutating func step(_ frame: inout VectorFrame) {
    for index in 0..<environments.count {
      frame.loadActions(of: index, into: &actions)
      environments[index].step(actions, outcome: &outcome)
      frame.store(outcome, of: index)
      frame.showNext(&environments[index], at: index)
    }
  }

  public mutating func reset(_ indices: Span<Int>, seeds: Span<UInt64>, in frame: inout VectorFrame) {
    for place in 0..<indices.count {
      let index = indices[place]
      environments[index].reset(seed: seeds[place])
      frame.show(&environments[index], at: index)
    }
  }

  public mutating func writeActive(in frame: inout VectorFrame) {
    for index in 0..<environments.count { frame.showActive(&environments[index], at: index) }
  }
}
