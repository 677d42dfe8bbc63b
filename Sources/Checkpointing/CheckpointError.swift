/// A checkpoint that cannot be read or written.
public struct CheckpointError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, in the classes that a command's exit code tells apart.
  public enum Kind: Sendable, Equatable {
    /// There is no readable file (exit code 66).
    case noSuchFile
    /// The file is not a checkpoint, is damaged, or is beyond the limits (exit code 65).
    case badContent
    /// The file cannot be created, or the snapshot cannot be stored (exit code 73).
    case cannotWrite
    /// Reading or writing failed under way (exit code 74).
    case ioFault
  }

  /// What went wrong.
  public let kind: Kind

  /// The file's path, as it was given.
  public let path: String

  /// Why, as the end of a sentence that begins with the path.
  public let reason: String

  /// Creates an error about the file at `path`.
  public init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// One sentence with the path and the reason.
  public var description: String { "\(path): \(reason)" }
}
