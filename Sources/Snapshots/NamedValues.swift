/// Values under names, in the order in which the names were first set.
///
/// Two collections are equal when they hold equal values under the same names in the same order. Reading a
/// name takes O(1) on average, setting one O(1) amortised, removing one O(n).
public struct NamedValues<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The names, oldest first.
  public private(set) var names: [String] = []

  private var values: [Value] = []
  private var positions: [String: Int] = [:]

  /// Creates an empty collection.
  public init() {}

  /// How many names there are.
  public var count: Int { names.count }

  /// Whether there is no name.
  public var isEmpty: Bool { names.isEmpty }

  /// The value under `name`; nil when there is none.
  ///
  /// Setting a known name replaces its value where it stands, setting a new one appends it, and setting nil
  /// removes the name.
  /// - Precondition: A name that is set satisfies ``isName(_:)``.
  public subscript(name: String) -> Value? {
    get { positions[name].map { values[$0] } }
    set {
      guard let newValue else { return remove(name) }
      precondition(
        Self.isName(name),
        "a name is neither empty nor \".\" and has no \"/\" and no NUL, unlike \(name.debugDescription)")
      if let position = positions[name] {
        values[position] = newValue
      } else {
        positions[name] = names.count
        names.append(name)
        values.append(newValue)
      }
    }
  }

  /// Whether `text` can be a name: neither empty nor ".", without "/" and without NUL.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty && text != "." && !text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }

  /// Whether both hold equal values under the same names in the same order.
  public static func == (left: Self, right: Self) -> Bool {
    left.names == right.names && left.values == right.values
  }

  private mutating func remove(_ name: String) {
    guard let removed = positions.removeValue(forKey: name) else { return }
    names.remove(at: removed)
    values.remove(at: removed)
    for position in removed..<names.count { positions[names[position]] = position }
  }
}

extension NamedValues: Sequence {
  /// The names with their values, oldest first.
  public func makeIterator() -> AnyIterator<(name: String, value: Value)> {
    var pairs = zip(names, values).makeIterator()
    return AnyIterator { pairs.next().map { (name: $0.0, value: $0.1) } }
  }
}
