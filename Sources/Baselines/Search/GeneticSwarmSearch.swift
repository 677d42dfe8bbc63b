import Glibc
import Randomness

/// GA-DPSO: a discrete particle swarm whose moves are the operators of a genetic algorithm.
///
/// X ← c₂ ⊕ C_g(c₁ ⊕ C_p(w ⊕ M_u(X), pBest), gBest): with probability w one gene changes to another permitted option, with
/// c₁ a random segment is taken from the particle's own best, with c₂ one from the swarm's. With d the share of genes that
/// differ from the swarm's best, w = w_max − (w_max − w_min)·exp(d / (d − 1.01)): what is far away explores. c₁ falls
/// from 0.9 to 0.2 and c₂ rises from 0.4 to 0.9, linearly in the evaluations spent. Source: B. Lin, F. Zhu, J. Zhang,
/// J. Chen, X. Chen, N. Xiong, J. Lloret, IEEE TII 15 (2019) 4254.
public struct GeneticSwarmSearch: AssignmentSearch, Equatable {
  public static let name = "ga-dpso"

  /// How many particles fly.
  public var particles = 40
  /// w at the swarm's best and far from it.
  public var mutation = 0.4...0.9
  /// c₁ at the beginning and at the end.
  public var ownPull = (first: 0.9, last: 0.2)
  /// c₂ at the beginning and at the end.
  public var swarmPull = (first: 0.4, last: 0.9)

  /// The published settings with 40 particles.
  public init() {}

  /// w for a share of genes that differ from the swarm's best.
  public func mutation(atDistance share: Double) -> Double {
    mutation.upperBound - (mutation.upperBound - mutation.lowerBound) * exp(share / (share - 1.01))
  }

  public func minimize<Problem: AssignmentProblem>(
    _ problem: inout Problem, evaluations: Int, starts: [[Int]] = [], seed: UInt64
  ) -> SearchOutcome {
    precondition(particles > 0, "a swarm needs particles, not \(particles)")
    let options = PermittedOptions(problem)
    var random = RandomStream(seed: seed)
    var incumbent = Incumbent(first: options.first, budget: evaluations)
    var best = [Member](first: particles, starts: starts, options: options, &random, &incumbent, &problem)
    if options.assignments == 1 { return incumbent.outcome }
    var place = best.map(\.genes)
    while !incumbent.isSpent {
      for index in place.indices where !incumbent.isSpent {
        let time = Double(incumbent.evaluations) / Double(evaluations)
        let leader = incumbent.assignment
        let distance = Double(place[index].indices.count { place[index][$0] != leader[$0] }) / Double(options.genes)
        if random.bernoulli(mutation(atDistance: distance)) {
          let gene = random.integer(below: options.genes)
          place[index][gene] = options.other(than: place[index][gene], for: gene, &random)
        }
        if random.bernoulli(ownPull.first + (ownPull.last - ownPull.first) * time) {
          takeSegment(from: best[index].genes, into: &place[index], &random)
        }
        if random.bernoulli(swarmPull.first + (swarmPull.last - swarmPull.first) * time) {
          takeSegment(from: leader, into: &place[index], &random)
        }
        let cost = incumbent.evaluate(place[index], in: &problem)
        if cost < best[index].cost { best[index] = Member(genes: place[index], cost: cost) }
      }
    }
    return incumbent.outcome
  }

  /// Copies the genes between two random places, both included.
  private func takeSegment(from source: [Int], into genes: inout [Int], _ random: inout RandomStream) {
    let a = random.integer(below: genes.count)
    let b = random.integer(below: genes.count)
    for gene in min(a, b)...max(a, b) { genes[gene] = source[gene] }
  }
}

extension GeneticSwarmSearch {
  public static func == (a: Self, b: Self) -> Bool {
    a.particles == b.particles && a.mutation == b.mutation && a.ownPull == b.ownPull && a.swarmPull == b.swarmPull
  }
}
