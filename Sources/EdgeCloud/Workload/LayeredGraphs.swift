public import Randomness

extension WorldDraws.Purpose {
  /// The tasks on the levels of a random graph and its edges; entity: the graph.
  public static let graphShape = WorldDraws.Purpose(rawValue: 0x160)
  /// The work of the tasks of a random graph; entity: the graph.
  public static let graphWork = WorldDraws.Purpose(rawValue: 0x161)
  /// The data on the edges of a random graph; entity: the graph.
  public static let graphData = WorldDraws.Purpose(rawValue: 0x162)
  /// How the nodes differ in the time of each task of a random graph; entity: the graph.
  public static let graphSpread = WorldDraws.Purpose(rawValue: 0x163)
}

/// Random graphs by their shape, after the parameters of H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260.
///
/// The height is ⌈U(0, 2√v/α)⌉ and the widths of the levels are uniform with mean v / height, scaled to v tasks in all
/// with at least one a level, so that they average √v·α. Every task above the last level has `outDegree` successors
/// on deeper levels, the first on the next, or all where there are fewer. A task left without a predecessor on the
/// level before gets one there, so that levels are what they were drawn as. The paper leaves open how edges are
/// drawn; the rest of this paragraph is ours.
public struct LayeredGraphs: Sendable, Equatable {
  /// v, the number of tasks.
  public let tasks: Int
  /// α: small makes chains, large makes wide graphs.
  public let shape: Double
  /// The successors of each task.
  public let outDegree: Int

  /// Graphs by their parameters. The published study takes v in 20 … 100, α in {0.5, 1, 2} and degrees in {1 … 5, v}.
  public init(tasks: Int, shape: Double, outDegree: Int) {
    precondition(tasks > 0, "a graph needs tasks, not \(tasks)")
    precondition(shape > 0 && shape.isFinite, "the shape must be above 0, not \(shape)")
    precondition(outDegree > 0, "the out-degree must be at least 1, not \(outDegree)")
    self.tasks = tasks
    self.shape = shape
    self.outDegree = outDegree
  }

  /// The graph of an index in a world, with one cycle a task and one bit an edge; costs are drawn by ``GraphCosts``.
  public func graph(in world: WorldDraws, index: UInt64) -> TaskGraph {
    var random = world.stream(.graphShape, entity: index)
    let root = Double(tasks).squareRoot()
    let height = min(tasks, max(1, Int((random.uniform() * 2 * root / shape).rounded(.up))))
    let start = Self.starts(tasks: tasks, height: height, &random)
    var targets = [Set<Int>](repeating: [], count: tasks)
    var reached = [Bool](repeating: false, count: tasks)
    for level in 0..<height - 1 {
      let next = start[level + 1]..<start[level + 2]
      for task in start[level]..<start[level + 1] {
        let deeper = tasks - start[level + 1]
        let first = next.lowerBound + random.integer(below: next.count)
        targets[task].insert(first)
        if outDegree >= deeper { targets[task] = Set(next.lowerBound..<tasks) }
        while targets[task].count < min(outDegree, deeper) {
          targets[task].insert(next.lowerBound + random.integer(below: deeper))
        }
        for target in targets[task] where next.contains(target) { reached[target] = true }
      }
      for target in next where !reached[target] {
        targets[start[level] + random.integer(below: start[level + 1] - start[level])].insert(target)
      }
    }
    return TaskGraph(unit: tasks, targets: targets)
  }

  /// Where each level's tasks begin; one more at the end.
  private static func starts(tasks: Int, height: Int, _ random: inout RandomStream) -> [Int] {
    let draws = (0..<height).map { _ in random.uniform() + 0x1p-53 }
    let scale = Double(tasks - height) / draws.reduce(0, +)
    var start = [0]
    var sum = 0.0
    for (level, draw) in draws.enumerated() {
      sum += draw * scale
      start.append(level + 1 == height ? tasks : level + 1 + Int(sum))
    }
    return start
  }
}

extension TaskGraph {
  /// A graph with one cycle a task and one bit an edge, by the successors of each task, which have higher numbers.
  init(unit count: Int, targets: [Set<Int>]) {
    let dependencies = targets.indices.flatMap { source in
      targets[source].sorted().map { Dependency(from: source, to: $0, bits: 1) }
    }
    self.init(checked: [Double](repeating: 1, count: count), dependencies: dependencies)
  }

  /// A graph that its maker knows to be one.
  init(checked cycles: [Double], dependencies: [Dependency]) {
    do {
      try self.init(cycles: cycles, dependencies: dependencies)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
