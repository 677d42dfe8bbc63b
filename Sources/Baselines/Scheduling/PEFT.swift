public import EdgeCloud

/// Predict earliest finish time: like HEFT with a look ahead by a table of optimistic costs.
///
/// OCT(i, p) = max over successors j of min over nodes q of (OCT(j, q) + w_jq + c̄_ij·1[p ≠ q]), 0 at the ends. Ready tasks
/// are taken by falling mean OCT, and each goes where its end plus OCT(i, p) is least, into gaps. Source: H. Arabnejad,
/// J. G. Barbosa, IEEE TPDS 25 (2014) 682.
public struct PEFT: GraphScheduler, Equatable {
  public static let name = "peft"

  /// The scheduler; it has no settings.
  public init() {}

  /// OCT, [task × node], row by row.
  public func optimisticCosts(_ problem: SchedulingProblem) -> [Double] {
    let nodes = problem.nodes
    var table = [Double](repeating: 0, count: problem.tasks * nodes)
    for task in problem.graph.topologicalOrder.reversed() {
      for edge in problem.graph.successors(of: task) {
        let target = problem.graph.dependencies[edge].target
        let transfer = problem.meanTransfer_s(edge: edge)
        for node in 0..<nodes {
          var least = Double.infinity
          for other in 0..<nodes {
            let cost = table[target * nodes + other] + problem.duration_s(task: target, node: other)
            least = min(least, cost + (node == other ? 0 : transfer))
          }
          table[task * nodes + node] = max(table[task * nodes + node], least)
        }
      }
    }
    return table
  }

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    let table = optimisticCosts(problem)
    let nodes = problem.nodes
    let rank = (0..<problem.tasks).map { task in
      table[task * nodes..<(task + 1) * nodes].reduce(0, +) / Double(nodes)
    }
    var timeline = Timeline(problem)
    var ready = ReadyTasks(problem.graph)
    while let task = ready.takeHighest(rank) {
      let choice = timeline.best(task, inserting: true) { node, finish in finish + table[task * nodes + node] }
      timeline.place(task, on: choice.node, at: choice.start_s)
    }
    return timeline.schedule
  }
}
