/// Nodes with clocks and the links between them: what a task graph is placed on.
public struct TaskPlatform: Sendable, Equatable {
  /// The clock of each node.
  public let clock_Hz: [Double]
  /// The rate between nodes, [node × node], row by row; the diagonal is not read.
  public let rate_bps: [Double]
  /// The delay before the first bit arrives, [node × node], row by row; the diagonal is not read.
  public let latency_s: [Double]

  /// A platform by the clocks of its nodes and the rates and delays between them.
  public init(clocks: [Hertz], rate_bps: [Double], latency_s: [Double]) {
    let nodes = clocks.count
    precondition(nodes > 0 && clocks.allSatisfy { $0.value > 0 }, "a platform needs nodes with clocks above 0")
    precondition(
      rate_bps.count == nodes * nodes && latency_s.count == nodes * nodes,
      "\(nodes) nodes need \(nodes * nodes) rates and delays, not \(rate_bps.count) and \(latency_s.count)")
    for pair in 0..<nodes * nodes where pair / nodes != pair % nodes {
      precondition(
        rate_bps[pair] > 0 && latency_s[pair] >= 0 && latency_s[pair].isFinite,
        "between nodes \(pair / nodes) and \(pair % nodes): the rate must be above 0 and the delay finite")
    }
    clock_Hz = clocks.map(\.value)
    self.rate_bps = rate_bps
    self.latency_s = latency_s
  }

  /// How many nodes there are.
  public var nodes: Int { clock_Hz.count }

  /// The problem of a graph on this platform: task i takes C_i / f_p on node p.
  ///
  /// `permits` says where a task can run (a camera's capture only at the camera); everywhere if it is left out.
  public func problem(
    _ graph: TaskGraph, available_s: [Double]? = nil, permits: (_ task: Int, _ node: Int) -> Bool = { _, _ in true }
  ) -> SchedulingProblem {
    var execution_s: [Double] = []
    execution_s.reserveCapacity(graph.count * nodes)
    for task in 0..<graph.count {
      for node in 0..<nodes {
        execution_s.append(permits(task, node) ? graph.cycles[task] / clock_Hz[node] : .infinity)
      }
    }
    var secondsPerBit = rate_bps.map { 1 / $0 }
    var latency_s = latency_s
    for node in 0..<nodes {
      secondsPerBit[node * nodes + node] = 0
      latency_s[node * nodes + node] = 0
    }
    return SchedulingProblem(
      graph: graph, nodes: nodes, execution_s: execution_s, secondsPerBit: secondsPerBit, latency_s: latency_s,
      available_s: available_s)
  }
}
