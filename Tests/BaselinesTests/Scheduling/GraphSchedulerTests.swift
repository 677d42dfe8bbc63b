import Baselines
import EdgeCloud
import Randomness
import Testing

struct GraphSchedulerTests {
  @Test func `ranks the canonical graph as published`() throws {
    let problem = try Graphs.canonical()
    let rank = TaskRanks.upward(problem)
    let published = [108, 77, 80, 80, 69, 63.333, 42.667, 35.667, 44.333, 14.667]
    for (value, expected) in zip(rank, published) { #expect(abs(value - expected) < 5e-4) }
    #expect(TaskRanks.descending(rank, in: problem.graph) == [0, 3, 2, 1, 4, 5, 8, 6, 7, 9])
    let sums = zip(rank, TaskRanks.downward(problem)).map(+)
    for task in [0, 1, 8, 9] { #expect(abs(sums[task] - 108) < 1e-9) }
    #expect(sums.enumerated().allSatisfy { [0, 1, 8, 9].contains($0) || $1 < 107 })
  }

  @Test func `HEFT schedules the canonical graph in 80, with either order of the tied tasks`() throws {
    let problem = try Graphs.canonical()
    let schedule = HEFT().schedule(problem)
    #expect(schedule.makespan_s == 80)
    #expect(schedule.violations(of: problem).isEmpty)
    // The published Gantt chart: which tasks run on which node.
    #expect(schedule.node == [2, 0, 2, 1, 2, 1, 2, 0, 1, 1])
    // The same rule with tasks 2 and 3 exchanged.
    var graph = problem.execution_s
    for node in 0..<3 { graph.swapAt(2 * 3 + node, 3 * 3 + node) }
    let swap = { (task: Int) in task == 2 ? 3 : task == 3 ? 2 : task }
    let renumbered = SchedulingProblem(
      graph: try TaskGraph(
        cycles: problem.graph.cycles,
        dependencies: problem.graph.dependencies.map {
          TaskGraph.Dependency(from: swap($0.source), to: swap($0.target), bits: $0.bits)
        }), nodes: 3, execution_s: graph, secondsPerBit: 1)
    #expect(HEFT().schedule(renumbered).makespan_s == 80)
  }

  @Test func `CPOP schedules the canonical graph in 86, its critical path on the second node`() throws {
    let problem = try Graphs.canonical()
    let path = CPOP().criticalPath(problem)
    #expect(path.tasks == [0, 1, 8, 9])
    #expect(path.node == 1)
    let schedule = CPOP().schedule(problem)
    #expect(schedule.makespan_s == 86)
    #expect([0, 1, 8, 9].allSatisfy { schedule.node[$0] == 1 })
    #expect(schedule.violations(of: problem).isEmpty)
  }

  @Test func `PEFT schedules the graph of its paper in 122 where HEFT needs 133`() throws {
    let problem = try Graphs.problem(
      edges: [
        (0, 1, 17), (0, 2, 31), (0, 3, 29), (0, 4, 13), (0, 5, 7), (1, 7, 3), (1, 8, 30), (2, 6, 16), (3, 7, 11),
        (3, 8, 7), (4, 8, 57), (5, 7, 5), (6, 9, 9), (7, 9, 42), (8, 9, 7),
      ],
      durations: [
        [22, 21, 36], [22, 18, 18], [32, 27, 43], [7, 10, 4], [29, 27, 35], [26, 17, 24], [14, 25, 30], [29, 23, 36],
        [15, 21, 8], [13, 16, 33],
      ])
    #expect(HEFT().schedule(problem).makespan_s == 133)
    #expect(PEFT().schedule(problem).makespan_s == 122)
  }

  @Test func `min-min takes short tasks first and max-min long ones`() throws {
    // Two equal nodes, no edges: the long task last leaves a node idle, the long task first does not.
    let problem = try Graphs.problem(edges: [], durations: [[1, 1], [1, 1], [2, 2], [4, 4]])
    #expect(MinMin().schedule(problem).makespan_s == 5)
    #expect(MaxMin().schedule(problem).makespan_s == 4)
  }

  @Test func `EDF is on time wherever one machine can be`() {
    // One node, all ready at once: sorting by deadline is optimal (J. R. Jackson, 1955). The twin tries all orders.
    var feasible = 0
    for index in 0..<500 as Range<UInt64> {
      var random = RandomStream(seed: 3).split(index)
      let durations = (0..<6).map { _ in 1 + random.integer(below: 5) }
      let deadlines = (0..<6).map { _ in 3 + random.integer(below: 22) }
      guard let problem = try? Graphs.problem(edges: [], durations: durations.map { [Double($0)] }) else { continue }
      let schedule = EarliestDeadlineFirst(deadline_s: deadlines.map(Double.init)).schedule(problem)
      let isOnTime = zip(schedule.finish_s, deadlines).allSatisfy { $0 <= Double($1) }
      #expect(isOnTime == canBeOnTime(durations, deadlines))
      feasible += isOnTime ? 1 : 0
    }
    #expect(feasible > 50 && feasible < 450)
  }

  /// Whether some order meets all deadlines, by trying what comes last.
  private func canBeOnTime(_ durations: [Int], _ deadlines: [Int]) -> Bool {
    func search(_ left: [Int], _ time: Int) -> Bool {
      left.isEmpty
        || left.contains { task in
          time + durations[task] <= deadlines[task] && search(left.filter { $0 != task }, time + durations[task])
        }
    }
    return search(Array(durations.indices), 0)
  }

  @Test func `EDF hands deadlines back along the edges`() throws {
    let problem = try Graphs.problem(edges: [(0, 1, 1), (1, 2, 1)], durations: [[4, 2], [3, 5], [1, 1]])
    let rule = EarliestDeadlineFirst(deadline_s: [100, 4, 10])
    #expect(rule.effectiveDeadlines_s(problem) == [1, 4, 10])
  }

  @Test func `no scheduler breaks a rule on four thousand random problems, and none beats the bounds`() {
    for index in 0..<4000 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 1...40, nodes: 1...6)
      let bound = ScheduleBounds.best_s(problem)
      var rules: [any GraphScheduler] = [HEFT(), CPOP(), PEFT(), MinMin(), MaxMin()]
      rules.append(OrderedList(order: problem.graph.topologicalOrder))
      rules.append(EarliestDeadlineFirst(deadline_s: (0..<problem.tasks).map { Double($0 % 7) }))
      for rule in rules {
        let schedule = rule.schedule(problem)
        let found = schedule.violations(of: problem)
        #expect(found.isEmpty, "\(type(of: rule).name), problem \(index): \(found.prefix(3))")
        #expect(schedule.makespan_s >= bound * (1 - 1e-12), "\(type(of: rule).name), problem \(index)")
      }
    }
  }

