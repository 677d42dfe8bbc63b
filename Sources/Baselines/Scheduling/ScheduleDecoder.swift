public import EdgeCloud

/// Turns assignments into schedules: the tasks in a fixed order, each on its node, after what is already there or, if it
/// is inserting, in the first gap that holds it.
///
/// In the order of HEFT and inserting, the nodes of HEFT's schedule give that schedule. Buffers are its own, so that a
/// makespan allocates nothing. O(tasks + edges), and O(tasks²) at worst when it is inserting.
public struct ScheduleDecoder: Sendable {
  /// The problem.
  public let problem: SchedulingProblem
  /// The order of the tasks.
  public let order: [Int]
  /// Whether tasks go into gaps.
  public let isInserting: Bool
  private var start: [Double]
  private var finish: [Double]
  private var free: [Double]
  /// The tasks on each node by start, as many places a node as there are tasks.
  private var line: [Int]
  private var lineCount: [Int]

  /// A decoder by a topological order; by falling upward rank if it is left out.
  public init(_ problem: SchedulingProblem, order: [Int]? = nil, inserting: Bool = false) {
    let order = order ?? TaskRanks.descending(TaskRanks.upward(problem), in: problem.graph)
    precondition(problem.graph.isTopological(order), "the order names a task before one that it waits for")
    self.problem = problem
    self.order = order
    start = [Double](repeating: 0, count: problem.tasks)
    finish = start
    free = problem.available_s
    isInserting = inserting
    line = [Int](repeating: 0, count: inserting ? problem.tasks * problem.nodes : 0)
    lineCount = [Int](repeating: 0, count: problem.nodes)
  }

  /// When the last task ends; infinite if a task cannot run where it is put.
  public mutating func makespan_s(_ node: [Int]) -> Double {
    for index in free.indices {
      free[index] = problem.available_s[index]
      lineCount[index] = 0
    }
    var makespan = 0.0
    for task in order {
      let target = node[task]
      var time = isInserting ? problem.available_s[target] : free[target]
      for edge in problem.graph.predecessors(of: task) {
        let source = problem.graph.dependencies[edge].source
        time = max(time, finish[source] + problem.transfer_s(edge: edge, from: node[source], to: target))
      }
      let duration = problem.duration_s(task: task, node: target)
      if isInserting { time = insert(task, into: target, from: time, duration: duration) }
      start[task] = time
      finish[task] = time + duration
      free[target] = finish[task]
      makespan = max(makespan, finish[task])
    }
    return makespan
  }

  /// The start of a task in the first gap of its node that holds it, where it is then entered.
  private mutating func insert(_ task: Int, into target: Int, from ready: Double, duration: Double) -> Double {
    let base = target * problem.tasks
    var time = ready
    var place = 0
    while place < lineCount[target], time + duration > start[line[base + place]] {
      time = max(time, finish[line[base + place]])
      place += 1
    }
    var last = base + lineCount[target]
    while last > base + place {
      line[last] = line[last - 1]
      last -= 1
    }
    line[last] = task
    lineCount[target] += 1
    return time
  }

  /// When a task ended in the assignment whose makespan was asked for last.
  public func finish_s(of task: Int) -> Double { finish[task] }

  /// The schedule of an assignment.
  public mutating func schedule(_ node: [Int]) -> TaskSchedule {
    _ = makespan_s(node)
    return TaskSchedule(node: node, start_s: start, finish_s: finish)
  }
}

/// The search for the nodes of a graph's tasks, with their makespan in a fixed order as the cost.
public struct PlacementProblem: AssignmentProblem, Sendable {
  private var decoder: ScheduleDecoder

  /// A search by a topological order; by falling upward rank if it is left out.
  public init(_ problem: SchedulingProblem, order: [Int]? = nil, inserting: Bool = false) {
    decoder = ScheduleDecoder(problem, order: order, inserting: inserting)
  }

  public var genes: Int { decoder.problem.tasks }

  public func options(of gene: Int) -> Int { decoder.problem.nodes }

  public func permits(_ option: Int, gene: Int) -> Bool { decoder.problem.permits(task: gene, node: option) }

  public mutating func cost(of assignment: [Int]) -> Double { decoder.makespan_s(assignment) }

  /// The schedule of an assignment.
  public mutating func schedule(_ assignment: [Int]) -> TaskSchedule { decoder.schedule(assignment) }
}
