public import EdgeCloud

/// A search over the nodes of all tasks that starts from HEFT, with the tasks taken in its order and put into gaps as it
/// does.
///
/// HEFT's own nodes are tried first and give HEFT's schedule, so the outcome is never worse than HEFT.
public struct SearchedSchedule<Search: AssignmentSearch>: GraphScheduler {
  public static var name: String { Search.name }

  /// The search.
  public let search: Search
  /// How many placements it may try.
  public let evaluations: Int
  /// The seed of all its chance.
  public let seed: UInt64

  /// A scheduler by its search and effort.
  public init(_ search: Search, evaluations: Int, seed: UInt64) {
    self.search = search
    self.evaluations = evaluations
    self.seed = seed
  }

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    let start = HEFT().schedule(problem)
    var placement = PlacementProblem(problem, inserting: true)
    let outcome = search.minimize(&placement, evaluations: evaluations, starts: [start.node], seed: seed)
    return placement.schedule(outcome.assignment)
  }
}
