import Baselines
import EdgeCloud
import Glibc
import Testing

private let searches: [any AssignmentSearch] = [
  GeneticSearch(), ParticleSwarmSearch(), GeneticSwarmSearch(), AdaptiveGeneticSearch(),
]

struct PlacementSearchTests {
  @Test(arguments: searches.indices)
  func `finds the best placement of the canonical graph in rank order, 73`(index: Int) throws {
    let problem = try Graphs.canonical()
    let costs = (0..<5 as Range<UInt64>).map { seed in
      var placement = PlacementProblem(problem)
      return searches[index].minimize(&placement, evaluations: 10_000, starts: [], seed: seed).cost
    }
    #expect(costs.min() == 73)
    #expect(costs.allSatisfy { $0 >= 73 })
  }

  private func searched<Search: AssignmentSearch>(_ search: Search, seed: UInt64) -> any GraphScheduler {
    SearchedSchedule(search, evaluations: 500, seed: seed)
  }

  @Test(arguments: searches.indices)
  func `started from HEFT it lies between the bound and HEFT, and improves on it now and then`(index: Int) {
    var better = 0
    for world in 0..<60 as Range<UInt64> {
      let problem = Graphs.random(world, tasks: 5...40, nodes: 2...5)
      let start = HEFT().schedule(problem)
      let found = searched(searches[index], seed: world).schedule(problem)
      #expect(found.violations(of: problem).isEmpty)
      #expect(found.makespan_s <= start.makespan_s)
      #expect(found.makespan_s >= ScheduleBounds.best_s(problem) * (1 - 1e-12))
      better += found.makespan_s < start.makespan_s * (1 - 1e-9) ? 1 : 0
    }
    #expect(better >= 15, "\(type(of: searches[index]).name): \(better) of 60")
  }

  @Test func `placed in its own order a schedule is never longer`() {
    for world in 0..<1000 as Range<UInt64> {
      let problem = Graphs.random(world, tasks: 1...30, nodes: 1...5)
      let rules: [any GraphScheduler] = [HEFT(), CPOP(), PEFT(), MaxMin()]
      for rule in rules {
        let schedule = rule.schedule(problem)
        var decoder = ScheduleDecoder(problem, order: schedule.order(in: problem.graph))
        let packed = decoder.schedule(schedule.node)
        #expect(zip(packed.start_s, schedule.start_s).allSatisfy { $0 <= $1 })
        #expect(packed.violations(of: problem).isEmpty)
      }
    }
  }

  @Test func `the mutation of GA-DPSO grows from 0.4 at the swarm's best to 0.9 far away`() {
    let search = GeneticSwarmSearch()
    #expect(abs(search.mutation(atDistance: 0) - 0.4) < 1e-15)
    #expect(abs(search.mutation(atDistance: 1) - 0.9) < 1e-15)
    // w(½) = 0.9 − 0.5 · exp(0.5 / −0.51).
    #expect(abs(search.mutation(atDistance: 0.5) - (0.9 - 0.5 * exp(-0.5 / 0.51))) < 1e-15)
  }
}

struct RequestPlacementTests {
  /// Two requests of one task each on two equal nodes.
  private func pair(capacity: Double) throws -> RequestPlacement {
    RequestPlacement(
      try Graphs.problem(edges: [], durations: [[2, 2], [2, 2]]), request: [0, 1], deadline_s: [2, 3],
      capacity_s: [capacity, capacity])
  }

  @Test func `cost counts late requests, unbalance and overload`() throws {
    var placement = try pair(capacity: 4)
    #expect(placement.cost(of: [0, 1]) == 0)
    // Both on one node: the second is late, the uses are 1 and 0 with variance ¼.
    #expect(abs(placement.cost(of: [0, 0]) - (0.5 + 0.1 * 0.25)) < 1e-15)
    var narrow = try pair(capacity: 3)
    // Uses 4/3 and 0: variance 4/9, overload 1/3.
    #expect(abs(narrow.cost(of: [0, 0]) - (0.5 + 0.1 * 4 / 9 + 10.0 / 3)) < 1e-12)
  }

  @Test func `repair takes work off nodes that have too much and never makes it worse`() throws {
    var placement = try pair(capacity: 3)
    var assignment = [0, 0]
    placement.repair(&assignment)
    #expect(assignment == [1, 0])
    for index in 0..<200 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 5...30, nodes: 2...5)
      let work = (0..<problem.tasks).reduce(0) { $0 + problem.meanDuration_s(task: $1) }
      var requests = RequestPlacement(
        problem, request: [Int](repeating: 0, count: problem.tasks), deadline_s: [work],
        capacity_s: [Double](repeating: max(work / Double(problem.nodes), 0.1) * 1.2, count: problem.nodes))
      let start = (0..<problem.tasks).map { task in
        (0..<problem.nodes).first { problem.permits(task: task, node: $0) } ?? 0
      }
      var repaired = start
      requests.repair(&repaired)
      #expect(repaired.enumerated().allSatisfy { problem.permits(task: $0, node: $1) })
      #expect(requests.outcome(of: repaired).overload <= requests.outcome(of: start).overload + 1e-12)
    }
  }

  @Test func `the seeded search with repair does better than the plain one on crowded nodes`() throws {
    var wins = 0
    for index in 0..<10 as Range<UInt64> {
      let problem = Graphs.random(index, tasks: 30...40, nodes: 4...5)
      let fast = HEFT().schedule(problem)
      let busy = (0..<problem.tasks).reduce(0) { $0 + problem.meanDuration_s(task: $1) }
      let requests = RequestPlacement(
        problem, request: (0..<problem.tasks).map { $0 % 5 },
        deadline_s: (0..<5).map { fast.makespan_s * (0.8 + 0.1 * Double($0)) },
        capacity_s: [Double](repeating: busy / Double(problem.nodes), count: problem.nodes))
      var (a, b) = (requests, requests)
      let seeded = AdaptiveGeneticSearch().minimize(&a, evaluations: 1_500, starts: [fast.node], seed: index)
      let plain = GeneticSearch().minimize(&b, evaluations: 1_500, seed: index)
      if seeded.cost <= plain.cost { wins += 1 }
    }
    #expect(wins >= 7, "\(wins) of 10")
  }
}
