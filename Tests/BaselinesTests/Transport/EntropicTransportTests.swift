import AllocationCounting
import Baselines
import Foundation
import Randomness
import TestSupport
import Testing

@Suite struct EntropicTransportTests {
  /// A problem with a solution by POT.
  struct Case: Decodable {
    let regularization: Double
    let masses: [Double]
    let capacities: [Double]
    let costs: [Double]
    let plan: [Double]
    let least: Double
  }

  /// A problem with links, with its solution by another method of optimisation.
  struct LinkedCase: Decodable {
    let regularization: Double
    let price: Double
    let masses: [Double]
    let capacities: [Double]
    let costs: [Double]
    let uses: [Double]
    let over: [Int]
    let link_capacities: [Double]
    let plan: [Double]
    let sink_potentials: [Double]
    let link_potentials: [Double]
  }

  struct Cases: Decodable {
    let exact: [Case]
    let bounded: [Case]
    let linked: [LinkedCase]
  }

  private static func cases() throws -> Cases {
    try JSONDecoder().decode(Cases.self, from: bytes("\(project)/Tests/BaselinesTests/Fixtures/transport.json"))
  }

  /// The problem whose edges join all sources with all sinks.
  private func dense(
    _ costs: [Double], from masses: [Double], to sinks: [EntropicTransport.Sink], _ regularization: Double
  ) -> EntropicTransport {
    var transport = EntropicTransport(regularization: regularization)
    pose(costs, from: masses, to: sinks, in: &transport)
    return transport
  }

  private func pose(
    _ costs: [Double], from masses: [Double], to sinks: [EntropicTransport.Sink], in transport: inout EntropicTransport
  ) {
    transport.clear()
    for sink in sinks { transport.add(sink) }
    for (source, mass) in masses.enumerated() {
      transport.addSource(mass: mass)
      for sink in sinks.indices { transport.addEdge(to: sink, cost: costs[source * sinks.count + sink]) }
    }
  }

  private func greatestDifference(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }

