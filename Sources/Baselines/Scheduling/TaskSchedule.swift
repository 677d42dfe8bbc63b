public import EdgeCloud

/// Where each task of a graph runs and when.
public struct TaskSchedule: Sendable, Equatable {
  /// The node of each task.
  public let node: [Int]
  /// When each task starts.
  public let start_s: [Double]
  /// When each task ends.
  public let finish_s: [Double]

  /// A schedule by the node, start and end of each task.
  public init(node: [Int], start_s: [Double], finish_s: [Double]) {
    precondition(
      node.count == start_s.count && node.count == finish_s.count,
      "\(node.count) nodes, \(start_s.count) starts and \(finish_s.count) ends are no schedule")
    self.node = node
    self.start_s = start_s
    self.finish_s = finish_s
  }

  /// When the last task ends.
  public var makespan_s: Double { finish_s.reduce(0, max) }

  /// The tasks by start, then by end, then by level and number: a topological order of the graph if nothing is violated.
  ///
  /// Placed in this order on the same nodes, every task starts as early as here or earlier.
  public func order(in graph: TaskGraph) -> [Int] {
    node.indices.sorted {
      (start_s[$0], finish_s[$0], graph.level[$0], $0) < (start_s[$1], finish_s[$1], graph.level[$1], $1)
    }
  }
}

extension TaskSchedule {
  /// What is wrong with a schedule.
  public enum Violation: Sendable, Equatable, CustomStringConvertible {
    /// It is for another number of tasks.
    case wrongCount(Int)
    /// A task is on a node that does not exist or where it cannot run.
    case forbiddenNode(task: Int, node: Int)
    /// A task does not run as long as it takes.
    case wrongDuration(task: Int)
    /// A task starts before its node is free of earlier work.
    case startsBeforeNode(task: Int)
    /// A task starts before the output of another has arrived.
    case startsBeforeInput(task: Int, from: Int)
    /// Two tasks share a node at the same time.
    case overlap(Int, Int)

    public var description: String {
      switch self {
      case .wrongCount(let count): return "the schedule has \(count) tasks"
      case .forbiddenNode(let task, let node): return "task \(task) cannot run on node \(node)"
      case .wrongDuration(let task): return "task \(task) does not run as long as it takes"
      case .startsBeforeNode(let task): return "task \(task) starts before its node is free"
      case .startsBeforeInput(let task, let source):
        return "task \(task) starts before the output of \(source) is there"
      case .overlap(let a, let b): return "tasks \(a) and \(b) overlap"
      }
    }
  }

  /// Everything that is wrong with this schedule of a problem, checked from the definition of the problem alone.
  ///
  /// `slowdown` is how many times longer than at full clock each task runs; 1 if it is left out. Times may be off by
  /// 1e−9 of the makespan. O(tasks² + edges).
  public func violations(of problem: SchedulingProblem, slowdown: [Double]? = nil) -> [Violation] {
    guard node.count == problem.tasks else { return [.wrongCount(node.count)] }
    var found: [Violation] = []
    let tolerance = 1e-9 * max(makespan_s, 1e-300)
    for task in node.indices {
      guard (0..<problem.nodes).contains(node[task]), problem.permits(task: task, node: node[task]) else {
        found.append(.forbiddenNode(task: task, node: node[task]))
        continue
      }
      let duration = problem.duration_s(task: task, node: node[task]) * (slowdown?[task] ?? 1)
      if !(abs(finish_s[task] - start_s[task] - duration) <= tolerance) { found.append(.wrongDuration(task: task)) }
      if !(start_s[task] >= problem.available_s[node[task]] - tolerance) { found.append(.startsBeforeNode(task: task)) }
    }
    guard found.isEmpty else { return found }
    for (index, edge) in problem.graph.dependencies.enumerated() {
      let arrival =
        finish_s[edge.source] + problem.transfer_s(edge: index, from: node[edge.source], to: node[edge.target])
      if start_s[edge.target] < arrival - tolerance {
        found.append(.startsBeforeInput(task: edge.target, from: edge.source))
      }
    }
    for a in node.indices {
      for b in node.indices where b > a && node[a] == node[b] {
        if start_s[a] < finish_s[b] - tolerance, start_s[b] < finish_s[a] - tolerance { found.append(.overlap(a, b)) }
      }
    }
    return found
  }
}
