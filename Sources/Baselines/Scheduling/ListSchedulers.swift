public import EdgeCloud

/// Min-min: of all ready tasks the one that could end first goes where it does, after what is already there.
///
/// Source: O. H. Ibarra, C. E. Kim, J. ACM 24 (1977) 280, for independent tasks; here over the ready tasks of a graph.
public struct MinMin: GraphScheduler, Equatable {
  public static let name = "min-min"

  /// The scheduler; it has no settings.
  public init() {}

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    readyByFinish(problem) { $0 < $1 }
  }
}

/// Max-min: of all ready tasks the one whose first possible end is latest goes where it ends first.
///
/// Source: as ``MinMin``.
public struct MaxMin: GraphScheduler, Equatable {
  public static let name = "max-min"

  /// The scheduler; it has no settings.
  public init() {}

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    readyByFinish(problem) { $0 > $1 }
  }
}

/// Takes, as long as there is one, the ready task whose first possible end comes first in an order, the lowest of
/// equals.
private func readyByFinish(_ problem: SchedulingProblem, _ isBefore: (Double, Double) -> Bool) -> TaskSchedule {
  var timeline = Timeline(problem)
  var ready = ReadyTasks(problem.graph)
  while !ready.tasks.isEmpty {
    var pick: (task: Int, node: Int, start_s: Double, finish_s: Double)?
    for task in ready.tasks {
      let choice = timeline.best(task, inserting: false) { $1 }
      let finish = choice.start_s + problem.duration_s(task: task, node: choice.node)
      if pick.map({ isBefore(finish, $0.finish_s) }) ?? true { pick = (task, choice.node, choice.start_s, finish) }
    }
    guard let pick else { break }
    timeline.place(pick.task, on: pick.node, at: pick.start_s)
    ready.take(pick.task)
  }
  return timeline.schedule
}

/// Earliest deadline first over the ready tasks, each where it ends first, after what is already there.
///
/// A task's deadline is its own or, if sooner, what its successors leave: d_i = min(D_i, min over successors j of
/// (d_j − min_p w_jp)). Any later end makes a successor late whatever is done.
public struct EarliestDeadlineFirst: GraphScheduler, Equatable {
  public static let name = "edf"

  /// When each task must have ended; infinity where nothing is asked.
  public let deadline_s: [Double]

  /// A scheduler by the deadline of each task.
  public init(deadline_s: [Double]) { self.deadline_s = deadline_s }

  /// When each task must have ended so that it and all behind it can be on time.
  public func effectiveDeadlines_s(_ problem: SchedulingProblem) -> [Double] {
    precondition(
      deadline_s.count == problem.tasks, "\(deadline_s.count) deadlines do not fit \(problem.tasks) tasks")
    var deadline = deadline_s
    for task in problem.graph.topologicalOrder.reversed() {
      for edge in problem.graph.successors(of: task) {
        let target = problem.graph.dependencies[edge].target
        deadline[task] = min(deadline[task], deadline[target] - problem.leastDuration_s(task: target))
      }
    }
    return deadline
  }

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    let urgency = effectiveDeadlines_s(problem).map { -$0 }
    var timeline = Timeline(problem)
    var ready = ReadyTasks(problem.graph)
    while let task = ready.takeHighest(urgency) { timeline.placeEarliestFinish(task, inserting: false) }
    return timeline.schedule
  }
}

/// Any order, kept: the next task of a topological order goes where it ends first, after what is already there.
///
/// On equal nodes without transfers this is list scheduling, at most 2 − 1/m times the optimum (R. L. Graham, SIAM J.
/// Appl. Math. 17 (1969) 416).
public struct OrderedList: GraphScheduler, Equatable {
  public static let name = "ordered-list"

  /// The order in which tasks are placed.
  public let order: [Int]

  /// A scheduler by a topological order.
  public init(order: [Int]) { self.order = order }

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    precondition(problem.graph.isTopological(order), "the order names a task before one that it waits for")
    var timeline = Timeline(problem)
    for task in order { timeline.placeEarliestFinish(task, inserting: false) }
    return timeline.schedule
  }
}
