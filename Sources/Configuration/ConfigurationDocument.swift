/// A YAML file as a tree that knows its lines, with the overrides put on top of it.
///
/// It is read strictly: one document, whose root is a mapping, without repeated keys, tags or merge keys, at
/// most 1 MiB, 32 levels and 100,000 values. Anchors and aliases work and count as if written out.
public struct ConfigurationDocument: Sendable {
  /// The text as it was read, without overrides.
  public let text: String
  /// The file as the person named it.
  public let path: String
  /// Where relative paths in the file start; absolute.
  public let directory: String
  /// The overrides so far, in the order they were put on.
  public private(set) var overrides: [(path: String, text: String)] = []

  private var tree: TreeNode
  private var source: Source { Source(name: path, directory: directory) }

  /// Reads a file.
  ///
  /// - Throws: an error of kind `missingFile` or `unreadable`, or one that names the line at fault.
  public init(contentsOf path: String) throws(ConfigurationError) {
    let contents: [UInt8]?
    do {
      contents = try FileReader.contents(of: path, limit: TreeParser.byteLimit)
    } catch {
      let message = error.isMissing ? "there is no such file" : "cannot be read: \(error.reason)"
      throw ConfigurationError(
        file: path, message: message, kind: error.isMissing ? .missingFile : .unreadable)
    }
    guard let contents else {
      throw ConfigurationError(
        file: path, message: "has more than \(TreeParser.byteLimit) bytes, the most allowed")
    }
    guard let text = String(validating: contents, as: UTF8.self) else {
      throw ConfigurationError(file: path, message: "is not UTF-8 text; a YAML file is wanted")
    }
    try self.init(text: text, name: path, directory: FilePath.directory(ofFile: path))
  }

  /// Reads `text` as if it were the file `name` in `directory`.
  ///
  /// - Throws: an error that names the line at fault.
  public init(text: String, name: String, directory: String) throws(ConfigurationError) {
    self.text = text
    self.path = name
    self.directory = FilePath.real(directory)
    let source = Source(name: name, directory: self.directory)
    var parser = TreeParser(source: source)
    guard let root = try parser.parse(text) else {
      throw source.error(at: nil, "is empty; a mapping of keys to values is wanted")
    }
    guard case .mapping = root.content else {
      throw source.error(at: root.place, "holds \(root.found), but a mapping of keys to values is wanted")
    }
    self.tree = root
  }

  /// The mapping to read values from.
  public func root() -> ConfigurationMapping {
    guard case .mapping(let entries) = tree.content else {
      preconditionFailure("the root of \(path) is \(tree.found)")
    }
    return ConfigurationMapping(path: "", place: tree.place, entries: entries, source: source)
  }

  /// The SHA-256, in hexadecimal digits, of what the file and its overrides mean.
  ///
  /// Comments, layout, the order of keys and the spelling of numbers do not count. A text under a key that
  /// ends in `_file` counts by the contents of the file it names, not by its name.
  ///
  /// - Throws: an error at the key whose file is missing or cannot be read.
  /// - Complexity: linear in the document and the files it names.
  public func digest() throws(ConfigurationError) -> String {
    var canonical = CanonicalDigest(source: source)
    return try canonical.hex(of: tree)
  }

  /// YAML of the same digest, with the overrides in place, sorted keys and one spelling per value.
  ///
  /// It loads with this document's `directory`: a path given in an override is written as seen from there.
  public func resolvedText() -> String {
    CanonicalText(source: source).text(of: tree)
  }

  /// Puts a value at a dotted path: `radio.bandwidth_hz`, `units.0.x_m`.
  ///
  /// The value is YAML: a scalar, `[…]` or `{…}`. Missing mappings are made on the way, an element of a list
  /// must exist. A relative file path in the value starts in the working directory, not beside the file.
  ///
  /// - Parameter typed: the whole override as the person typed it, for errors; `PATH=VALUE` if nil.
  /// - Throws: an error that names the override; the document is then as before.
  public mutating func override(
    _ dottedPath: String, with text: String, typed: String? = nil,
  ) throws(ConfigurationError) {
    let place = Place.override(
      typed: typed ?? "\(dottedPath)=\(text)", directory: FilePath.workingDirectory)
    let keys = dottedPath.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    for key in keys {
      if let fault = fault(ofKey: key) { throw source.error(at: place, fault) }
    }
    var parser = TreeParser(source: source, override: place)
    guard let value = try parser.parse(text) else {
      throw source.error(at: place, "gives no value; write PATH=VALUE, or PATH=null for nothing")
    }
    try put(value, at: keys[...], below: "", into: &tree, place: place)
    overrides.append((path: dottedPath, text: text))
  }

  private func put(
    _ value: TreeNode, at keys: ArraySlice<String>, below path: String, into node: inout TreeNode,
    place: Place,
  ) throws(ConfigurationError) {
    guard let key = keys.first else {
      node = value
      return
    }
    let inner = dotted(path, key)
    switch node.content {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == key }) {
        try put(value, at: keys.dropFirst(), below: inner, into: &entries[index].value, place: place)
      } else {
        var made = TreeNode(content: .mapping([]), place: place)
        try put(value, at: keys.dropFirst(), below: inner, into: &made, place: place)
        entries.append(TreeEntry(key: key, keyPlace: place, value: made))
      }
      node.content = .mapping(entries)
    case .list(var items):
      guard let index = Int(key), items.indices.contains(index) else {
        let allowed = items.isEmpty ? "it has no elements" : "write an index from 0 to \(items.count - 1)"
        throw source.error(at: place, "'\(path)' is \(node.found) and has no element '\(key)'; \(allowed)")
      }
      try put(value, at: keys.dropFirst(), below: inner, into: &items[index], place: place)
      node.content = .list(items)
    case .scalar where node.isNull:
      var made = TreeNode(content: .mapping([]), place: place)
      try put(value, at: keys, below: path, into: &made, place: place)
      node = made
    case .scalar:
      throw source.error(at: place, "'\(path)' is \(node.found) and has no key '\(key)'")
    }
  }
}
