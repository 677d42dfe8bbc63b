/// A bundle that cannot be made or written.
public struct ExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, in the classes that a command's exit code tells apart.
  public enum Kind: Sendable, Equatable {
    /// The policy has no form in a bundle (exit code 65).
    case unsuitablePolicy
    /// The folder cannot be written, or must not be replaced (exit code 73).
    case cannotWrite
  }

  /// What went wrong.
  public let kind: Kind

  /// The path of the bundle's folder, as it was given.
  public let path: String

  /// Why, as the end of a sentence that begins with the path.
  public let reason: String

  /// An error about the bundle at `path`.
  public init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// Whether the folder is the trouble, not the policy.
  public var isCannotWrite: Bool { kind == .cannotWrite }

  /// One sentence with the path and the reason.
  public var description: String { "\(path): \(reason)" }
}
