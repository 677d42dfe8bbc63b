/// A job of tasks that wait for each other: a directed acyclic graph with cycles on the tasks and bits on the edges.
///
/// Tasks are numbered 0 ..< count, edges 0 ..< edgeCount in the order (source, target). A task starts when the
/// outputs of all its predecessors have reached the place where it runs. Both directions are stored as compressed
/// rows, so that a walk over the neighbours of a task touches only them.
public struct TaskGraph: Sendable, Equatable {
  /// One task that waits for the output of another.
  public struct Dependency: Sendable, Equatable {
    /// The task that gives.
    public let source: Int
    /// The task that waits.
    public let target: Int
    /// What is carried between them.
    public let bits: Double

    /// A dependency by its tasks and the bits that it carries.
    public init(from source: Int, to target: Int, bits: Double) {
      self.source = source
      self.target = target
      self.bits = bits
    }
  }

  /// The work of each task in cycles.
  public let cycles: [Double]
  /// The edges in the order (source, target).
  public let dependencies: [Dependency]
  /// The tasks in the order (level, number); every edge leads forward in it.
  public let topologicalOrder: [Int]
  /// The number of edges on the longest path from an entry to each task.
  public let level: [Int]
  /// Where each level begins in ``topologicalOrder``; one more at the end.
  let levelStart: [Int]
  /// Where each task's edges begin in ``dependencies``; one more at the end.
  let successorStart: [Int]
  /// The edges into each task, task after task, by source.
  let incoming: [Int]
  /// Where each task's edges begin in ``incoming``; one more at the end.
  let predecessorStart: [Int]

  /// A graph by the work of its tasks and their dependencies in any order.
  ///
  /// It throws on a task that does not exist, an edge that stands twice, amounts that are negative or not finite, and
  /// on a cycle, whose tasks the error names. O(tasks + edges · log edges).
  public init(cycles: [Double], dependencies: [Dependency]) throws(TaskGraphError) {
    let count = cycles.count
    guard count > 0 else { throw .empty }
    for (task, amount) in cycles.enumerated() where !(amount >= 0 && amount.isFinite) {
      throw .workOutOfRange(task: task, cycles: amount)
    }
    for edge in dependencies {
      for task in [edge.source, edge.target] where !(0..<count).contains(task) {
        throw .missingTask(task, count: count)
      }
      guard edge.bits >= 0, edge.bits.isFinite else { throw .bitsOutOfRange(edge) }
    }
    let sorted = dependencies.sorted { ($0.source, $0.target) < ($1.source, $1.target) }
    for index in sorted.indices.dropFirst()
    where sorted[index].source == sorted[index - 1].source && sorted[index].target == sorted[index - 1].target {
      throw .repeatedDependency(sorted[index])
    }
    var successorStart = [Int](repeating: 0, count: count + 1)
    var predecessorStart = successorStart
    for edge in sorted {
      successorStart[edge.source + 1] += 1
      predecessorStart[edge.target + 1] += 1
    }
    for task in 0..<count {
      successorStart[task + 1] += successorStart[task]
      predecessorStart[task + 1] += predecessorStart[task]
    }
    var incoming = [Int](repeating: 0, count: sorted.count)
    var next = predecessorStart
    for (index, edge) in sorted.enumerated() {
      incoming[next[edge.target]] = index
      next[edge.target] += 1
    }

    var level = [Int](repeating: 0, count: count)
    var waiting = (0..<count).map { predecessorStart[$0 + 1] - predecessorStart[$0] }
    var ready = (0..<count).filter { waiting[$0] == 0 }
    var taken = 0
    while taken < ready.count {
      let task = ready[taken]
      taken += 1
      for index in successorStart[task]..<successorStart[task + 1] {
        let target = sorted[index].target
        level[target] = max(level[target], level[task] + 1)
        waiting[target] -= 1
        if waiting[target] == 0 { ready.append(target) }
      }
    }
    guard ready.count == count else {
      throw .cycle(
        Self.cycle(
          among: waiting,
          sources: { task in
            (predecessorStart[task]..<predecessorStart[task + 1]).map { sorted[incoming[$0]].source }
          }))
    }
    var levelStart = [Int](repeating: 0, count: (level.max() ?? 0) + 2)
    for task in 0..<count { levelStart[level[task] + 1] += 1 }
    for index in 1..<levelStart.count { levelStart[index] += levelStart[index - 1] }
    self.cycles = cycles
    self.dependencies = sorted
    topologicalOrder = (0..<count).sorted { (level[$0], $0) < (level[$1], $1) }
    self.level = level
    self.levelStart = levelStart
    self.successorStart = successorStart
    self.incoming = incoming
    self.predecessorStart = predecessorStart
  }

  /// The tasks of one cycle in the order of its edges and from its lowest, found among
  /// those that still wait for a predecessor.
  private static func cycle(among waiting: [Int], sources: (Int) -> [Int]) -> [Int] {
    var path: [Int] = []
    var place = [Int?](repeating: nil, count: waiting.count)
    var task = waiting.firstIndex { $0 > 0 } ?? 0
    while place[task] == nil {
      place[task] = path.count
      path.append(task)
      guard let source = sources(task).first(where: { waiting[$0] > 0 }) else { return path }
      task = source
    }
    let cycle = Array(path[(place[task] ?? 0)...].reversed())
    let first = cycle.indices.min { cycle[$0] < cycle[$1] } ?? 0
    return Array(cycle[first...] + cycle[..<first])
  }
}

extension TaskGraph {
  /// How many tasks there are.
  public var count: Int { cycles.count }

  /// How many edges there are.
  public var edgeCount: Int { dependencies.count }

  /// How many levels there are: tasks on the longest path.
  public var depth: Int { levelStart.count - 1 }

  /// The most tasks on one level.
  public var width: Int { (0..<depth).reduce(0) { max($0, levelStart[$1 + 1] - levelStart[$1]) } }

  /// The tasks on a level in ascending order.
  public func tasks(atLevel level: Int) -> ArraySlice<Int> {
    topologicalOrder[levelStart[level]..<levelStart[level + 1]]
  }

  /// The edges out of a task, as a range into ``dependencies``.
  public func successors(of task: Int) -> Range<Int> { successorStart[task]..<successorStart[task + 1] }

  /// The edges into a task, as numbers of ``dependencies``, by source.
  public func predecessors(of task: Int) -> ArraySlice<Int> {
    incoming[predecessorStart[task]..<predecessorStart[task + 1]]
  }

  /// The tasks that wait for nothing, in ascending order.
  public var entries: [Int] { (0..<count).filter { predecessorStart[$0] == predecessorStart[$0 + 1] } }

  /// The tasks that nothing waits for, in ascending order.
  public var exits: [Int] { (0..<count).filter { successorStart[$0] == successorStart[$0 + 1] } }

  /// Whether tasks in this order never come before one that they wait for. The order must name every task once.
  public func isTopological(_ order: [Int]) -> Bool {
    var place = [Int](repeating: -1, count: count)
    for (index, task) in order.enumerated() {
      guard (0..<count).contains(task), place[task] < 0 else { return false }
      place[task] = index
    }
    return order.count == count && dependencies.allSatisfy { place[$0.source] < place[$0.target] }
  }
}
