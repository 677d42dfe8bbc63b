import EdgeCloud
import Randomness

/// Problems that tests of several schedulers share.
enum Graphs {
  /// The canonical graph of ten tasks on three nodes (H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260),
  /// tasks and nodes counted from 0.
  static func canonical() throws -> SchedulingProblem {
    try problem(
      edges: [
        (0, 1, 18), (0, 2, 12), (0, 3, 9), (0, 4, 11), (0, 5, 14), (1, 7, 19), (1, 8, 16), (2, 6, 23), (3, 7, 27),
        (3, 8, 23), (4, 8, 13), (5, 7, 15), (6, 9, 17), (7, 9, 11), (8, 9, 13),
      ],
      durations: [
        [14, 16, 9], [13, 19, 18], [11, 13, 19], [13, 8, 17], [12, 13, 10], [13, 16, 9], [7, 15, 11], [5, 11, 14],
        [18, 12, 20], [21, 7, 16],
      ])
  }

  /// A problem by its edges and the durations of each task, with one second for each unit of data.
  static func problem(edges: [(Int, Int, Double)], durations: [[Double]]) throws -> SchedulingProblem {
    let nodes = durations[0].count
    return SchedulingProblem(
      graph: try TaskGraph(
        cycles: durations.map { $0.reduce(.infinity, min) },
        dependencies: edges.map { TaskGraph.Dependency(from: $0.0, to: $0.1, bits: $0.2) }),
      nodes: nodes, execution_s: durations.flatMap { $0 }, secondsPerBit: 1)
  }

  /// A random problem, of every kind: shapes, ratios, spreads, pinned tasks, unlike links and busy nodes.
  static func random(_ index: UInt64, tasks: ClosedRange<Int>, nodes: ClosedRange<Int>) -> SchedulingProblem {
    var random = RandomStream(seed: 77).split(index)
    let count = tasks.lowerBound + random.integer(below: tasks.count)
    let width = nodes.lowerBound + random.integer(below: nodes.count)
    let world = WorldDraws(seed: 5)
    let shape = LayeredGraphs(
      tasks: count, shape: [0.5, 1, 2][random.integer(below: 3)], outDegree: 1 + random.integer(below: 4)
    ).graph(in: world, index: index)
    let plain = GraphCosts(
      communicationRatio: [0, 0.1, 1, 5][random.integer(below: 4)],
      heterogeneity: [0, 0.5, 1, 2][random.integer(below: 4)]
    ).problem(on: shape, nodes: width, in: world, index: index)
    guard random.bernoulli(0.5) else { return plain }
    var execution = plain.execution_s
    for task in 0..<count where random.bernoulli(0.2) {
      let pin = random.integer(below: width)
      for node in 0..<width where node != pin { execution[task * width + node] = .infinity }
    }
    for task in 0..<count where random.bernoulli(0.1) {
      for node in 0..<width where execution[task * width + node].isFinite { execution[task * width + node] = 0 }
    }
    var perBit = plain.secondsPerBit
    var latency = plain.latency_s
    for pair in 0..<width * width where pair / width != pair % width {
      perBit[pair] *= random.uniform(in: 0.2..<3)
      latency[pair] = random.bernoulli(0.5) ? 0 : random.uniform()
    }
    return SchedulingProblem(
      graph: plain.graph, nodes: width, execution_s: execution, secondsPerBit: perBit, latency_s: latency,
      available_s: (0..<width).map { _ in random.bernoulli(0.5) ? 0 : 3 * random.uniform() })
  }

  /// A random problem on equal nodes without transfers.
  static func homogeneous(_ index: UInt64, tasks: ClosedRange<Int>, nodes: ClosedRange<Int>) -> SchedulingProblem {
    var random = RandomStream(seed: 78).split(index)
    let count = tasks.lowerBound + random.integer(below: tasks.count)
    let shape = LayeredGraphs(tasks: count, shape: 1.5, outDegree: 1 + random.integer(below: 2))
      .graph(in: WorldDraws(seed: 6), index: index)
    return GraphCosts(communicationRatio: 0, heterogeneity: 0).problem(
      on: shape, nodes: nodes.lowerBound + random.integer(below: nodes.count), in: WorldDraws(seed: 6), index: index)
  }
}
