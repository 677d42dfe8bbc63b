/// A mapping that is read key by key and remembers which keys were asked for.
///
/// Read every key that is allowed, then call `finish()`, which refuses the others:
///
/// ```swift
/// var radio = try root.mapping("radio")
/// let bandwidth = try radio.number("bandwidth_hz", in: .positive)
/// let noise = try radio.number("noise_figure_db", in: .between(0, 30), default: 9)
/// try radio.finish()
/// ```
///
/// Errors carry the file, the line and the dotted path of the key. A unit in the wording (`a number of Hz`)
/// comes from the end of the key.
public struct ConfigurationMapping: Sendable {
  /// The dotted path of the mapping; empty for the root.
  public let path: String

  let source: Source
  private let place: Place
  private let entries: [TreeEntry]
  private var known: [String] = []
  private var used: Set<String> = []

  init(path: String, place: Place, entries: [TreeEntry], source: Source) {
    self.path = path
    self.place = place
    self.entries = entries
    self.source = source
  }

  /// The keys in the order they are written; for mappings whose keys the person chooses.
  public var keys: [String] { entries.map(\.key) }

  /// Whether the key is there and not `null`. The key counts as known from now on.
  public mutating func has(_ key: String) -> Bool {
    learn(key)
    guard let entry = entry(key) else { return false }
    if entry.value.isNull { used.insert(key) }
    return !entry.value.isNull
  }

  /// An error at `key`, or at the mapping if the key is not there, for a caller's own checks.
  public func error(_ key: String, _ message: String) -> ConfigurationError {
    source.error(at: entry(key)?.value.place ?? place, key: dotted(path, key), message)
  }

  /// The mapping under `key`.
  public mutating func mapping(_ key: String) throws(ConfigurationError) -> ConfigurationMapping {
    let node = try required(key, wanted: "a mapping")
    return try mapping(node, at: entry(key)?.keyPlace ?? node.place, path: dotted(path, key))
  }

  /// The mapping under `key`, or nil if the key is missing or `null`.
  public mutating func optionalMapping(_ key: String) throws(ConfigurationError) -> ConfigurationMapping? {
    guard has(key) else { return nil }
    return try mapping(key)
  }

  /// The mappings in the list under `key`.
  public mutating func list(
    _ key: String, count: ClosedRange<Int> = 0...Int.max,
  ) throws(ConfigurationError) -> [ConfigurationMapping] {
    let wanted = "a list of \(counted(count, "mapping"))"
    var mappings: [ConfigurationMapping] = []
    let items = try items(key, count: count, wanted: wanted)
    for (index, item) in items.enumerated() {
      mappings.append(try mapping(item, at: item.place, path: "\(dotted(path, key)).\(index)"))
    }
    return mappings
  }

  /// Refuses the keys that nothing has asked for.
  public func finish() throws(ConfigurationError) {
    guard let entry = entries.first(where: { !used.contains($0.key) }) else { return }
    let place = entry.keyPlace
    let path = dotted(path, entry.key)
    if known.contains(entry.key) {
      throw source.error(at: place, key: path, "the key '\(entry.key)' has no meaning here; remove it")
    }
    let missing = known.filter { name in !entries.contains { $0.key == name } }
    let guess =
      Suggestion.nearest(to: entry.key, among: missing) ?? Suggestion.nearest(to: entry.key, among: known)
    let hint = guess.map { "; did you mean '\($0)'?" } ?? ";"
    let allowed =
      known.isEmpty ? " no keys are allowed here" : " known keys: \(known.sorted().joined(separator: ", "))"
    throw source.error(at: place, key: path, "unknown key '\(entry.key)'\(hint)\(allowed)")
  }

  // MARK: What the readers of values are made of

  /// The node under `key`, or nil if the key is missing.
  mutating func optional(_ key: String) -> TreeNode? {
    learn(key)
    used.insert(key)
    return entry(key)?.value
  }

  /// The node under `key`.
  mutating func required(_ key: String, wanted: String) throws(ConfigurationError) -> TreeNode {
    if let node = optional(key) { return node }
    let unread = entries.filter { !used.contains($0.key) }
    var message = "is missing; \(wanted) is wanted"
    if let guess = Suggestion.nearest(to: key, among: unread.map(\.key)) {
      message += "; is it the '\(guess)'"
      if case .line(let line)? = entry(guess)?.keyPlace { message += " on line \(line)" }
      message += "?"
    }
    throw source.error(at: place, key: dotted(path, key), message)
  }

  /// The elements of the list under `key`.
  mutating func items(
    _ key: String, count: ClosedRange<Int>, wanted: String,
  ) throws(ConfigurationError) -> [TreeNode] {
    let node = try required(key, wanted: wanted)
    guard case .list(let items) = node.content, count.contains(items.count) else {
      throw mismatch(node, at: dotted(path, key), wanted: wanted)
    }
    return items
  }

  /// `found X, but Y is wanted`, at a node.
  func mismatch(_ node: TreeNode, at path: String, wanted: String) -> ConfigurationError {
    source.error(at: node.place, key: path, "found \(node.found), but \(wanted) is wanted")
  }

  /// Where relative paths written at `node` start.
  func directory(of node: TreeNode) -> String { source.directory(of: node.place) }

  private func mapping(
    _ node: TreeNode, at place: Place, path: String,
  ) throws(ConfigurationError) -> ConfigurationMapping {
    guard case .mapping(let entries) = node.content else {
      throw mismatch(node, at: path, wanted: "a mapping")
    }
    return ConfigurationMapping(path: path, place: place, entries: entries, source: source)
  }

  private func entry(_ key: String) -> TreeEntry? { entries.first { $0.key == key } }

  private mutating func learn(_ key: String) {
    if !known.contains(key) { known.append(key) }
  }
}

/// `3 numbers`, `at least 1 number`, `2 to 4 numbers`; `numbers` if every count is allowed.
func counted(_ count: ClosedRange<Int>, _ noun: String) -> String {
  let plural = { (amount: Int) in amount == 1 ? noun : noun + "s" }
  if count.lowerBound == count.upperBound { return "\(count.lowerBound) \(plural(count.lowerBound))" }
  if count.upperBound == Int.max {
    return count.lowerBound == 0 ? noun + "s" : "at least \(count.lowerBound) \(plural(count.lowerBound))"
  }
  return "\(count.lowerBound) to \(count.upperBound) \(noun)s"
}
