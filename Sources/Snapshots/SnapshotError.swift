/// An entry of a snapshot that is missing or is not what its reader expects.
public struct SnapshotError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where the entry is or should be, from the root of the tree, as in `/learner/optimizer/step`.
  public let path: String

  /// What the reader expects there, as in `float32 with 12 values`.
  public let expected: String

  /// What is there, as in `float64 of shape [3, 4]`, or `nothing`.
  public let found: String

  /// Creates the error for the entry at `path`.
  public init(path: String, expected: String, found: String) {
    self.path = path
    self.expected = expected
    self.found = found
  }

  /// One sentence with the path, what was expected and what was found.
  public var description: String { "snapshot entry \(path) should be \(expected), but found \(found)" }
}