  @Test func `any list schedule of equal nodes is within 2 − 1/m of the optimum`() {
    var worst = 0.0
    for index in 0..<300 as Range<UInt64> {
      let problem = Graphs.homogeneous(index, tasks: 3...9, nodes: 2...3)
      let optimum = OptimalSchedule(problem)
      #expect(optimum.isOptimal)
      var random = RandomStream(seed: 4).split(index)
      for _ in 0..<5 {
        let schedule = OrderedList(order: randomOrder(problem.graph, &random)).schedule(problem)
        #expect(schedule.violations(of: problem).isEmpty)
        let ratio = schedule.makespan_s / optimum.schedule.makespan_s
        #expect(ratio >= 1 - 1e-12 && ratio <= 2 - 1 / Double(problem.nodes) + 1e-9)
        worst = max(worst, ratio)
      }
    }
    #expect(worst > 1.1, "the lists are so good that nothing was tested")
  }

  /// A random topological order.
  private func randomOrder(_ graph: TaskGraph, _ random: inout RandomStream) -> [Int] {
    var left = Set(0..<graph.count)
    var order: [Int] = []
    while !left.isEmpty {
      let ready = left.sorted().filter { task in
        graph.predecessors(of: task).allSatisfy { !left.contains(graph.dependencies[$0].source) }
      }
      let task = ready[random.integer(below: ready.count)]
      order.append(task)
      left.remove(task)
    }
    return order
  }

  @Test func `metrics of the canonical schedule`() throws {
    let problem = try Graphs.canonical()
    let metrics = ScheduleMetrics(HEFT().schedule(problem), of: problem)
    #expect(metrics.lengthRatio == 80.0 / 41)
    #expect(metrics.speedup == 127.0 / 80)
    #expect(abs(metrics.efficiency - 127.0 / 240) < 1e-15)
  }
}
