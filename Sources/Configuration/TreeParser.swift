import Yams

/// Reads one YAML document into a tree, within bounds.
///
/// Aliases are expanded where they stand. What would make a file mean different things to different readers
/// (two documents, tags, merge keys, keys that are not plain names, a key twice) is refused.
struct TreeParser {
  /// The largest document in bytes.
  static let byteLimit = 1 << 20
  /// The deepest nesting of lists and mappings.
  static let depthLimit = 32
  /// The most nodes after aliases are expanded.
  static let nodeLimit = 100_000
  /// The most aliases; it bounds what the parser below does before the nodes can be counted.
  static let aliasLimit = 32

  private let source: Source
  private let override: Place?
  private var nodeCount = 0

  /// A parser of a file, or of one override's value if `override` says which.
  init(source: Source, override: Place? = nil) {
    self.source = source
    self.override = override
  }

  /// The tree of `text`, or nil if it holds nothing but comments.
  mutating func parse(_ text: String) throws(ConfigurationError) -> TreeNode? {
    guard text.utf8.count <= Self.byteLimit else {
      throw error(nil, "has \(text.utf8.count) bytes, but at most \(Self.byteLimit) are allowed")
    }
    if let line = Self.lineBeyondAliasLimit(in: text) {
      throw error(line, "more than \(Self.aliasLimit) aliases ('*name') in one file; write the values out")
    }
    nodeCount = 0
    guard let root = try compose(text) else { return nil }
    return try tree(root, depth: 0)
  }

  private func error(_ line: Int?, _ message: String) -> ConfigurationError {
    source.error(at: override ?? line.map(Place.line), message)
  }

  private func place(_ node: Node) -> Place {
    override ?? .line(node.mark?.line ?? 1)
  }

