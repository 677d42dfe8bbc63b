import Baselines
import Randomness
import Testing

/// Every search that keeps a budget.
private let searches: [any AssignmentSearch] = [
  GeneticSearch(), ParticleSwarmSearch(), GeneticSwarmSearch(), AdaptiveGeneticSearch(),
]

struct SearchTests {
  @Test func `trying all assignments finds what dynamic programming finds, in as many evaluations as there are`() {
    for seed in 0..<20 as Range<UInt64> {
      var problem = CoupledProblem(genes: 6, choices: 4, seed: seed)
      let count = (0..<6).reduce(1) { product, gene in product * (0..<4).count { problem.permits($0, gene: gene) } }
      #expect(ExhaustiveSearch.assignments(of: problem) == count)
      let outcome = ExhaustiveSearch().minimize(&problem, evaluations: count)
      #expect(abs(outcome.cost - problem.optimum) < 1e-12)
      #expect(outcome.cost == problem.value(outcome.assignment))
      #expect(outcome.evaluations == count && problem.asked == count)
    }
  }

  @Test(arguments: searches.indices) func `one of ten seeds reaches the optimum of every small problem`(index: Int) {
    for world in 0..<10 as Range<UInt64> {
      var problem = CoupledProblem(genes: 8, choices: 4, seed: world)
      let costs = (0..<10 as Range<UInt64>).map { seed in
        searches[index].minimize(&problem, evaluations: 6_000, starts: [], seed: seed).cost
      }
      #expect(costs.allSatisfy { $0 >= problem.optimum - 1e-12 })
      #expect(costs.contains { $0 < problem.optimum + 1e-9 }, "\(type(of: searches[index]).name), world \(world)")
    }
  }

  @Test(arguments: searches.indices) func `asks for exactly as many costs as it may, and reports them`(index: Int) {
    for budget in [1, 2, 39, 40, 41, 60, 61, 137, 500] {
      var problem = CoupledProblem(genes: 5, choices: 3, seed: 3)
      let outcome = searches[index].minimize(&problem, evaluations: budget, starts: [], seed: 1)
      #expect(outcome.evaluations == budget)
      #expect(problem.asked == budget)
      #expect(outcome.cost == problem.value(outcome.assignment))
    }
  }

  @Test(arguments: searches.indices) func `is never worse than the assignments it starts from`(index: Int) {
    var plain = CoupledProblem(genes: 30, choices: 6, seed: 9, forbids: false)
    let start = GeneticSearch().minimize(&plain, evaluations: 3_000, seed: 2)
    for budget in [1, 50, 200] {
      var problem = CoupledProblem(genes: 30, choices: 6, seed: 9, forbids: false)
      let outcome = searches[index].minimize(
        &problem, evaluations: budget, starts: [start.assignment], seed: UInt64(budget))
      #expect(outcome.cost <= start.cost)
    }
  }

  @Test(arguments: searches.indices) func `the same seed gives the same outcome and another seed another`(index: Int) {
    var problem = CoupledProblem(genes: 30, choices: 6, seed: 5)
    let outcomes = [7, 7, 8].map { seed in
      searches[index].minimize(&problem, evaluations: 300, starts: [], seed: seed)
    }
    #expect(outcomes[0] == outcomes[1])
    #expect(outcomes[0] != outcomes[2])
  }

  @Test(arguments: searches.indices) func `improves on as many random assignments`(index: Int) {
    for seed in 0..<5 as Range<UInt64> {
      var problem = CoupledProblem(genes: 20, choices: 5, seed: seed, forbids: false)
      let outcome = searches[index].minimize(&problem, evaluations: 4_000, starts: [], seed: seed)
      var random = RandomStream(seed: seed)
      let drawn = (0..<4_000).map { _ in problem.value((0..<20).map { _ in random.integer(below: 5) }) }
      #expect(outcome.cost < drawn.reduce(.infinity, min))
    }
  }

  @Test(arguments: searches.indices) func `asks once where there is nothing to choose`(index: Int) {
    var problem = CoupledProblem(genes: 3, choices: 1, seed: 1, forbids: false)
    let outcome = searches[index].minimize(&problem, evaluations: 50, starts: [], seed: 1)
    #expect(outcome.assignment == [0, 0, 0])
    #expect(outcome.evaluations == 1)
  }
}
