import Randomness

/// The permitted options of each gene, gene after gene.
struct PermittedOptions {
  /// Where each gene's options begin; one more at the end.
  private(set) var start: [Int] = [0]
  /// The options, ascending within a gene.
  private(set) var option: [Int] = []

  init<Problem: AssignmentProblem>(_ problem: borrowing Problem) {
    for gene in 0..<problem.genes {
      for candidate in 0..<problem.options(of: gene) where problem.permits(candidate, gene: gene) {
        option.append(candidate)
      }
      precondition(option.count > start[gene], "gene \(gene) has no permitted option")
      start.append(option.count)
    }
  }

  var genes: Int { start.count - 1 }

  /// How many options a gene may take.
  func count(of gene: Int) -> Int { start[gene + 1] - start[gene] }

  /// How many assignments there are; nil if they are too many to count.
  var assignments: Int? {
    var product = 1
    for gene in 0..<genes {
      let (next, overflow) = product.multipliedReportingOverflow(by: count(of: gene))
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The first permitted option of every gene.
  var first: [Int] { (0..<genes).map { option[start[$0]] } }

  /// An assignment with each gene's option uniform among its permitted ones.
  func random(_ random: inout RandomStream) -> [Int] {
    (0..<genes).map { option[start[$0] + random.integer(below: count(of: $0))] }
  }

  /// Another option for a gene, uniform among the permitted ones but `current`; `current` if there is no other.
  func other(than current: Int, for gene: Int, _ random: inout RandomStream) -> Int {
    let count = count(of: gene)
    guard count > 1 else { return current }
    let drawn = option[start[gene] + random.integer(below: count - 1)]
    return drawn < current ? drawn : option[start[gene] + min(index(of: drawn, for: gene) + 1, count - 1)]
  }

  /// The place of an option among a gene's permitted ones; 0 if it is not one of them.
  func index(of candidate: Int, for gene: Int) -> Int {
    (option[start[gene]..<start[gene + 1]].firstIndex(of: candidate) ?? start[gene]) - start[gene]
  }

  /// An assignment with every option that is not permitted replaced by the gene's first permitted one.
  func mended(_ assignment: [Int]) -> [Int] {
    precondition(assignment.count == genes, "an assignment of \(assignment.count) genes where \(genes) are asked for")
    return (0..<genes).map { option[start[$0] + index(of: assignment[$0], for: $0)] }
  }
}
