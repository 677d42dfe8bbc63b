/// Why tasks and dependencies are no task graph.
public enum TaskGraphError: Error, Equatable, Sendable {
  /// There is no task.
  case empty
  /// A task's work is negative or not finite.
  case workOutOfRange(task: Int, cycles: Double)
  /// An edge's bits are negative or not finite.
  case bitsOutOfRange(TaskGraph.Dependency)
  /// An edge names a task that does not exist.
  case missingTask(Int, count: Int)
  /// An edge stands twice.
  case repeatedDependency(TaskGraph.Dependency)
  /// These tasks wait for each other, each for the one before it and the first for the last.
  case cycle([Int])

  /// The trouble in one sentence, with the tasks called by `name`.
  public func sentence(naming name: (Int) -> String) -> String {
    switch self {
    case .empty:
      return "a task graph needs at least one task"
    case .workOutOfRange(let task, let cycles):
      return "the work of task \(name(task)) must be finite and not negative, not \(cycles) cycles"
    case .bitsOutOfRange(let edge):
      return "what task \(name(edge.source)) sends to task \(name(edge.target)) must be finite and not negative, "
        + "not \(edge.bits) bits"
    case .missingTask(let task, let count):
      return "an edge names task \(task), but the tasks are 0 to \(count - 1)"
    case .repeatedDependency(let edge):
      return "the edge from task \(name(edge.source)) to task \(name(edge.target)) stands twice"
    case .cycle(let tasks):
      let round = (tasks + tasks.prefix(1)).map(name).joined(separator: " → ")
      return "tasks wait for each other in a circle: \(round)"
    }
  }
}

extension TaskGraphError: CustomStringConvertible {
  public var description: String { sentence { String($0) } }
}
