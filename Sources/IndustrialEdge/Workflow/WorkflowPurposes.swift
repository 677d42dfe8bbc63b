import Randomness

/// What the placement of workflows draws. Numbers are never changed or used again.
extension WorldDraws.Purpose {
  /// By how much a task's work differs from its mean; entity: the task.
  static let workflowWork = WorldDraws.Purpose(rawValue: 0x159)
  /// The clock speed of a server; entity: the server.
  static let workflowServer = WorldDraws.Purpose(rawValue: 0x15A)
}
