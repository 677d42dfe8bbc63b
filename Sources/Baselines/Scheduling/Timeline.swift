import EdgeCloud

/// A schedule that grows task by task.
struct Timeline {
  let problem: SchedulingProblem
  private(set) var node: [Int]
  private(set) var start_s: [Double]
  private(set) var finish_s: [Double]
  /// The tasks on each node by start.
  private var placed: [[Int]]

  init(_ problem: SchedulingProblem) {
    self.problem = problem
    node = [Int](repeating: -1, count: problem.tasks)
    start_s = [Double](repeating: 0, count: problem.tasks)
    finish_s = start_s
    placed = [[Int]](repeating: [], count: problem.nodes)
  }

  var schedule: TaskSchedule { TaskSchedule(node: node, start_s: start_s, finish_s: finish_s) }

  /// When a task's inputs are all at a node, which is not before the node is free of earlier work.
  func ready_s(_ task: Int, on target: Int) -> Double {
    var ready = problem.available_s[target]
    for edge in problem.graph.predecessors(of: task) {
      let source = problem.graph.dependencies[edge].source
      ready = max(ready, finish_s[source] + problem.transfer_s(edge: edge, from: node[source], to: target))
    }
    return ready
  }

  /// The earliest start of a task on a node: in the first gap that holds it, or after all others if it is not inserting.
  func earliestStart_s(_ task: Int, on target: Int, inserting: Bool) -> Double {
    let ready = ready_s(task, on: target)
    let tasks = placed[target]
    guard inserting else { return tasks.last.map { max(ready, finish_s[$0]) } ?? ready }
    let duration = problem.duration_s(task: task, node: target)
    var start = ready
    for other in tasks {
      if start + duration <= start_s[other] { return start }
      start = max(start, finish_s[other])
    }
    return start
  }

  /// Puts a task on a node at its earliest start there.
  mutating func place(_ task: Int, on target: Int, inserting: Bool) {
    place(task, on: target, at: earliestStart_s(task, on: target, inserting: inserting))
  }

  /// Puts a task on a node at a time that is free.
  mutating func place(_ task: Int, on target: Int, at start: Double) {
    place(task, on: target, at: start, until: start + problem.duration_s(task: task, node: target))
  }

  /// Puts a task on a node between two times that leave no room for another.
  mutating func place(_ task: Int, on target: Int, at start: Double, until finish: Double) {
    node[task] = target
    start_s[task] = start
    finish_s[task] = finish
    let place = placed[target].firstIndex { start_s[$0] >= finish } ?? placed[target].count
    placed[target].insert(task, at: place)
  }

  /// The permitted node that minimises a value of a task's end there, and the start; the lowest node of equals.
  func best(
    _ task: Int, inserting: Bool, notBefore earliest: Double = 0, value: (_ node: Int, _ finish_s: Double) -> Double
  ) -> (node: Int, start_s: Double) {
    var best = (node: -1, start_s: 0.0)
    var least = Double.infinity
    for target in 0..<problem.nodes where problem.permits(task: task, node: target) {
      let start = max(earliest, earliestStart_s(task, on: target, inserting: inserting))
      let cost = value(target, start + problem.duration_s(task: task, node: target))
      if best.node < 0 || cost < least {
        best = (target, start)
        least = cost
      }
    }
    return best
  }

  /// Puts a task where it ends first.
  mutating func placeEarliestFinish(_ task: Int, inserting: Bool) {
    let choice = best(task, inserting: inserting) { $1 }
    place(task, on: choice.node, at: choice.start_s)
  }
}
