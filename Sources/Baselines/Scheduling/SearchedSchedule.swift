public import EdgeCloud

/// A search over the nodes of all tasks that starts from HEFT, with the tasks kept in the order of HEFT's schedule.
///
/// HEFT's own placement is tried first and decodes to its makespan or less, so the outcome is never worse than HEFT.
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
    var placement = PlacementProblem(problem, order: start.order(in: problem.graph))
    let outcome = search.minimize(&placement, evaluations: evaluations, starts: [start.node], seed: seed)
    return placement.schedule(outcome.assignment)
  }
}
