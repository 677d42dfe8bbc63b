extension Snapshot {
  /// Sets an integer, as an int64 dataset of shape [].
  public mutating func set(_ name: String, integer: Int) {
    set(name, Dataset(.int64([Int64(integer)]), shape: []))
  }

  /// Sets a real number, as a float64 dataset of shape [].
  public mutating func set(_ name: String, real: Double) {
    set(name, Dataset(.float64([real]), shape: []))
  }

  /// Sets a text, as a text dataset of shape [].
  public mutating func set(_ name: String, text: String) {
    set(name, Dataset(.text([text]), shape: []))
  }

  /// Sets an unsigned integer, as a uint64 dataset of shape [].
  public mutating func set(_ name: String, unsigned: UInt64) {
    set(name, Dataset(.uint64([unsigned]), shape: []))
  }

  /// The integer under `name`: an int64 dataset of shape [].
  public func integer(_ name: String) throws(SnapshotError) -> Int {
    let value: Int64 = try scalar(name, "an int64 scalar") {
      if case .int64(let values) = $0 { values.first } else { nil }
    }
    return Int(value)
  }

  /// The real number under `name`: a float64 dataset of shape [].
  public func real(_ name: String) throws(SnapshotError) -> Double {
    try scalar(name, "a float64 scalar") { if case .float64(let values) = $0 { values.first } else { nil } }
  }

  /// The text under `name`: a text dataset of shape [].
  public func text(_ name: String) throws(SnapshotError) -> String {
    try scalar(name, "a text scalar") { if case .text(let values) = $0 { values.first } else { nil } }
  }

  /// The unsigned integer under `name`: a uint64 dataset of shape [].
  public func unsigned(_ name: String) throws(SnapshotError) -> UInt64 {
    try scalar(name, "a uint64 scalar") { if case .uint64(let values) = $0 { values.first } else { nil } }
  }

  private func scalar<Value>(
    _ name: String, _ expected: String, _ extract: (Values) -> Value?
  ) throws(SnapshotError) -> Value {
    guard case .dataset(let dataset)? = self[name], dataset.shape.isEmpty,
      let value = extract(dataset.values)
    else { throw mismatch(name, expected: expected, found: summary(of: name)) }
    return value
  }
}

extension Snapshot {
  /// The text in the group's attribute `name`.
  public func text(attribute name: String) throws(SnapshotError) -> String {
    try attribute(name, "a text") { if case .text(let value) = $0 { value } else { nil } }
  }

  /// The integer in the group's attribute `name`.
  public func integer(attribute name: String) throws(SnapshotError) -> Int {
    let value: Int64 = try attribute(name, "an integer") {
      if case .integer(let value) = $0 { value } else { nil }
    }
    return Int(value)
  }

  /// The real number in the group's attribute `name`.
  public func real(attribute name: String) throws(SnapshotError) -> Double {
    try attribute(name, "a real number") { if case .real(let value) = $0 { value } else { nil } }
  }

  /// The texts in the group's attribute `name`.
  public func texts(attribute name: String) throws(SnapshotError) -> [String] {
    try attribute(name, "a list of texts") { if case .texts(let values) = $0 { values } else { nil } }
  }

  private func attribute<Value>(
    _ name: String, _ expected: String, _ extract: (Attribute) -> Value?
  ) throws(SnapshotError) -> Value {
    guard let attribute = attributes[name] else {
      throw mismatch("@\(name)", expected: expected, found: "nothing")
    }
    guard let value = extract(attribute) else {
      throw mismatch("@\(name)", expected: expected, found: attribute.summary)
    }
    return value
  }
}

extension Snapshot.Attribute {
  fileprivate var summary: String {
    switch self {
    case .text: "a text"
    case .integer(let value): "the integer \(value)"
    case .real(let value): "the real number \(value)"
    case .texts(let values): "a list of \(values.count) texts"
    }
  }
}
