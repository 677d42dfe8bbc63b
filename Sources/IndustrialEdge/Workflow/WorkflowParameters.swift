public import EdgeCloud
import Randomness

/// Every constant of a scenario in which the tasks of a graph are placed. Numbers are SI units unless a name says
/// otherwise.
public struct WorkflowParameters: Sendable {
  /// Where graphs come from.
  public enum Source: Sendable, Equatable {
    /// One graph; the work of its tasks may differ from episode to episode.
    case fixed(TaskGraph)
    /// A random shape with cycles ~ U(0, 2 · mean) and bits ~ U(0, 2 · mean), anew in every episode.
    case layered(LayeredGraphs, meanCycles: Double, meanBits: Double)
    /// A random graph with daggen's parameters, its operations and data scaled, anew in every episode.
    case matrices(MatrixGraphs, cyclesScale: Double, bitsScale: Double)

    /// The number of tasks, the same in every episode.
    public var tasks: Int {
      switch self {
      case .fixed(let graph): graph.count
      case .layered(let graphs, _, _): graphs.tasks
      case .matrices(let graphs, _, _): graphs.tasks
      }
    }
  }

  /// The device that the job comes from.
  public struct Device: Sendable, Equatable {
    public var cpu_Hz: Double
    /// κ in E = κ f² C.
    public var switchedCapacitance: Double
    /// Clock settings as shares of the full speed, rising, the last 1.
    public var clocks: [Double]
    /// What sending and receiving draw.
    public var transmit_W: Double
    public var receive_W: Double
    /// Whether tasks that wait for nothing run on the device, where their data is.
    public var holdsEntries: Bool
  }

  /// The servers near the device, each with a clock of its own in every episode.
  public struct Servers: Sendable, Equatable {
    public var count: Int
    public var cpu_Hz: ClosedRange<Double>
  }

  /// Rates and delays of one direction.
  public struct Links: Sendable, Equatable {
    public var uplink_bps: Double
    public var downlink_bps: Double
    public var radioDelay_s: Double
    /// Between servers.
    public var network_bps: Double
    public var networkDelay_s: Double
    /// Between a server and the cloud.
    public var backhaul_bps: Double
    public var backhaulDelay_s: Double
  }

  /// The weights of the reward's terms.
  public struct Reward: Sendable, Equatable {
    public var makespanWeight: Double
    public var energyWeight: Double
    public var missWeight: Double
  }

  /// The scenario's name.
  public var id: String
  public var actions: HallParameters.Actions
  public var source: Source
  /// A task's work is its mean times U(1 − s/2, 1 + s/2).
  public var workSpread: Double
  public var device: Device
  public var edge: Servers
  /// Processors in the cloud.
  public var cloud: Servers
  public var links: Links
  /// The deadline in units of the shortest path that the graph has on this platform.
  public var deadlineFactor: Double
  public var reward: Reward

  /// Device, servers, cloud.
  public var nodes: Int { 1 + edge.count + cloud.count }

  /// The graph of an episode.
  func graph(in world: WorldDraws) -> TaskGraph {
    let drawn: TaskGraph
    switch source {
    case .fixed(let graph): drawn = graph
    case .layered(let graphs, let cycles, let bits):
      // Mean durations of one second at a clock of the mean work; data alike.
      let costs = GraphCosts(
        communicationRatio: 1, heterogeneity: 0, clock: Hertz(cycles), rate: BitsPerSecond(bits))
      drawn = costs.problem(on: graphs.graph(in: world, index: 0), nodes: 1, in: world, index: 0).graph
    case .matrices(let graphs, let cycles, let bits):
      let graph = graphs.job(in: world, index: 0).graph
      drawn = Self.scaled(graph, bits: bits) { graph.cycles[$0] * cycles }
    }
    if workSpread == 0 { return drawn }
    return Self.scaled(drawn, bits: 1) { task in
      drawn.cycles[task] * (1 + workSpread * (world.uniform(.workflowWork, entity: UInt64(task)) - 0.5))
    }
  }

  private static func scaled(_ graph: TaskGraph, bits: Double, cycles: (Int) -> Double) -> TaskGraph {
    let dependencies = graph.dependencies.map {
      TaskGraph.Dependency(from: $0.source, to: $0.target, bits: $0.bits * bits)
    }
    do {
      return try TaskGraph(cycles: (0..<graph.count).map(cycles), dependencies: dependencies)
    } catch {
      preconditionFailure("scaling made of a graph none: \(error)")
    }
  }

  /// The times of an episode's graph on its platform: node 0 is the device, then servers, then the cloud.
  func problem(in world: WorldDraws) -> SchedulingProblem {
    let graph = graph(in: world)
    var clocks = [Hertz(device.cpu_Hz)]
    for server in 0..<edge.count + cloud.count {
      let range = server < edge.count ? edge.cpu_Hz : cloud.cpu_Hz
      let share = world.uniform(.workflowServer, entity: UInt64(server))
      clocks.append(Hertz(min(range.lowerBound + (range.upperBound - range.lowerBound) * share, range.upperBound)))
    }
    var rates = [Double](repeating: 1, count: nodes * nodes)
    var delays = [Double](repeating: 0, count: nodes * nodes)
    for from in 0..<nodes {
      for to in 0..<nodes where to != from {
        (rates[from * nodes + to], delays[from * nodes + to]) = way(from: from, to: to)
      }
    }
    let platform = TaskPlatform(clocks: clocks, rate_bps: rates, latency_s: delays)
    return platform.problem(graph) { task, node in
      node == 0 || !device.holdsEntries || !graph.predecessors(of: task).isEmpty
    }
  }

  /// Rate and delay between two nodes; over several hops the rate of the slowest and the sum of the delays.
  private func way(from: Int, to: Int) -> (rate_bps: Double, delay_s: Double) {
    let isCloud = (from > edge.count, to > edge.count)
    var rate = Double.infinity
    var delay = 0.0
    if from == 0 || to == 0 {
      rate = from == 0 ? links.uplink_bps : links.downlink_bps
      delay = links.radioDelay_s
    }
    if isCloud.0 != isCloud.1 {
      rate = min(rate, links.backhaul_bps)
      delay += links.backhaulDelay_s
    } else if from != 0, to != 0 {
      rate = min(rate, links.network_bps)
      delay += links.networkDelay_s
    }
    return (rate, delay)
  }
}
