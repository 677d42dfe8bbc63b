/// One YAML text per meaning: sorted keys, one spelling per value, lists of plain values on one line.
struct CanonicalText {
  let source: Source

  func text(of tree: TreeNode) -> String {
    lines(of: tree, key: "").map { $0 + "\n" }.joined()
  }

  private func lines(of node: TreeNode, key: String) -> [String] {
    switch node.content {
    case .scalar(let scalar):
      return [spelling(of: scalar, at: node.place, key: key)]
    case .list(let items):
      if let line = flow(node) { return [line] }
      return items.flatMap { item in
        lines(of: item, key: "").enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
      }
    case .mapping(let entries):
      if entries.isEmpty { return ["{}"] }
      return entries.sorted { $0.key < $1.key }.flatMap { entry in
        let key = Self.quotedIfNeeded(entry.key)
        return if isInline(entry.value) {
          ["\(key): \(lines(of: entry.value, key: entry.key)[0])"]
        } else {
          ["\(key):"] + lines(of: entry.value, key: entry.key).map { "  " + $0 }
        }
      }
    }
  }

  private func isInline(_ node: TreeNode) -> Bool {
    switch node.content {
    case .scalar: true
    case .list: flow(node) != nil
    case .mapping(let entries): entries.isEmpty
    }
  }

  /// `[a, b]` if the node is a scalar or a list without mappings inside.
  private func flow(_ node: TreeNode) -> String? {
    switch node.content {
    case .scalar(let scalar):
      return spelling(of: scalar, at: node.place, key: "")
    case .list(let items):
      var parts: [String] = []
      for item in items {
        guard let part = flow(item) else { return nil }
        parts.append(part)
      }
      return "[\(parts.joined(separator: ", "))]"
    case .mapping:
      return nil
    }
  }

  private func spelling(of scalar: Scalar, at place: Place, key: String) -> String {
    switch scalar.value {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .number(let number): return number.canonical
    case .notFinite: return scalar.text.lowercased()
    case .text:
      guard key.hasSuffix("_file"), case .override(_, let directory) = place, !scalar.text.hasPrefix("/")
      else { return Self.quotedIfNeeded(scalar.text) }
      let file = FilePath.absolute(scalar.text, in: directory)
      return Self.quotedIfNeeded(FilePath.relative(file, to: source.directory))
    }
  }

  /// `text` as it stands if every YAML reader takes it for the same text, otherwise in double quotes.
  private static func quotedIfNeeded(_ text: String) -> String {
    let letters = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    let inner = { (byte: UInt8) in
      letters(byte) || (UInt8(ascii: "-")...UInt8(ascii: "9")).contains(byte)
    }
    let ambiguous: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
    if let first = text.utf8.first, letters(first), text.utf8.allSatisfy(inner),
      !ambiguous.contains(text.lowercased())
    {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case " "..."~": quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xffff ? 8 : 4
        quoted += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}
