/// A YAML node without aliases, every part of which knows where it was written.
struct TreeNode: Sendable {
  enum Content: Sendable {
    case scalar(Scalar)
    case list([TreeNode])
    case mapping([TreeEntry])
  }

  var content: Content
  var place: Place

  /// What stands here, as a phrase for an error: `the number 5`, `a list of 2`.
  var found: String {
    switch content {
    case .scalar(let scalar): scalar.found
    case .list(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .mapping: "a mapping"
    }
  }

  /// Whether this is the scalar `null` or nothing at all.
  var isNull: Bool {
    if case .scalar(let scalar) = content, case .null = scalar.value { true } else { false }
  }
}

/// A key with its value.
struct TreeEntry: Sendable {
  var key: String
  var keyPlace: Place
  var value: TreeNode
}

/// Where a node was written.
enum Place: Sendable {
  /// A line of the file, counted from 1.
  case line(Int)
  /// An override as it was typed, and the working directory it was typed in.
  case override(typed: String, directory: String)
}

/// The file that a tree comes from.
struct Source: Sendable {
  /// The file as the person named it.
  let name: String
  /// Where relative paths in the file start; absolute.
  let directory: String

  func error(
    at place: Place?, key: String? = nil, _ message: String, kind: ConfigurationError.Kind = .content,
  ) -> ConfigurationError {
    switch place {
    case .line(let line):
      ConfigurationError(file: name, line: line, key: key, message: message, kind: kind)
    case .override(let typed, _):
      ConfigurationError(file: name, override: typed, key: key, message: message, kind: kind)
    case nil:
      ConfigurationError(file: name, key: key, message: message, kind: kind)
    }
  }

  /// Where a relative path written at `place` starts.
  func directory(of place: Place) -> String {
    if case .override(_, let directory) = place { directory } else { directory }
  }
}

/// The dotted path of `key` inside `path`.
func dotted(_ path: String, _ key: String) -> String {
  path.isEmpty ? key : "\(path).\(key)"
}

/// Why `key` cannot be a key, or nil if it can.
func fault(ofKey key: String) -> String? {
  if key.isEmpty { return "a key is empty; every key needs a name" }
  if key.utf8.count > 256 { return "a key has \(key.utf8.count) bytes; at most 256 are allowed" }
  if key.utf8.contains(UInt8(ascii: ".")) {
    return "the key '\(key)' holds a dot, which separates the keys of a path; write '_' instead"
  }
  return nil
}
