public import EdgeCloud

/// Critical path on a processor: ready tasks by falling rank_u + rank_d, those of the critical path all on the node
/// that runs them fastest, the others into the gap where they end first.
///
/// The critical path starts at the entry of the highest priority and goes on to the successor of the highest. If no
/// node may run all its tasks, they are placed like the others. Source: H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13
/// (2002) 260.
public struct CPOP: GraphScheduler, Equatable {
  public static let name = "cpop"

  /// The scheduler; it has no settings.
  public init() {}

  /// The tasks of the critical path from its entry, and the node that runs them all fastest.
  public func criticalPath(_ problem: SchedulingProblem) -> (tasks: [Int], node: Int?) {
    criticalPath(problem, priority: priority(problem))
  }

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    let priority = priority(problem)
    let path = criticalPath(problem, priority: priority)
    let critical = Set(path.tasks)
    var timeline = Timeline(problem)
    var ready = ReadyTasks(problem.graph)
    while let task = ready.takeHighest(priority) {
      if let node = path.node, critical.contains(task) {
        timeline.place(task, on: node, inserting: true)
      } else {
        timeline.placeEarliestFinish(task, inserting: true)
      }
    }
    return timeline.schedule
  }

  private func priority(_ problem: SchedulingProblem) -> [Double] {
    zip(TaskRanks.upward(problem), TaskRanks.downward(problem)).map(+)
  }

  private func criticalPath(_ problem: SchedulingProblem, priority: [Double]) -> (tasks: [Int], node: Int?) {
    let graph = problem.graph
    let rank = { (task: Int) in (priority[task], -task) }
    var tasks: [Int] = []
    var next = graph.entries.max { rank($0) < rank($1) }
    while let task = next {
      tasks.append(task)
      next = graph.successors(of: task).map { graph.dependencies[$0].target }.max { rank($0) < rank($1) }
    }
    let sums = (0..<problem.nodes).map { node in
      tasks.reduce(0) { $0 + problem.duration_s(task: $1, node: node) }
    }
    let best = sums.indices.filter { sums[$0].isFinite }.min { (sums[$0], $0) < (sums[$1], $1) }
    return (tasks, best)
  }
}
