/// A task graph on a platform: how long each task takes on each node, and each edge between each two nodes.
///
/// With n tasks, m nodes and edge e of b bits: task i takes `execution_s[i · m + p]` on node p, infinity where it
/// cannot run, and edge e takes L_pq + b · s_pq from node p to node q ≠ p, and nothing within a node. A node runs one
/// task at a time to its end; transfers do not wait for each other. This is the model of H. Topcuoglu, S. Hariri,
/// M.-Y. Wu, IEEE TPDS 13 (2002) 260, where b is the data and s_pq the inverse of the rate.
public struct SchedulingProblem: Sendable, Equatable {
  /// The tasks and what they wait for.
  public let graph: TaskGraph
  /// How many nodes there are.
  public let nodes: Int
  /// The seconds of each task on each node, [task × node], row by row; infinity where it cannot run.
  public let execution_s: [Double]
  /// The seconds before the first bit arrives, [node × node], row by row; the diagonal is 0.
  public let latency_s: [Double]
  /// The seconds that each bit takes, [node × node], row by row; the diagonal is 0.
  public let secondsPerBit: [Double]
  /// When each node is free of earlier work.
  public let available_s: [Double]

  /// A problem by its matrices. `available_s` is 0 for every node if it is left out, latencies likewise.
  public init(
    graph: TaskGraph, nodes: Int, execution_s: [Double], secondsPerBit: [Double], latency_s: [Double]? = nil,
    available_s: [Double]? = nil
  ) {
    let latency_s = latency_s ?? [Double](repeating: 0, count: nodes * nodes)
    let available_s = available_s ?? [Double](repeating: 0, count: nodes)
    precondition(nodes > 0, "a platform needs a node")
    precondition(
      execution_s.count == graph.count * nodes && secondsPerBit.count == nodes * nodes
        && latency_s.count == nodes * nodes && available_s.count == nodes,
      "\(graph.count) tasks and \(nodes) nodes do not fit \(execution_s.count) execution times, "
        + "\(secondsPerBit.count) times per bit, \(latency_s.count) latencies and \(available_s.count) start times")
    precondition(
      execution_s.allSatisfy { $0 >= 0 }
        && (secondsPerBit + latency_s + available_s).allSatisfy { $0 >= 0 && $0.isFinite },
      "times must not be negative, and only execution times may be infinite")
    for node in 0..<nodes {
      precondition(
        secondsPerBit[node * nodes + node] == 0 && latency_s[node * nodes + node] == 0,
        "a transfer within node \(node) takes no time")
    }
    for task in 0..<graph.count {
      precondition(
        execution_s[task * nodes..<(task + 1) * nodes].contains { $0.isFinite }, "task \(task) can run nowhere")
    }
    self.graph = graph
    self.nodes = nodes
    self.execution_s = execution_s
    self.latency_s = latency_s
    self.secondsPerBit = secondsPerBit
    self.available_s = available_s
  }

  /// The problem in which every two nodes are joined by the same link.
  public init(
    graph: TaskGraph, nodes: Int, execution_s: [Double], secondsPerBit: Double, available_s: [Double]? = nil
  ) {
    var matrix = [Double](repeating: secondsPerBit, count: nodes * nodes)
    for node in 0..<nodes { matrix[node * nodes + node] = 0 }
    self.init(
      graph: graph, nodes: nodes, execution_s: execution_s, secondsPerBit: matrix, available_s: available_s)
  }
}

extension SchedulingProblem {
  /// How many tasks there are.
  public var tasks: Int { graph.count }

  /// The seconds of a task on a node; infinity where it cannot run.
  public func duration_s(task: Int, node: Int) -> Double { execution_s[task * nodes + node] }

  /// Whether a task can run on a node.
  public func permits(task: Int, node: Int) -> Bool { execution_s[task * nodes + node].isFinite }

  /// The seconds of an edge from one node to another: L_pq + b · s_pq, and 0 within a node.
  public func transfer_s(edge: Int, from source: Int, to target: Int) -> Double {
    guard source != target else { return 0 }
    let pair = source * nodes + target
    return latency_s[pair] + graph.dependencies[edge].bits * secondsPerBit[pair]
  }

  /// The mean of a task's times over the nodes where it can run.
  public func meanDuration_s(task: Int) -> Double {
    var sum = 0.0
    var count = 0
    for node in 0..<nodes where permits(task: task, node: node) {
      sum += duration_s(task: task, node: node)
      count += 1
    }
    return sum / Double(count)
  }

  /// The least of a task's times.
  public func leastDuration_s(task: Int) -> Double {
    execution_s[task * nodes..<(task + 1) * nodes].reduce(.infinity, min)
  }

  /// The mean of an edge's times over the ordered pairs of different nodes; 0 on one node.
  public func meanTransfer_s(edge: Int) -> Double {
    guard nodes > 1 else { return 0 }
    let pairs = Double(nodes * (nodes - 1))
    return latency_s.reduce(0, +) / pairs + graph.dependencies[edge].bits * (secondsPerBit.reduce(0, +) / pairs)
  }
}
