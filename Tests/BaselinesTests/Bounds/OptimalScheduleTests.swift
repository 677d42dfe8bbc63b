import Baselines
import EdgeCloud
import Randomness
import Testing

struct OptimalScheduleTests {
  @Test func `the canonical graph: bounds 41 and 30.33, optimum 73, best in rank order 73, on one node 127`() throws {
    let problem = try Graphs.canonical()
    #expect(ScheduleBounds.criticalPath_s(problem) == 41)
    #expect(abs(ScheduleBounds.area_s(problem) - 91.0 / 3) < 1e-12)
    #expect(ScheduleMetrics.sequential_s(problem) == 127)
    #expect(problem.graph.topologicalOrderCount() == 1680)
    let path = ScheduleBounds.path_s(problem)
    #expect(path >= 41 && path <= 73)

    let optimum = OptimalSchedule(problem)
    #expect(optimum.schedule.makespan_s == 73)
    #expect(optimum.isOptimal)
    #expect(optimum.schedule.violations(of: problem).isEmpty)

    var placement = PlacementProblem(problem)
    #expect(ExhaustiveSearch().minimize(&placement, evaluations: 59_049).cost == 73)
  }

  /// The shortest schedule by trying every topological order with every assignment.
  private func shortest(_ problem: SchedulingProblem) -> Double {
    var least = Double.infinity
    func extend(_ order: [Int], _ left: [Int]) {
      guard !left.isEmpty else {
        var placement = PlacementProblem(problem, order: order)
        least = min(least, ExhaustiveSearch().minimize(&placement, evaluations: 100_000).cost)
        return
      }
      for task in left
      where problem.graph.predecessors(of: task).allSatisfy({
        order.contains(problem.graph.dependencies[$0].source)
      }) {
        extend(order + [task], left.filter { $0 != task })
      }
    }
    extend([], Array(0..<problem.tasks))
    return least
  }

  @Test func `agrees with trying every order and every assignment`() {
    for index in 0..<150 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 2...6, nodes: 1...3)
      let optimum = OptimalSchedule(problem)
      let least = shortest(problem)
      #expect(optimum.isOptimal, "problem \(index)")
      #expect(abs(optimum.schedule.makespan_s - least) < 1e-9 * (1 + least), "problem \(index)")
      #expect(optimum.schedule.violations(of: problem).isEmpty)
      #expect(ScheduleBounds.path_s(problem) >= ScheduleBounds.criticalPath_s(problem) * (1 - 1e-12))
      #expect(ScheduleBounds.best_s(problem) <= least * (1 + 1e-12))
    }
  }

  @Test func `agrees with it too where many tasks take no time`() {
    for index in 0..<150 as Range<UInt64> {
      let plain = Graphs.random(index, tasks: 3...6, nodes: 1...2)
      var random = RandomStream(seed: index)
      var execution = plain.execution_s
      for pair in execution.indices where execution[pair].isFinite && random.bernoulli(0.5) { execution[pair] = 0 }
      let problem = SchedulingProblem(
        graph: plain.graph, nodes: plain.nodes, execution_s: execution, secondsPerBit: plain.secondsPerBit,
        latency_s: plain.latency_s, available_s: plain.available_s)
      let optimum = OptimalSchedule(problem)
      let least = shortest(problem)
      #expect(optimum.isOptimal || optimum.schedule.makespan_s == 0, "problem \(index)")
      #expect(abs(optimum.schedule.makespan_s - least) < 1e-9 * (1 + least), "problem \(index)")
    }
  }

  @Test func `its bound is valid when it is stopped early`() {
    for index in 0..<60 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 8...10, nodes: 2...3)
      let optimum = OptimalSchedule(problem)
      for limit in [1, 5, 50, 500] {
        let stopped = OptimalSchedule(problem, branches: limit)
        #expect(stopped.branches <= limit)
        #expect(stopped.lowerBound_s <= optimum.schedule.makespan_s * (1 + 1e-12))
        #expect(stopped.schedule.makespan_s >= optimum.schedule.makespan_s * (1 - 1e-12))
        #expect(stopped.schedule.violations(of: problem).isEmpty)
      }
    }
  }

  @Test func `counts orders of chains, of free tasks and of trees as closed forms do`() throws {
    let chain = try TaskGraph(
      cycles: [1, 1, 1, 1], dependencies: (0..<3).map { TaskGraph.Dependency(from: $0, to: $0 + 1, bits: 0) })
    #expect(chain.topologicalOrderCount() == 1)
    #expect(try TaskGraph(cycles: [1, 1, 1, 1, 1], dependencies: []).topologicalOrderCount() == 120)
    // A complete binary tree of 7: 7! over the product of the sizes of its subtrees, 7 · 3 · 3.
    let tree = try TaskGraph(
      cycles: [Double](repeating: 1, count: 7),
      dependencies: (1..<7).map { TaskGraph.Dependency(from: ($0 - 1) / 2, to: $0, bits: 0) })
    #expect(tree.topologicalOrderCount() == 80)
  }
}
