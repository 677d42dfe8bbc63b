public import Configuration
import EdgeCloud
import Traces

extension WorkflowParameters {
  /// Reads a scenario of this family. The keys `id` and `environment` are the caller's. Throws a `ConfigurationError`, or
  /// a `TraceError` of the workflow file that the scenario names.
  public init(id: String, from root: inout ConfigurationMapping) throws {
    self.id = id
    actions = try root.choice("actions", default: .discrete)
    var graph = try root.mapping("graph")
    workSpread = try graph.number("work_spread", in: .between(0, 2), default: 0)
    source = try Self.source(&graph)
    try graph.finish()
    device = try Device(from: try root.mapping("device"))
    edge = try Servers(from: try root.mapping("edge"), in: 0...16)
    cloud = try Servers(from: try root.mapping("cloud"), in: 0...64)
    guard edge.count + cloud.count > 0 else {
      throw root.error(
        "edge", "a server or a processor in the cloud is wanted; with the device alone there is no choice")
    }
    links = try Links(from: try root.mapping("links"))
    deadlineFactor = try root.number("deadline_factor", in: .between(1, 1e6))
    reward = try Reward(from: try root.mapping("reward"))
    let tasks = source.tasks
    guard tasks * nodes <= Self.mostPlacements else {
      throw root.error("graph", "\(tasks) tasks on \(nodes) nodes are more than \(Self.mostPlacements) placements")
    }
  }

  /// Tasks times nodes.
  private static let mostPlacements = 1_000_000

  private static func source(_ graph: inout ConfigurationMapping) throws -> Source {
    switch try graph.choice("model", among: ["layered", "matrices", "fft", "gaussian", "workflow"]) {
    case "layered":
      let tasks = try graph.integer("tasks", in: 1...10_000)
      let shape = try graph.number("shape", in: .between(0.01, 100))
      let degree = try graph.integer("out_degree", in: 1...10_000)
      let (cycles, bits) = try means(&graph)
      return .layered(
        LayeredGraphs(tasks: tasks, shape: shape, outDegree: degree), meanCycles: cycles, meanBits: bits)
    case "matrices":
      var graphs = MatrixGraphs()
      graphs.tasks = try graph.integer("tasks", in: 1...10_000)
      graphs.fat = try graph.number("fat", in: .fraction, default: graphs.fat)
      graphs.density = try graph.number("density", in: .fraction, default: graphs.density)
      graphs.regular = try graph.number("regular", in: .fraction, default: graphs.regular)
      graphs.jump = try graph.integer("jump", in: 1...1000, default: graphs.jump)
      let cycles = try graph.number("cycles_scale", in: .between(1e-12, 1e12), default: 1)
      let bits = try graph.number("bits_scale", in: .between(0, 1e12), default: 1)
      return .matrices(graphs, cyclesScale: cycles, bitsScale: bits)
    case "fft":
      let exponent = try graph.integer("exponent", in: 1...10)
      return try uniform(TaskGraph.fastFourierTransform(exponent: exponent), &graph)
    case "gaussian":
      let size = try graph.integer("size", in: 2...100)
      return try uniform(TaskGraph.gaussianElimination(size: size), &graph)
    default:
      let path = try graph.filePath("workflow_file")
      let clock = try graph.number("clock_hz", in: .between(1e3, 1e15))
      let bits = try graph.number("bits_scale", in: .between(0, 1e12), default: 1)
      let drawn = try TaskGraph(Workflow(contentsOf: path), clock: Hertz(clock))
      guard drawn.cycles.contains(where: { $0 > 0 }) else {
        throw graph.error("workflow_file", "no task of this workflow has a run time above 0")
      }
      return .fixed(
        try TaskGraph(
          cycles: drawn.cycles,
          dependencies: drawn.dependencies.map {
            TaskGraph.Dependency(from: $0.source, to: $0.target, bits: $0.bits * bits)
          }))
    }
  }

  private static func means(_ graph: inout ConfigurationMapping) throws(ConfigurationError) -> (Double, Double) {
    (
      try graph.number("mean_cycles", in: .between(1, 1e15)), try graph.number("mean_bits", in: .between(1e-6, 1e12))
    )
  }

  /// A known shape whose tasks and edges all cost the same.
  private static func uniform(_ shape: TaskGraph, _ graph: inout ConfigurationMapping) throws -> Source {
    let (cycles, bits) = try means(&graph)
    return .fixed(
      try TaskGraph(
        cycles: [Double](repeating: cycles, count: shape.count),
        dependencies: shape.dependencies.map {
          TaskGraph.Dependency(from: $0.source, to: $0.target, bits: bits)
        }))
  }
}

extension WorkflowParameters.Device {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    cpu_Hz = try mapping.number("cpu_hz", in: .between(1e3, 1e15))
    switchedCapacitance = try mapping.number("switched_capacitance", in: .above(0).to(1e-15))
    clocks = try mapping.numbers("clock_shares", count: 1...8, in: .above(0).to(1), default: [1])
    for (index, clock) in clocks.enumerated() where index > 0 && clock <= clocks[index - 1] {
      throw mapping.error("clock_shares", "the shares must rise, but \(clock) follows \(clocks[index - 1])")
    }
    guard clocks[clocks.count - 1] == 1 else {
      throw mapping.error("clock_shares", "the last share is the full speed, 1, not \(clocks[clocks.count - 1])")
    }
    transmit_W = try mapping.number("transmit_w", in: .between(0, 1e6))
    receive_W = try mapping.number("receive_w", in: .between(0, 1e6), default: 0)
    holdsEntries = try mapping.boolean("holds_entries", default: true)
    try mapping.finish()
  }
}

extension WorkflowParameters.Servers {
  fileprivate init(from mapping: ConfigurationMapping, in range: ClosedRange<Int>) throws(ConfigurationError) {
    var mapping = mapping
    count = try mapping.integer("count", in: range)
    let low = try mapping.number("cpu_min_hz", in: .between(1e3, 1e15))
    let high = try mapping.number("cpu_max_hz", in: .between(1e3, 1e15))
    guard low <= high else { throw mapping.error("cpu_max_hz", "\(high) is less than cpu_min_hz, \(low)") }
    cpu_Hz = low...high
    try mapping.finish()
  }
}

extension WorkflowParameters.Links {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    uplink_bps = try mapping.number("uplink_bps", in: .between(1, 1e15))
    downlink_bps = try mapping.number("downlink_bps", in: .between(1, 1e15))
    radioDelay_s = try mapping.number("radio_delay_s", in: .between(0, 3600), default: 0)
    network_bps = try mapping.number("network_bps", in: .between(1, 1e15))
    networkDelay_s = try mapping.number("network_delay_s", in: .between(0, 3600), default: 0)
    backhaul_bps = try mapping.number("backhaul_bps", in: .between(1, 1e15))
    backhaulDelay_s = try mapping.number("backhaul_delay_s", in: .between(0, 3600), default: 0)
    try mapping.finish()
  }
}

extension WorkflowParameters.Reward {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    makespanWeight = try mapping.number("makespan_weight", in: .between(0, 1e6))
    energyWeight = try mapping.number("energy_weight", in: .between(0, 1e6))
    missWeight = try mapping.number("miss_weight", in: .between(0, 1e6))
    try mapping.finish()
  }
}
