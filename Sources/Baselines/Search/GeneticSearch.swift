import Randomness

/// A generational genetic algorithm over assignment vectors.
///
/// Each child has two parents, each the best of a tournament. With the crossover probability it takes every gene from
/// either with equal chance, else it is a copy of the first; then every gene changes to another permitted option with
/// the mutation probability. The elite lives on unchanged and is not evaluated again.
public struct GeneticSearch: AssignmentSearch, Equatable {
  public static let name = "genetic"

  /// Members of a generation.
  public var population = 60
  /// Members of a tournament.
  public var tournament = 3
  /// The probability that a child mixes its parents.
  public var crossover = 0.8
  /// The probability that a gene changes; one in the number of genes if nil.
  public var mutation: Double?
  /// Members that live on.
  public var elite = 2

  /// The usual settings: 60 members, tournaments of 3, crossover 0.8, mutation one gene in n, elite of 2.
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
    var members = [Member](
      first: population, starts: starts, options: options, &random, &incumbent, &problem)
    if options.assignments == 1 { return incumbent.outcome }
    let mutation = mutation ?? 1 / Double(options.genes)
    while !incumbent.isSpent {
      members.sortByCost()
      var next = Array(members.prefix(elite))
      while next.count < population, !incumbent.isSpent {
        var genes = members[winner(of: members, &random)].genes
        let other = members[winner(of: members, &random)].genes
        if random.bernoulli(crossover) {
          for gene in genes.indices where random.bernoulli(0.5) { genes[gene] = other[gene] }
        }
        for gene in genes.indices where random.bernoulli(mutation) {
          genes[gene] = options.other(than: genes[gene], for: gene, &random)
        }
        next.append(Member(genes: genes, cost: incumbent.evaluate(genes, in: &problem)))
      }
      members = next
    }
    return incumbent.outcome
  }

  /// The best of a tournament of members drawn with replacement. Members are sorted, so it is the lowest number.
  private func winner(of members: [Member], _ random: inout RandomStream) -> Int {
    var best = members.count
    for _ in 0..<tournament { best = min(best, random.integer(below: members.count)) }
    return best
  }
}

/// One member of a population.
struct Member {
  var genes: [Int]
  var cost: Double
}

extension [Member] {
  /// The first generation: the starts, then random assignments; fewer where the evaluations are used up, and one where
  /// there is only one assignment.
  init<Problem: AssignmentProblem>(
    first count: Int, starts: [[Int]], options: PermittedOptions, _ random: inout RandomStream,
    _ incumbent: inout Incumbent, _ problem: inout Problem
  ) {
    self.init()
    let count = options.assignments == 1 ? 1 : Swift.max(count, starts.count)
    for index in 0..<count where !incumbent.isSpent {
      let genes = index < starts.count ? options.mended(starts[index]) : options.random(&random)
      append(Member(genes: genes, cost: incumbent.evaluate(genes, in: &problem)))
    }
  }

  /// The best first; equals keep their order.
  mutating func sortByCost() {
    self = enumerated().sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }.map(\.element)
  }
}
