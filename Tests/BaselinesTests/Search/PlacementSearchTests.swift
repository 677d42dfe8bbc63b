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

  @Test(arguments: searches.indices)
  func `seeded with HEFT it stays between the bound and HEFT decoded in its order`(index: Int) {
    for world in 0..<20 as Range<UInt64> {
      let problem = Graphs.random(world, tasks: 20...40, nodes: 2...5)
      var placement = PlacementProblem(problem)
      let start = HEFT().schedule(problem).node
      let outcome = searches[index].minimize(&placement, evaluations: 500, starts: [start], seed: world)
      #expect(outcome.cost <= placement.cost(of: start))
      #expect(outcome.cost >= ScheduleBounds.best_s(problem) * (1 - 1e-12))
      let schedule = placement.schedule(outcome.assignment)
      #expect(schedule.violations(of: problem).isEmpty)
      #expect(schedule.makespan_s == outcome.cost)
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
