public import EdgeCloud

/// A rule that places the tasks of a graph on nodes, knowing all times beforehand.
///
/// Adding a scheduler is one file that conforms and its test.
public protocol GraphScheduler: Sendable {
  /// The scheduler's name on the command line.
  static var name: String { get }
  /// A schedule without violations.
  func schedule(_ problem: SchedulingProblem) -> TaskSchedule
}
