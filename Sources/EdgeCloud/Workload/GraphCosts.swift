public import Randomness

/// Random costs on the shape of a graph, after H. Topcuoglu, S. Hariri, M.-Y. Wu, IEEE TPDS 13 (2002) 260.
///
/// With w̄ the mean duration: a task's mean w̄_i ~ U(0, 2w̄), its time on node j w_ij ~ U[w̄_i(1 − β/2), w̄_i(1 + β/2)], and
/// an edge's time between any two nodes ~ U(0, 2·CCR·w̄). Work, data and spread are drawn separately: changing the CCR
/// only scales the data.
public struct GraphCosts: Sendable, Equatable {
  /// w̄, the mean over all tasks and nodes.
  public let meanDuration_s: Double
  /// CCR, the mean time of an edge over the mean time of a task.
  public let communicationRatio: Double
  /// β, how much nodes differ, in 0 … 2.
  public let heterogeneity: Double
  /// The clock at which a task's cycles take its mean duration.
  public let clock_Hz: Double
  /// The rate at which an edge's bits take its time.
  public let rate_bps: Double

  /// Costs by their parameters. The published study takes CCR in {0.1, 0.5, 1, 5, 10} and β in {0.1, 0.25, 0.5, 0.75, 1}.
  public init(
    meanDuration: Seconds = Seconds(1), communicationRatio: Double, heterogeneity: Double, clock: Hertz = Hertz(1e9),
    rate: BitsPerSecond = BitsPerSecond(1e8)
  ) {
    precondition(
      meanDuration.value > 0 && communicationRatio >= 0 && clock.value > 0 && rate.value > 0,
      "durations, clocks and rates must be above 0 and the communication ratio not below")
    precondition((0...2).contains(heterogeneity), "the heterogeneity lies in 0 … 2, not at \(heterogeneity)")
    meanDuration_s = meanDuration.value
    self.communicationRatio = communicationRatio
    self.heterogeneity = heterogeneity
    clock_Hz = clock.value
    rate_bps = rate.value
  }

  /// The problem of a shape with costs of its own, on nodes that all have the same links.
  public func problem(on shape: TaskGraph, nodes: Int, in world: WorldDraws, index: UInt64) -> SchedulingProblem {
    var work = world.stream(.graphWork, entity: index)
    var data = world.stream(.graphData, entity: index)
    var spread = world.stream(.graphSpread, entity: index)
    let means = (0..<shape.count).map { _ in 2 * meanDuration_s * work.uniform() }
    let largest = 2 * communicationRatio * meanDuration_s * rate_bps
    let graph = TaskGraph(
      checked: means.map { $0 * clock_Hz },
      dependencies: shape.dependencies.map {
        TaskGraph.Dependency(from: $0.source, to: $0.target, bits: largest * data.uniform())
      })
    var execution_s: [Double] = []
    execution_s.reserveCapacity(shape.count * nodes)
    for mean in means {
      for _ in 0..<nodes { execution_s.append(mean * (1 + heterogeneity * (spread.uniform() - 0.5))) }
    }
    return SchedulingProblem(graph: graph, nodes: nodes, execution_s: execution_s, secondsPerBit: 1 / rate_bps)
  }
}
