public import EdgeCloud

/// Layer by layer, after PRAISE: the graph is turned into layers, and each is placed before the next.
///
/// First what leads past another path is carried along it (``EdgeCloud/TaskGraph/withoutTriangles()``). Then the tasks of
/// each level, longest mean first, go where they would end first if no layer began before the last had ended. The
/// times are those of the graph as it was, and wait for no layer. Source of the idea: C. Feng, P. Han, X. Zhang,
/// Q. Zhang, Y. Liu, L. Guo, IEEE TMC 23 (2024) 9271; the placement within a layer is ours.
public struct LayeredScheduler: GraphScheduler, Equatable {
  public static let name = "layered"

  /// The scheduler; it has no settings.
  public init() {}

  public func schedule(_ problem: SchedulingProblem) -> TaskSchedule {
    let graph = problem.graph.withoutTriangles()
    let reduced = SchedulingProblem(
      graph: graph, nodes: problem.nodes, execution_s: problem.execution_s, secondsPerBit: problem.secondsPerBit,
      latency_s: problem.latency_s, available_s: problem.available_s)
    var timeline = Timeline(reduced)
    var order: [Int] = []
    var barrier = 0.0
    for level in 0..<graph.depth {
      let tasks = graph.tasks(atLevel: level).sorted {
        (-reduced.meanDuration_s(task: $0), $0) < (-reduced.meanDuration_s(task: $1), $1)
      }
      for task in tasks {
        let choice = timeline.best(task, inserting: false, notBefore: barrier) { $1 }
        timeline.place(task, on: choice.node, at: choice.start_s)
      }
      for task in tasks { barrier = max(barrier, timeline.finish_s[task]) }
      order += tasks
    }
    var decoder = ScheduleDecoder(problem, order: order)
    return decoder.schedule(timeline.node)
  }
}

extension TaskGraph {
  /// The graph with every edge u → w that has a way u → v → w taken out and its bits carried over u → v and v → w.
  ///
  /// The edge that spans most levels goes first, along the lowest v; what waits for what does not change.
  public func withoutTriangles() -> TaskGraph {
    var bits: [[Int: Double]] = (0..<count).map { task in
      Dictionary(
        uniqueKeysWithValues: successors(of: task).map { (dependencies[$0].target, dependencies[$0].bits) })
    }
    let edges = dependencies.sorted {
      let spans = (level[$0.target] - level[$0.source], level[$1.target] - level[$1.source])
      return (-spans.0, $0.source, $0.target) < (-spans.1, $1.source, $1.target)
    }
    for edge in edges {
      guard let between = bits[edge.source].keys.filter({ bits[$0][edge.target] != nil }).min() else { continue }
      let carried = bits[edge.source].removeValue(forKey: edge.target) ?? 0
      bits[edge.source][between, default: 0] += carried
      bits[between][edge.target, default: 0] += carried
    }
    let left = bits.enumerated().flatMap { source, targets in
      targets.map { Dependency(from: source, to: $0.key, bits: $0.value) }
    }
    // Taking edges out of a graph leaves a graph.
    return (try? TaskGraph(cycles: cycles, dependencies: left)) ?? self
  }
}
