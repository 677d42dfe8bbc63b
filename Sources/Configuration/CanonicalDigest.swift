/// The SHA-256 of a tree's meaning.
///
/// Every value is a letter for its type, and what varies in length is led by its length, so that two trees
/// give the same bytes only if they mean the same.
struct CanonicalDigest {
  private let source: Source
  private var digest = SHA256()

  init(source: Source) {
    self.source = source
  }

  mutating func hex(of tree: TreeNode) throws(ConfigurationError) -> String {
    digest = SHA256()
    try add(tree, key: "", path: "")
    return digest.hex()
  }

  private mutating func add(_ node: TreeNode, key: String, path: String) throws(ConfigurationError) {
    switch node.content {
    case .scalar(let scalar):
      try add(scalar, at: node.place, key: key, path: path)
    case .list(let items):
      digest.update("l\(items.count):")
      for (index, item) in items.enumerated() { try add(item, key: "", path: dotted(path, "\(index)")) }
    case .mapping(let entries):
      digest.update("m\(entries.count):")
      for entry in entries.sorted(by: { $0.key < $1.key }) {
        add("k", entry.key)
        try add(entry.value, key: entry.key, path: dotted(path, entry.key))
      }
    }
  }

  private mutating func add(
    _ scalar: Scalar, at place: Place, key: String, path: String,
  ) throws(ConfigurationError) {
    switch scalar.value {
    case .null: digest.update("n")
    case .boolean(let value): digest.update(value ? "b1" : "b0")
    case .number(let number): add("d", number.canonical)
    case .notFinite: add("i", scalar.text.lowercased())
    case .text where key.hasSuffix("_file"):
      let file = FilePath.absolute(scalar.text, in: source.directory(of: place))
      do {
        add("f", try SHA256.hex(ofFile: file))
      } catch {
        let problem = error.isMissing ? "names a missing file" : "names a file that cannot be read"
        throw source.error(
          at: place, key: path, "\(problem): \(file) (\(error.reason))",
          kind: error.isMissing ? .missingFile : .unreadable)
      }
    case .text: add("t", scalar.text)
    }
  }

  private mutating func add(_ type: String, _ text: String) {
    digest.update("\(type)\(text.utf8.count):")
    digest.update(text)
  }
}
