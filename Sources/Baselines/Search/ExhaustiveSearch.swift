/// Every assignment, one after another: the true optimum of what is small enough.
public struct ExhaustiveSearch: AssignmentSearch, Equatable {
  public static let name = "exhaustive"

  /// A search through all.
  public init() {}

  /// The number of permitted assignments; nil if it does not fit an integer.
  public static func assignments<Problem: AssignmentProblem>(of problem: borrowing Problem) -> Int? {
    PermittedOptions(problem).assignments
  }

  /// The best of all assignments, the first in lexicographic order among equals. It must be possible to try them all
  /// within `evaluations`; `starts` and `seed` change nothing.
  public func minimize<Problem: AssignmentProblem>(
    _ problem: inout Problem, evaluations: Int, starts: [[Int]] = [], seed: UInt64 = 0
  ) -> SearchOutcome {
    let options = PermittedOptions(problem)
    precondition(
      options.assignments.map { $0 <= evaluations } ?? false,
      "\(options.assignments.map(String.init) ?? "more than 2⁶³") assignments cannot be tried in \(evaluations)")
    var incumbent = Incumbent(first: options.first, budget: evaluations)
    var digits = [Int](repeating: 0, count: options.genes)
    var assignment = options.first
    while true {
      _ = incumbent.evaluate(assignment, in: &problem)
      var gene = options.genes - 1
      while gene >= 0 {
        digits[gene] += 1
        if digits[gene] < options.count(of: gene) { break }
        digits[gene] = 0
        assignment[gene] = options.option[options.start[gene]]
        gene -= 1
      }
      if gene < 0 { return incumbent.outcome }
      assignment[gene] = options.option[options.start[gene] + digits[gene]]
    }
  }
}
