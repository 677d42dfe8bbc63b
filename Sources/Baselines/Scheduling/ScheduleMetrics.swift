public import EdgeCloud

/// The figures by which schedules of different graphs are compared.
///
/// Source: H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260.
public struct ScheduleMetrics: Sendable, Equatable {
  /// SLR: the makespan over the sum of the least times along the critical path of least times; 1 or more.
  public let lengthRatio: Double
  /// The time of all tasks on the one node that does them fastest, over the makespan.
  public let speedup: Double
  /// The speed-up over the number of nodes.
  public let efficiency: Double

  /// The figures of a schedule on nodes that are free from the start.
  public init(_ schedule: TaskSchedule, of problem: SchedulingProblem) {
    lengthRatio = schedule.makespan_s / ScheduleBounds.criticalPath_s(problem)
    speedup = ScheduleMetrics.sequential_s(problem) / schedule.makespan_s
    efficiency = speedup / Double(problem.nodes)
  }

  /// The time of all tasks on the node that does them fastest; infinite if no node may run all.
  public static func sequential_s(_ problem: SchedulingProblem) -> Double {
    (0..<problem.nodes).map { node in
      (0..<problem.tasks).reduce(0) { $0 + problem.duration_s(task: $1, node: node) }
    }.reduce(.infinity, min)
  }
}