  private func cost(_ plan: [Double], _ costs: [Double]) -> Double { zip(plan, costs).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test func `plans between equal totals are those of POT to 1e-6`() throws {
    for problem in try Self.cases().exact {
      var transport = dense(
        problem.costs, from: problem.masses, to: problem.capacities.map { .exactly($0) }, problem.regularization)
      let isSolved = transport.solve(tolerance: 1e-12, iterations: 1_000_000)
      #expect(isSolved)
      #expect(greatestDifference(transport.plan, problem.plan) < 1e-6, "ε = \(problem.regularization)")
    }
  }

  @Test func `bounded sinks take what POT's partial transport gives them, to 1e-6`() throws {
    for problem in try Self.cases().bounded {
      var transport = dense(
        problem.costs, from: problem.masses, to: problem.capacities.map { .atMost($0) }, problem.regularization)
      let isSolved = transport.solve(tolerance: 1e-12, iterations: 1_000_000)
      #expect(isSolved)
      #expect(greatestDifference(transport.plan, problem.plan) < 1e-6, "ε = \(problem.regularization)")
    }
  }

  @Test func `links and prices give the plan, and the worth of all that is scarce, of the dual's optimum to 1e-6`()
    throws
  {
    for problem in try Self.cases().linked {
      var transport = EntropicTransport(regularization: problem.regularization)
      for capacity in problem.capacities { transport.add(.atMost(capacity, price: problem.price)) }
      for capacity in problem.link_capacities { transport.addLink(capacity: capacity) }
      let sinks = problem.capacities.count
      for (source, mass) in problem.masses.enumerated() {
        transport.addSource(mass: mass)
        for sink in 0..<sinks {
          let edge = source * sinks + sink
          let link = problem.over[edge]
          transport.addEdge(
            to: sink, cost: problem.costs[edge], over: link < 0 ? nil : link, use: problem.uses[edge])
        }
      }
      let isSolved = transport.solve(tolerance: 1e-12, iterations: 1_000_000)
      #expect(isSolved)
      #expect(greatestDifference(transport.plan, problem.plan) < 1e-6)
      #expect(greatestDifference(transport.sinkPotentials, problem.sink_potentials) < 1e-6)
      #expect(greatestDifference(transport.linkPotentials, problem.link_potentials) < 1e-6)
      #expect(transport.linkPotentials.contains { $0 < -0.01 }, "a link is scarce")
      for (link, capacity) in problem.link_capacities.enumerated() {
        let edges = problem.over.indices.filter { problem.over[$0] == link }
        let load = edges.reduce(0) { $0 + problem.uses[$1] * transport.plan[$1] }
        #expect(load <= capacity * (1 + 1e-9))
      }
    }
  }

  @Test func `a link of which all edges take as much is a sink of another kind`() {
    // Two sinks without bounds, one reached over a link for 1: as if that sink were bounded itself.
    for use in [1.0, 7] {
      var linked = EntropicTransport(regularization: 0.1)
      for _ in 0..<2 { linked.add(.atMost(.infinity)) }
      linked.addLink(capacity: use)
      var bounded = dense([0, 0.4, 0.1, 0.3], from: [1, 1], to: [.atMost(1), .atMost(.infinity)], 0.1)
      for costs in [[0, 0.4], [0.1, 0.3]] {
        linked.addSource(mass: 1)
        linked.addEdge(to: 0, cost: costs[0], over: 0, use: use)
        linked.addEdge(to: 1, cost: costs[1])
      }
      linked.solve(tolerance: 1e-13, iterations: 100_000)
      bounded.solve(tolerance: 1e-13, iterations: 100_000)
      #expect(greatestDifference(linked.plan, bounded.plan) < 1e-10)
      #expect(abs(linked.linkPotentials[0] * use - bounded.sinkPotentials[0]) < 1e-10)
    }
  }

  @Test func `as the weight of entropy falls the cost comes down to that of the linear program`() throws {
    let cases = try Self.cases()
    for (problems, isBounded) in [(cases.exact, false), (cases.bounded, true)] {
      for problem in problems {
        let sinks = problem.capacities.map { isBounded ? EntropicTransport.Sink.atMost($0) : .exactly($0) }
        var last = Double.infinity
        for regularization in [0.1, 0.01, 0.001] {
          var transport = dense(problem.costs, from: problem.masses, to: sinks, regularization)
          transport.solve(tolerance: 1e-9, iterations: 200_000)
          let total = problem.masses.reduce(0, +)
          let excess = cost(transport.plan, problem.costs) - problem.least
          // The entropic plan costs at most ε times the entropy that it may have beyond the other's.
          let room = regularization * total * log(Double(problem.masses.count * problem.capacities.count))
          #expect(excess > -1e-6 && excess <= room + 1e-6 && excess <= last + 1e-9, "\(excess) at \(regularization)")
          last = excess
        }
        #expect(last < 2e-3)
      }
    }
  }

  @Test func `two equal sources and sinks split by the logistic of the cost over the weight`() {
    for (cost, regularization) in [(1.0, 1.0), (0.3, 0.1), (2, 0.05), (1, 1e-4)] {
      var transport = dense(
        [0, cost, cost, 0], from: [0.5, 0.5], to: [.exactly(0.5), .exactly(0.5)], regularization)
      transport.solve(tolerance: 1e-14, iterations: 1000)
      let straight = 0.5 / (1 + exp(-cost / regularization))
      #expect(greatestDifference(transport.plan, [straight, 0.5 - straight, 0.5 - straight, straight]) < 1e-12)
    }
  }

  @Test func `where nothing is full a row is the softmax of its costs, and prices are zero`() {
    var transport = dense([0.1, 0.4, 0.2, 0.3, 0, 0.9], from: [2, 3], to: [.atMost(9), .atMost(9), .atMost(9)], 0.2)
    let isSolved = transport.solve(tolerance: 1e-12, iterations: 10)
    #expect(isSolved)
    for (source, costs) in [[0.1, 0.4, 0.2], [0.3, 0, 0.9]].enumerated() {
      let powers = costs.map { exp(-$0 / 0.2) }
      let sum = powers.reduce(0, +)
      for sink in 0..<3 {
        #expect(abs(transport.plan[source * 3 + sink] - [2, 3][source] * powers[sink] / sum) < 1e-12)
      }
    }
    #expect(transport.sinkPotentials == [0, 0, 0])
  }

  @Test func `beyond its capacity a sink takes load at its price, which caps what its capacity is worth`() {
    // One sink for 1, the other far dearer: with price ρ below the difference all goes beyond capacity.
    var transport = dense([0, 2], from: [4], to: [.atMost(1, price: 0.5), .atMost(9)], 0.1)
    transport.solve(tolerance: 1e-12, iterations: 100)
    #expect(abs(transport.sinkPotentials[0] + 0.5) < 1e-12)
    #expect(abs(transport.plan[0] - 4 / (1 + exp(-15))) < 1e-9)
    // With a price above it exactly the capacity is used.
    transport = dense([0, 2], from: [4], to: [.atMost(1, price: 5), .atMost(9)], 0.1)
    transport.solve(tolerance: 1e-12, iterations: 1000)
    #expect(abs(transport.plan[0] - 1) < 1e-9 && abs(transport.plan[1] - 3) < 1e-9)
    #expect(transport.sinkPotentials[0] < -1.9 && transport.sinkPotentials[0] > -2.2)
  }

  @Test func `several edges between a source and a sink share by their costs`() {
    var transport = EntropicTransport(regularization: 0.5)
    transport.add(.exactly(2))
    transport.add(.exactly(1))
    transport.addSource(mass: 3)
    for (sink, cost) in [(0, 0.0), (0, 0.5), (1, 0.2)] { transport.addEdge(to: sink, cost: cost) }
    transport.solve(tolerance: 1e-13, iterations: 1000)
    let share = 1 / (1 + exp(-1.0))
    #expect(greatestDifference(transport.plan, [2 * share, 2 * (1 - share), 1]) < 1e-12)
  }

  @Test func `exchanging sources and sinks exchanges the plan`() {
    var stream = RandomStream(seed: 3)
    let costs = (0..<12).map { _ in stream.uniform() }
    let transposed = (0..<12).map { costs[$0 % 3 * 4 + $0 / 3] }
    var (one, other) = (
      dense(costs, from: [1, 2, 3], to: [2, 1, 2, 1].map { .exactly($0) }, 0.1),
      dense(transposed, from: [2, 1, 2, 1], to: [1, 2, 3].map { .exactly($0) }, 0.1)
    )
    one.solve(tolerance: 1e-13, iterations: 100_000)
    other.solve(tolerance: 1e-13, iterations: 100_000)
    #expect(greatestDifference(one.plan, (0..<12).map { other.plan[$0 % 4 * 3 + $0 / 4] }) < 1e-10)
  }

  @Test func `rows sum to their masses after any number of iterations, whatever the sizes of costs and masses`() {
    var stream = RandomStream(seed: 5)
    var transport = EntropicTransport(regularization: 1e-3)
    for _ in 0..<50 {
      let masses = (0..<6).map { _ in exp(40 * stream.uniform()) }
      let sinks = (0..<4).map { _ in EntropicTransport.Sink.atMost(exp(40 * stream.uniform()), price: 1e3) }
      let costs = (0..<24).map { _ in 1e3 * (stream.uniform() - 0.5) }
      pose(costs, from: masses, to: sinks, in: &transport)
      transport.solve(tolerance: 1e-9, iterations: 3)
      for source in 0..<6 {
        let sum = transport.plan[source * 4..<source * 4 + 4].reduce(0, +)
        #expect(abs(sum / masses[source] - 1) < 1e-6)
      }
    }
  }

  @Test func `sources and sinks of nothing carry nothing, and nothing becomes no number`() {
    var transport = dense(
      [0.1, 0.2, 0.3, 0.4], from: [0, 1], to: [.exactly(0), .exactly(1)], 0.1)
    transport.addSource(mass: 0)
    let isSolved = transport.solve(tolerance: 1e-12, iterations: 100)
    #expect(isSolved)
    #expect(transport.plan[0] == 0 && transport.plan[1] == 0 && transport.plan[2] == 0)
    #expect(abs(transport.plan[3] - 1) < 1e-12)
    // A source that no sink can take.
    transport = dense([0.1], from: [1], to: [.exactly(0)], 0.1)
    transport.solve(tolerance: 1e-12, iterations: 5)
    #expect(transport.plan == [0])
  }

  @Test func `solving allocates nothing once there is room`() {
    var stream = RandomStream(seed: 7)
    let costs = (0..<200).map { _ in stream.uniform() }
    let masses = [Double](repeating: 1, count: 20)
    let sinks = [EntropicTransport.Sink](repeating: .atMost(2.5), count: 10)
    var transport = EntropicTransport(regularization: 0.05)
    transport.reserve(sources: 20, sinks: 10, links: 1, edges: 200)
    pose(costs, from: masses, to: sinks, in: &transport)
    let before = edgewise_allocations()
    for round in 0..<20 {
      transport.clear()
      for sink in sinks { transport.add(sink) }
      if round % 2 == 1 { transport.addLink(capacity: 12) }
      for source in 0..<20 {
        transport.addSource(mass: masses[source])
        for sink in 0..<10 {
          let isLinked = round % 2 == 1 && sink < 5
          transport.addEdge(
            to: sink, cost: costs[source * 10 + sink], over: isLinked ? 0 : nil, use: isLinked ? 1 + costs[sink] : 0)
        }
      }
      transport.solve(tolerance: 1e-6, iterations: 1000)
    }
    #expect(edgewise_allocations() - before == 0)
  }
}
