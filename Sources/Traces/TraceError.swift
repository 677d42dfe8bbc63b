/// What is wrong with a trace file, where, and what would be right.
public struct TraceError: Error, Equatable, Sendable {
  /// The classes of trouble that a command answers with different exit codes.
  public enum Kind: Sendable {
    /// The file does not exist.
    case missingFile
    /// The file exists and cannot be read.
    case unreadable
    /// The file holds something that is not allowed.
    case content
  }

  /// The class of trouble.
  public let kind: Kind
  /// The file as it was named.
  public let path: String
  /// The line of the unpacked text, counted from 1; nil where the trouble has no line.
  public let line: Int?
  /// One sentence: what is wrong and what is allowed.
  public let message: String

  /// An error in a file.
  public init(path: String, line: Int? = nil, message: String, kind: Kind = .content) {
    self.kind = kind
    self.path = path
    self.line = line
    self.message = message
  }

  /// Whether the file does not exist.
  public var isMissingFile: Bool { kind == .missingFile }
}

extension TraceError: CustomStringConvertible {
  /// `PATH:LINE: message`.
  public var description: String {
    line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
  }
}
