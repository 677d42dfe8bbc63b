import Baselines
import EdgeCloud
import Testing

struct EnergyGreedyTests {
  private func processor(_ capacitance: Double, _ clock: Double) -> ScalableProcessor {
    ScalableProcessor(
      switchedCapacitance: capacitance, minimumClock: Hertz(clock / 100), maximumClock: Hertz(clock))
  }

  private func energy(_ processors: [ScalableProcessor], perBit: Double = 0) -> SchedulingEnergy {
    SchedulingEnergy(
      processors: processors, joulesPerBit: [Double](repeating: perBit, count: processors.count * processors.count))
  }

  private func isValid(_ plan: ClockedSchedule, _ problem: SchedulingProblem, _ energy: SchedulingEnergy) -> Bool {
    let slowdown = plan.clock_Hz.indices.map {
      energy.processors[plan.schedule.node[$0]].maximumClock_Hz / plan.clock_Hz[$0]
    }
    return plan.schedule.violations(of: problem, slowdown: slowdown).isEmpty
  }

  @Test func `a chain on one node runs at the one clock that ends at the deadline: κ(ΣC)³/D²`() throws {
    let problem = try Graphs.problem(edges: [(0, 1, 5), (1, 2, 5)], durations: [[1], [2], [3]])
    let costs = energy([processor(1e-27, 1e9)])
    let plan = EnergyGreedy(deadline: Seconds(12), energy: costs).schedule(problem)
    #expect(plan.clock_Hz.allSatisfy { abs($0 - 0.5e9) < 1 })
    let expected = 1e-27 * 6e9 * 6e9 * 6e9 / (12 * 12)
    #expect(abs(plan.energy_J - expected) < 1e-12 * expected)
    #expect(abs(plan.schedule.makespan_s - 12) < 1e-9)
    #expect(isValid(plan, problem, costs))
  }

  @Test func `takes the frugal node where the deadline allows it and the fast one where it does not`() throws {
    let problem = try Graphs.problem(edges: [], durations: [[1, 4]])
    // The second node takes four times as long for a hundredth of the capacitance.
    let costs = energy([processor(1e-26, 4e9), processor(1e-28, 1e9)])
    #expect(EnergyGreedy(deadline: Seconds(5), energy: costs).schedule(problem).schedule.node == [1])
    #expect(EnergyGreedy(deadline: Seconds(3), energy: costs).schedule(problem).schedule.node == [0])
  }

  @Test func `sends nothing where sending costs more than computing`() throws {
    let problem = try Graphs.problem(edges: [(0, 1, 1)], durations: [[1, 50], [2, 1]])
    let cheap = energy([processor(1e-27, 1e9), processor(1e-28, 1e9)])
    let dear = energy([processor(1e-27, 1e9), processor(1e-28, 1e9)], perBit: 100)
    #expect(EnergyGreedy(deadline: Seconds(20), energy: cheap).schedule(problem).schedule.node == [0, 1])
    #expect(EnergyGreedy(deadline: Seconds(20), energy: dear).schedule(problem).schedule.node == [0, 0])
  }

  @Test func `is on time whenever HEFT is, and then never costs more`() {
    var cheaper = 0
    for index in 0..<1000 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 1...25, nodes: 1...5)
      let costs = energy(
        (0..<problem.nodes).map { processor($0 % 2 == 0 ? 1e-27 : 3e-28, 1e9) }, perBit: 1e-9)
      let fast = HEFT().schedule(problem)
      let full = costs.energy_J(
        of: problem, node: fast.node, clock_Hz: fast.node.map { costs.processors[$0].maximumClock_Hz })
      for slack in [0.5, 1, 1.3, 3] {
        let rule = EnergyGreedy(deadline: Seconds(fast.makespan_s * slack), energy: costs)
        let plan = rule.schedule(problem)
        #expect(isValid(plan, problem, costs), "problem \(index), slack \(slack)")
        #expect(plan.energy_J <= full * (1 + 1e-9))
        if slack >= 1 {
          #expect(plan.schedule.makespan_s <= rule.deadline_s * (1 + 1e-9), "problem \(index), slack \(slack)")
        } else {
          #expect(plan.schedule == fast)
        }
        if slack == 1.3, plan.energy_J < full / (1.3 * 1.3) * (1 - 1e-9) { cheaper += 1 }
      }
    }
    #expect(cheaper > 100, "the greedy half was better only \(cheaper) times")
  }
}

struct LayeredSchedulerTests {
  @Test func `carries what leads past a path along it`() throws {
    let problem = try Graphs.problem(
      edges: [(0, 1, 1), (1, 2, 2), (0, 2, 4), (2, 3, 8), (0, 3, 16)],
      durations: [[Double]](repeating: [1, 1], count: 4))
    // 0 → 3 goes over 2, which makes 0 → 2 carry 20; that goes over 1.
    let reduced = problem.graph.withoutTriangles()
    #expect(reduced.dependencies.map { [$0.source, $0.target] } == [[0, 1], [1, 2], [2, 3]])
    #expect(reduced.dependencies.map(\.bits) == [21, 22, 24])
  }

  @Test func `leaves no triangle and no change in what waits for what, and schedules without violations`() {
    for index in 0..<500 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 2...30, nodes: 1...4)
      let graph = problem.graph
      let reduced = graph.withoutTriangles()
      #expect(closure(graph) == closure(reduced))
      #expect(graph.level == reduced.level)
      let pairs = Set(reduced.dependencies.map { [$0.source, $0.target] })
      for a in reduced.dependencies {
        for edge in reduced.successors(of: a.target) {
          #expect(!pairs.contains([a.source, reduced.dependencies[edge].target]))
        }
      }
      let schedule = LayeredScheduler().schedule(problem)
      #expect(schedule.violations(of: problem).isEmpty)
      #expect(schedule.makespan_s >= ScheduleBounds.best_s(problem) * (1 - 1e-12))
    }
  }

  private func closure(_ graph: TaskGraph) -> [Set<Int>] {
    var behind = [Set<Int>](repeating: [], count: graph.count)
    for task in graph.topologicalOrder.reversed() {
      for edge in graph.successors(of: task) {
        let target = graph.dependencies[edge].target
        behind[task].formUnion(behind[target].union([target]))
      }
    }
    return behind
  }
}
