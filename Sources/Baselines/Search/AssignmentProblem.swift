/// What a search over assignments minimises: one option for each gene, and the cost of them all together.
///
/// A gene is a task, a device or an agent; its options are nodes, channels or actions. Asking for a cost may use
/// memory of the problem's own, hence `mutating`; it must give the same answer for the same assignment.
public protocol AssignmentProblem {
  /// How many choices are made.
  var genes: Int { get }
  /// How many options a gene has, permitted or not.
  func options(of gene: Int) -> Int
  /// Whether a gene may take an option. Every gene needs one that it may take.
  func permits(_ option: Int, gene: Int) -> Bool
  /// The cost of an assignment of permitted options; infinite if it breaks a limit, never NaN.
  mutating func cost(of assignment: [Int]) -> Double
  /// Moves genes of an assignment that breaks a limit over several genes, such as a capacity, to keep it.
  mutating func repair(_ assignment: inout [Int])
}

extension AssignmentProblem {
  public func permits(_ option: Int, gene: Int) -> Bool { true }

  public mutating func repair(_ assignment: inout [Int]) {}
}

/// What a search found, and how many costs it asked for.
public struct SearchOutcome: Sendable, Equatable {
  /// The best assignment found, the first of equals.
  public let assignment: [Int]
  /// Its cost.
  public let cost: Double
  /// The number of costs asked for: the effort, to be reported in place of seconds.
  public let evaluations: Int
}

/// A search for an assignment of little cost within a number of evaluations.
///
/// Adding a search is one file that conforms and its test. All chance follows from `seed`.
public protocol AssignmentSearch: Sendable {
  /// The search's name on the command line.
  static var name: String { get }
  /// The best assignment found with at most so many costs asked for.
  ///
  /// `starts` are tried first, so the outcome is never worse than the best of them; options in them that are not
  /// permitted are replaced by the first permitted one.
  func minimize<Problem: AssignmentProblem>(
    _ problem: inout Problem, evaluations: Int, starts: [[Int]], seed: UInt64
  ) -> SearchOutcome
}
