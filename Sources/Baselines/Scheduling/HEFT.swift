public import EdgeCloud

/// Heterogeneous earliest finish time: tasks by falling upward rank, each into the gap where it ends first.
///
/// Source: H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260. O(tasks² · nodes) at worst.
public struct HEFT: GraphScheduler, Equatable {
  public static let name = "heft"

  /// The scheduler; it has no settings.
  public init() {}

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    var timeline = Timeline(problem)
    for task in TaskRanks.descending(TaskRanks.upward(problem), in: problem.graph) {
      timeline.placeEarliestFinish(task, inserting: true)
    }
    return timeline.schedule
  }
}
