/// A failure in an HDF5 file, as the library or a check of ours describes it.
public struct HDF5Error: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was tried, as in `reading dataset "weight"`.
  public let operation: String

  /// Why it failed: the library's innermost description, or a property that is refused.
  public let reason: String

  /// Creates the error of an operation.
  public init(operation: String, reason: String) {
    self.operation = operation
    self.reason = reason
  }

  /// One sentence with the operation and the reason.
  public var description: String { "\(operation) failed: \(reason)" }
}
