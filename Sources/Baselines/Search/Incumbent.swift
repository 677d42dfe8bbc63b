/// The best assignment so far and the evaluations spent.
struct Incumbent {
  private(set) var assignment: [Int]
  private(set) var cost = Double.infinity
  private(set) var evaluations = 0
  private let budget: Int

  /// Nothing tried yet; `first` stands until a finite cost is found.
  init(first: [Int], budget: Int) {
    precondition(budget > 0, "a search needs at least one evaluation, not \(budget)")
    assignment = first
    self.budget = budget
  }

  /// Whether the evaluations are used up.
  var isSpent: Bool { evaluations == budget }

  /// The cost of an assignment, which becomes the incumbent if none before was as cheap.
  mutating func evaluate<Problem: AssignmentProblem>(_ candidate: [Int], in problem: inout Problem) -> Double {
    let value = problem.cost(of: candidate)
    precondition(!value.isNaN, "the cost of \(candidate) is not a number")
    if value < cost || evaluations == 0 {
      assignment = candidate
      cost = value
    }
    evaluations += 1
    return value
  }

  var outcome: SearchOutcome { SearchOutcome(assignment: assignment, cost: cost, evaluations: evaluations) }
}
