import EdgeCloud

/// The tasks whose predecessors are all taken.
struct ReadyTasks {
  private let graph: TaskGraph
  private var waiting: [Int]
  /// The ready tasks in ascending order.
  private(set) var tasks: [Int]

  init(_ graph: TaskGraph) {
    self.graph = graph
    waiting = (0..<graph.count).map { graph.predecessors(of: $0).count }
    tasks = graph.entries
  }

  /// Takes a ready task, which may make others ready.
  mutating func take(_ task: Int) {
    tasks.removeAll { $0 == task }
    for edge in graph.successors(of: task) {
      let target = graph.dependencies[edge].target
      waiting[target] -= 1
      if waiting[target] == 0 {
        tasks.insert(target, at: tasks.firstIndex { $0 > target } ?? tasks.count)
      }
    }
  }

  /// Takes the ready task of the highest priority, the lowest of equals.
  mutating func takeHighest(_ priority: [Double]) -> Int? {
    guard let task = tasks.max(by: { (priority[$0], -$0) < (priority[$1], -$1) }) else { return nil }
    take(task)
    return task
  }
}
