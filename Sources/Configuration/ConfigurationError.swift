/// What is wrong with a configuration file, where, and what would be right.
public struct ConfigurationError: Error, Equatable, Sendable {
  /// The classes of trouble that a command answers with different exit codes.
  public enum Kind: Sendable {
    /// The file does not exist.
    case missingFile
    /// The file exists and cannot be read.
    case unreadable
    /// The file, or an override of it, says something that is not allowed.
    case content
  }

  /// The class of trouble.
  public let kind: Kind
  /// The file as the person named it.
  public let file: String?
  /// The line in `file`, counted from 1; nil where the trouble has no line or comes from an override.
  public let line: Int?
  /// The override at fault as it was typed, `PATH=VALUE`.
  public let override: String?
  /// The dotted path of the key at fault.
  public let key: String?
  /// One sentence: what is wrong and what is allowed.
  public let message: String

  /// An error at a place in a file or in an override.
  public init(
    file: String? = nil,
    line: Int? = nil,
    override: String? = nil,
    key: String? = nil,
    message: String,
    kind: Kind = .content,
  ) {
    self.kind = kind
    self.file = file
    self.line = line
    self.override = override
    self.key = key
    self.message = message
  }

  /// Whether the file, or a file that it names, does not exist.
  public var isMissingFile: Bool { kind == .missingFile }
}

extension ConfigurationError: CustomStringConvertible {
  /// `FILE:LINE: KEY: message`, or `--set PATH=VALUE: KEY: message`.
  public var description: String {
    var parts: [String] = []
    if let override {
      parts.append("--set \(override)")
    } else if let file {
      parts.append(line.map { "\(file):\($0)" } ?? file)
    }
    if let key, !key.isEmpty { parts.append(key) }
    parts.append(message)
    return parts.joined(separator: ": ")
  }
}