  private func compose(_ text: String) throws(ConfigurationError) -> Node? {
    do {
      return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let fault as YamlError {
      throw translate(fault, in: text)
    } catch {
      throw self.error(nil, "is not valid YAML: \(error)")
    }
  }

  private func translate(_ fault: YamlError, in text: String) -> ConfigurationError {
    switch fault {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      var during = ""
      if let context {
        during = " (\(context.text)"
        during += override == nil && context.mark.line != mark.line ? " from line \(context.mark.line))" : ")"
      }
      return error(mark.line, "is not valid YAML: \(problem)\(during)")
    case .composer(_, let problem, let mark, _):
      if problem.contains("another document") {
        return error(mark.line, "a second document begins here; one file holds one document")
      }
      return error(mark.line, "is not valid YAML: \(problem)")
    case .reader(let problem, let offset, _, _):
      let line = 1 + text.prefix(offset ?? 0).count { $0.isNewline }
      return error(line, "is not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      return duplicate(keys.first ?? "", first: context.mark, in: text)
    default:
      return error(nil, "is not valid YAML: \(fault)")
    }
  }

  /// The error for a key given twice, with both lines.
  ///
  /// The parser below says only where the first one is. With that one renamed, either the next one is
  /// reported in its turn, or the document is whole and shows it beside the renamed one.
  private func duplicate(_ key: String, first: Mark, in text: String) -> ConfigurationError {
    var second: Int?
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if first.line <= lines.count {
      var scalars = Array(lines[first.line - 1].unicodeScalars)
      var column = min(first.column - 1, scalars.count)
      if column < scalars.count, scalars[column] == "\"" || scalars[column] == "'" { column += 1 }
      scalars.insert(contentsOf: "renamed-".unicodeScalars, at: column)
      var line = String.UnicodeScalarView()
      line.append(contentsOf: scalars)
      lines[first.line - 1] = String(line)
      do {
        let parser = try Parser(yaml: lines.joined(separator: "\n"), resolver: .basic, encoding: .utf8)
        second = try parser.singleRoot().flatMap { Self.line(of: key, beside: "renamed-\(key)", in: $0) }
      } catch let YamlError.duplicatedKeysInMapping(keys, context) where keys.first == key {
        second = context.mark.line
      } catch {
        second = nil
      }
    }
    return repeated(key, first: first.line, second: second)
  }

  private func repeated(_ key: String, first: Int, second: Int?) -> ConfigurationError {
    let message = "the key '\(key)' is given twice"
    guard override == nil else { return error(nil, message) }
    guard let second else { return error(first, "\(message), first here; keep one") }
    return error(second, "\(message), first on line \(first); keep one")
  }

  private static func line(of key: String, beside sibling: String, in node: Node) -> Int? {
    switch node {
    case .mapping(let mapping):
      if mapping.contains(where: { $0.key.scalar?.string == sibling }),
        let found = mapping.first(where: { $0.key.scalar?.string == key })
      {
        return found.key.mark?.line
      }
      for (_, value) in mapping {
        if let line = line(of: key, beside: sibling, in: value) { return line }
      }
    case .sequence(let sequence):
      for value in sequence {
        if let line = line(of: key, beside: sibling, in: value) { return line }
      }
    case .scalar, .alias: break
    }
    return nil
  }

  private mutating func tree(_ node: Node, depth: Int) throws(ConfigurationError) -> TreeNode {
    nodeCount += 1
    guard nodeCount <= Self.nodeLimit else {
      throw error(node.mark?.line, "more than \(Self.nodeLimit) values after aliases are written out")
    }
    guard depth <= Self.depthLimit else {
      throw error(node.mark?.line, "lists and mappings are nested deeper than \(Self.depthLimit) levels")
    }
    switch node {
    case .scalar(let scalar):
      return TreeNode(content: .scalar(try self.scalar(scalar)), place: place(node))
    case .sequence(let sequence):
      try refuseTag(sequence.tag, at: sequence.mark)
      var items: [TreeNode] = []
      items.reserveCapacity(sequence.count)
      for item in sequence { items.append(try tree(item, depth: depth + 1)) }
      return TreeNode(content: .list(items), place: place(node))
    case .mapping(let mapping):
      try refuseTag(mapping.tag, at: mapping.mark)
      var entries: [TreeEntry] = []
      entries.reserveCapacity(mapping.count)
      var lines: [String: Int] = [:]
      for (keyNode, value) in mapping {
        let key = try self.key(keyNode)
        let line = keyNode.mark?.line ?? 1
        if let first = lines.updateValue(line, forKey: key) {
          throw repeated(key, first: first, second: line)
        }
        let keyPlace = place(keyNode)
        entries.append(TreeEntry(key: key, keyPlace: keyPlace, value: try tree(value, depth: depth + 1)))
      }
      return TreeNode(content: .mapping(entries), place: place(node))
    case .alias(let alias):
      throw error(alias.mark?.line, "an alias names nothing")
    }
  }

  private func key(_ node: Node) throws(ConfigurationError) -> String {
    guard let scalar = node.scalar else {
      throw error(node.mark?.line, "a key is a list or a mapping; a key is one name")
    }
    if scalar.string == "<<" {
      throw error(node.mark?.line, "merge keys ('<<') are not allowed; write the keys out")
    }
    if let fault = fault(ofKey: scalar.string) { throw error(node.mark?.line, fault) }
    return scalar.string
  }

  private func scalar(_ scalar: Node.Scalar) throws(ConfigurationError) -> Scalar {
    switch scalar.tag.rawValue {
    case Tag.Name.implicit.rawValue where scalar.style == .plain: return Scalar(plain: scalar.string)
    case Tag.Name.implicit.rawValue, Tag.Name.str.rawValue, Tag.Name.nonSpecific.rawValue:
      return Scalar(quoted: scalar.string)
    default:
      throw error(
        scalar.mark?.line, "the tag '\(scalar.tag.rawValue)' is not allowed; write the value without it")
    }
  }

  private func refuseTag(_ tag: Tag, at mark: Mark?) throws(ConfigurationError) {
    let allowed: [Tag.Name] = [.implicit, .nonSpecific, .seq, .map]
    guard allowed.contains(where: { $0.rawValue == tag.rawValue }) else {
      throw error(mark?.line, "the tag '\(tag.rawValue)' is not allowed; write the value without it")
    }
  }

  /// The line on which one alias too many stands, judged by letters alone: `*` after a space or a bracket,
  /// and a name after it, outside comment lines.
  private static func lineBeyondAliasLimit(in text: String) -> Int? {
    var line = 1
    var count = 0
    var previous = UInt8(ascii: "\n")
    var isIndentation = true
    var isComment = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") {
        line += 1
        isIndentation = true
        isComment = false
      } else if isIndentation, byte != UInt8(ascii: " ") {
        isIndentation = false
        isComment = byte == UInt8(ascii: "#")
      }
      if previous == UInt8(ascii: "*"), !isComment, byte > UInt8(ascii: " ") {
        count += 1
        if count > aliasLimit { return line }
      }
      // Only a star that starts a word can begin an alias.
      let startsWord = previous <= UInt8(ascii: " ") || "[{,:-?".utf8.contains(previous)
      previous = byte == UInt8(ascii: "*") && !startsWord ? UInt8(ascii: "x") : byte
    }
    return nil
  }
}
