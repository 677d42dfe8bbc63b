/// Priorities of tasks from mean times: how much path lies behind a task, and before it.
///
/// Source: H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260.
public enum TaskRanks {
  /// rank_u(i) = w̄_i + max over successors j of (c̄_ij + rank_u(j)): the mean length of the path from a task to the end.
  public static func upward(_ problem: SchedulingProblem) -> [Double] {
    var rank = [Double](repeating: 0, count: problem.tasks)
    for task in problem.graph.topologicalOrder.reversed() {
      var behind = 0.0
      for edge in problem.graph.successors(of: task) {
        behind = max(behind, problem.meanTransfer_s(edge: edge) + rank[problem.graph.dependencies[edge].target])
      }
      rank[task] = problem.meanDuration_s(task: task) + behind
    }
    return rank
  }

  /// rank_d(i) = max over predecessors j of (rank_d(j) + w̄_j + c̄_ji): the mean length of the path up to a task.
  public static func downward(_ problem: SchedulingProblem) -> [Double] {
    var rank = [Double](repeating: 0, count: problem.tasks)
    for task in problem.graph.topologicalOrder {
      for edge in problem.graph.predecessors(of: task) {
        let source = problem.graph.dependencies[edge].source
        rank[task] = max(
          rank[task],
          rank[source] + problem.meanDuration_s(task: source) + problem.meanTransfer_s(edge: edge))
      }
    }
    return rank
  }

  /// The tasks by falling rank. Ranks that agree to one part in 10¹² are equal: then the lower level comes first, then
  /// more successors, then the lower number.
  ///
  /// With ranks that do not grow along an edge the order is topological.
  public static func descending(_ rank: [Double], in graph: TaskGraph) -> [Int] {
    let largest = rank.reduce(0) { max($0, abs($1)) }
    let steps = rank.map { largest > 0 ? ($0 / largest * 1e12).rounded() : 0 }
    return rank.indices.sorted {
      (-steps[$0], graph.level[$0], -graph.successors(of: $0).count, $0)
        < (-steps[$1], graph.level[$1], -graph.successors(of: $1).count, $1)
    }
  }
}
