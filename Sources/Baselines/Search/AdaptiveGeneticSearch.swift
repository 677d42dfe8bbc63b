import Randomness

/// An iGATS-style genetic search: seeded, elitist, with repair, and with rates that follow the fitness.
///
/// A pair of parents and its child are disturbed the more the poorer they are: with c_min and c̄ the least and the mean
/// finite cost of the generation and q = (c − c_min)/(c̄ − c_min), at most 1, the crossover probability grows from 0.5
/// to 1 with the q of the better parent and the mutation probability from ½ to 4 genes in n with the q of the first
/// (M. Srinivas, L. M. Patnaik, IEEE TSMC 24 (1994) 656, with limits of our own). Every child is repaired by the
/// problem before it is tried.
///
/// After M. Sun, S. Quan, X. Wang, Z. Huang, "Latency-aware scheduling for data-oriented service requests in
/// collaborative IoT-edge-cloud networks", FGCS 2025 (iGATS). Its operators, rates and figures are not public: those
/// here are inferred from its abstract.
public struct AdaptiveGeneticSearch: AssignmentSearch, Equatable {
  public static let name = "igats"

  /// Members of a generation.
  public var population = 60
  /// Members of a tournament.
  public var tournament = 2
  /// The crossover probability of the best and of the average.
  public var crossover = 0.5...1.0
  /// How many genes change, on average, in the best and in the average.
  public var mutatedGenes = 0.5...4.0
  /// Members that live on.
  public var elite = 2

  /// 60 members, tournaments of 2, an elite of 2.
  public init() {}

  public func minimize<Problem: AssignmentProblem>(
    _ problem: inout Problem, evaluations: Int, starts: [[Int]] = [], seed: UInt64
  ) -> SearchOutcome {
    precondition(
      population > elite && elite >= 0 && tournament > 0,
      "\(population) members cannot keep an elite of \(elite) with tournaments of \(tournament)")
    let options = PermittedOptions(problem)
    var random = RandomStream(seed: seed)
    var incumbent = Incumbent(first: options.first, budget: evaluations)
    var members = [Member](first: population, starts: starts, options: options, &random, &incumbent, &problem)
    if options.assignments == 1 { return incumbent.outcome }
    while !incumbent.isSpent {
      members.sortByCost()
      let finite = members.map(\.cost).filter(\.isFinite)
      let least = members[0].cost
      let mean = finite.reduce(0, +) / Double(max(1, finite.count))
      let poverty = { (cost: Double) in
        cost.isFinite && mean > least ? min(1, (cost - least) / (mean - least)) : cost > least ? 1 : 0
      }
      var next = Array(members.prefix(elite))
      while next.count < population, !incumbent.isSpent {
        let first = winner(of: members, &random)
        let second = winner(of: members, &random)
        var genes = members[first].genes
        let other = members[second].genes
        if random.bernoulli(crossover.value(at: poverty(members[min(first, second)].cost))) {
          for gene in genes.indices where random.bernoulli(0.5) { genes[gene] = other[gene] }
        }
        let mutation = mutatedGenes.value(at: poverty(members[first].cost)) / Double(options.genes)
        for gene in genes.indices where random.bernoulli(mutation) {
          genes[gene] = options.other(than: genes[gene], for: gene, &random)
        }
        problem.repair(&genes)
        next.append(Member(genes: genes, cost: incumbent.evaluate(genes, in: &problem)))
      }
      members = next
    }
    return incumbent.outcome
  }

  /// The best of a tournament of sorted members drawn with replacement.
  private func winner(of members: [Member], _ random: inout RandomStream) -> Int {
    var best = members.count
    for _ in 0..<tournament { best = min(best, random.integer(below: members.count)) }
    return best
  }
}

extension ClosedRange<Double> {
  /// The place between the ends for a share in 0 … 1.
  fileprivate func value(at share: Double) -> Double { lowerBound + (upperBound - lowerBound) * share }
}
