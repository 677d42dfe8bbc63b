public import EdgeCloud

/// The shortest schedule of a small graph by branch and bound over all orders and assignments.
///
/// An optimal schedule can be packed so that, taken by start, every task starts as soon as its inputs and its node
/// allow. So a branch appends one ready task to one node, and starts never fall along a branch. A branch is cut when
/// the paths behind its tasks, or the work left spread over all nodes, cannot end before the best schedule known.
public struct OptimalSchedule: Sendable, Equatable {
  /// The best schedule found.
  public let schedule: TaskSchedule
  /// A makespan that no schedule can beat; that of ``schedule`` if it is optimal.
  public let lowerBound_s: Double
  /// The branches entered.
  public let branches: Int
  /// Whether the schedule is proved to be a shortest one, to one part in 10¹².
  public var isOptimal: Bool { schedule.makespan_s <= lowerBound_s * (1 + 1e-12) }

  /// Searches until the optimum is proved or so many branches are entered; the bound is valid in either case.
  public init(_ problem: SchedulingProblem, branches limit: Int = .max) {
    let starts: [any GraphScheduler] = [HEFT(), CPOP(), PEFT(), MinMin(), MaxMin()]
    let known = starts.map { $0.schedule(problem) }.min { $0.makespan_s < $1.makespan_s }
    var search = BranchAndBound(problem, known: known ?? HEFT().schedule(problem), limit: limit)
    let root = ScheduleBounds.best_s(problem)
    search.branch(bound: root, last: (-1, -1))
    schedule = search.best
    lowerBound_s = max(root, min(search.best.makespan_s, search.leastOpenBound))
    branches = search.entered
  }
}

/// The state of the search: a schedule that grows and shrinks by one task.
private struct BranchAndBound {
  private let problem: SchedulingProblem
  private let limit: Int
  private let tail: [Double]
  /// The place of each task in the topological order, which decides between equal starts; there what takes no time comes
  /// before what does, since on one node it can come in no other order.
  private let place: [Int]
  private(set) var best: TaskSchedule
  private(set) var entered = 0
  /// The least bound among branches that were not searched.
  private(set) var leastOpenBound = Double.infinity

  private var node: [Int]
  private var start: [Double]
  private var finish: [Double]
  private var waiting: [Int]
  private var free: [Double]
  private var placed = 0
  private var workLeft: Double

  init(_ problem: SchedulingProblem, known: TaskSchedule, limit: Int) {
    self.problem = problem
    self.limit = limit
    tail = ScheduleBounds.tails_s(problem)
    var place = [Int](repeating: 0, count: problem.tasks)
    for (index, task) in problem.graph.topologicalOrder.enumerated() { place[task] = index }
    self.place = place
    best = known
    node = [Int](repeating: -1, count: problem.tasks)
    start = [Double](repeating: 0, count: problem.tasks)
    finish = start
    waiting = (0..<problem.tasks).map { problem.graph.predecessors(of: $0).count }
    free = problem.available_s
    workLeft = (0..<problem.tasks).reduce(0) { $0 + problem.leastDuration_s(task: $1) }
  }

  private struct Move {
    let task: Int
    let node: Int
    let start: Double
    let turn: Int
    let bound: Double
  }

  /// Whether a bound leaves room for a schedule shorter than the best.
  private func isOpen(_ bound: Double) -> Bool { bound < best.makespan_s * (1 - 1e-12) }

  mutating func branch(bound: Double, last: (start: Double, turn: Int)) {
    guard isOpen(bound) else { return }
    guard entered < limit else {
      leastOpenBound = min(leastOpenBound, bound)
      return
    }
    entered += 1
    if placed == problem.tasks {
      best = TaskSchedule(node: node, start_s: start, finish_s: finish)
      return
    }
    guard isOpen(pathBound(from: last.start)) else { return }
    for move in moves(above: bound, after: last) {
      guard isOpen(move.bound) else { break }
      let task = move.task
      let before = (free: free[move.node], work: workLeft)
      node[task] = move.node
      start[task] = move.start
      finish[task] = move.start + problem.duration_s(task: task, node: move.node)
      free[move.node] = finish[task]
      workLeft -= problem.leastDuration_s(task: task)
      waiting[task] = -1
      placed += 1
      for edge in problem.graph.successors(of: task) { waiting[problem.graph.dependencies[edge].target] -= 1 }
      branch(bound: move.bound, last: (move.start, move.turn))
      for edge in problem.graph.successors(of: task) { waiting[problem.graph.dependencies[edge].target] += 1 }
      placed -= 1
      waiting[task] = 0
      node[task] = -1
      free[move.node] = before.free
      workLeft = before.work
    }
  }

  /// What can be done next, the least bound first.
  private func moves(above bound: Double, after last: (start: Double, turn: Int)) -> [Move] {
    var moves: [Move] = []
    var idleFrom = free
    for task in 0..<problem.tasks where waiting[task] == 0 {
      for target in 0..<problem.nodes where problem.permits(task: task, node: target) {
        let start = max(free[target], ready(task, on: target))
        let duration = problem.duration_s(task: task, node: target)
        let turn = place[task] + (duration > 0 ? problem.tasks : 0)
        guard (start, turn) > last else { continue }
        let end = start + duration
        let rest = workLeft - problem.leastDuration_s(task: task)
        let path = end + tail[task * problem.nodes + target]
        for other in 0..<problem.nodes { idleFrom[other] = other == target ? end : max(free[other], start) }
        let area = ScheduleBounds.even_s(idleFrom, work_s: rest)
        moves.append(
          Move(task: task, node: target, start: start, turn: turn, bound: max(bound, path, area * (1 - 1e-12))))
      }
    }
    moves.sort { ($0.bound, $0.start, place[$0.task], $0.node) < ($1.bound, $1.start, place[$1.task], $1.node) }
    return moves
  }

  /// A makespan that cannot be beaten when nothing more starts before a time.
  private func pathBound(from earliest: Double) -> Double {
    var bound = 0.0
    for task in 0..<problem.tasks where waiting[task] == 0 {
      var least = Double.infinity
      for target in 0..<problem.nodes where problem.permits(task: task, node: target) {
        let start = max(earliest, free[target], ready(task, on: target))
        let end = start + problem.duration_s(task: task, node: target)
        least = min(least, end + tail[task * problem.nodes + target])
      }
      bound = max(bound, least)
    }
    return bound
  }

  private func ready(_ task: Int, on target: Int) -> Double {
    var ready = 0.0
    for edge in problem.graph.predecessors(of: task) {
      let source = problem.graph.dependencies[edge].source
      ready = max(ready, finish[source] + problem.transfer_s(edge: edge, from: node[source], to: target))
    }
    return ready
  }
}
