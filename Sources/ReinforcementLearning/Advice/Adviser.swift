/// Whatever knows how agents might act before they have learned anything: a prior over their options.
///
/// Advice is a function of the world as it is now, and of nothing that came before: an adviser may keep memory to work
/// in, but remembers nothing.
public protocol Adviser<World>: Sendable {
  /// The kind of world that it knows.
  associatedtype World: Environment

  /// The same advice for another world of the kind.
  func advising(_ world: World) -> Self

  /// Writes the probability of each option: of all choices of all agents, group after group, in the order of the action
  /// masks. Those of a choice sum to 1, or are all 0 where there is no advice; forbidden options have 0. Does not allocate.
  mutating func advise(in world: borrowing World, into advice: inout MutableSpan<Float>)
}

/// The advice for agents that are rewarded by their differences: that of the world inside.
public struct DifferenceAdviser<Inner: Adviser>: Adviser {
  public typealias World = DifferenceRewarded<Inner.World>

  private var inner: Inner

  /// The same advice.
  public init(_ inner: Inner) { self.inner = inner }

  public func advising(_ world: World) -> DifferenceAdviser { DifferenceAdviser(inner.advising(world.world)) }

  public mutating func advise(in world: borrowing World, into advice: inout MutableSpan<Float>) {
    inner.advise(in: world.world, into: &advice)
  }
}

/// The advice for a centre that plays all agents: that of each of them, one after another.
public struct CentralAdviser<Inner: Adviser>: Adviser {
  public typealias World = CentrallyControlled<Inner.World>

  private var inner: Inner

  /// The advice of every agent.
  public init(_ inner: Inner) { self.inner = inner }

  public func advising(_ world: World) -> CentralAdviser { CentralAdviser(inner.advising(world.world)) }

  public mutating func advise(in world: borrowing World, into advice: inout MutableSpan<Float>) {
    inner.advise(in: world.world, into: &advice)
  }
}
