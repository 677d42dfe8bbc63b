extension Snapshot {
  /// Sets an array of 32-bit floating-point numbers.
  /// - Precondition: `name` can be a name, and `shape`, by default a vector, holds `values.count` elements.
  public mutating func set(_ name: String, _ values: [Float], shape: [Int]? = nil) {
    set(name, Dataset(.float32(values), shape: shape))
  }

  /// Sets an array of 64-bit floating-point numbers; see ``set(_:_:shape:)``.
  public mutating func set(_ name: String, _ values: [Double], shape: [Int]? = nil) {
    set(name, Dataset(.float64(values), shape: shape))
  }

  /// Sets an array of 32-bit integers.
  public mutating func set(_ name: String, _ values: [Int32], shape: [Int]? = nil) {
    set(name, Dataset(.int32(values), shape: shape))
  }

  /// Sets an array of 64-bit integers.
  public mutating func set(_ name: String, _ values: [Int64], shape: [Int]? = nil) {
    set(name, Dataset(.int64(values), shape: shape))
  }

  /// Sets an array of integers, as 64-bit ones.
  public mutating func set(_ name: String, _ values: [Int], shape: [Int]? = nil) {
    set(name, Dataset(.int64(values.map(Int64.init)), shape: shape))
  }

  /// Sets an array of 64-bit unsigned integers.
  public mutating func set(_ name: String, _ values: [UInt64], shape: [Int]? = nil) {
    set(name, Dataset(.uint64(values), shape: shape))
  }

  /// Sets an array of bytes.
  public mutating func set(_ name: String, _ values: [UInt8], shape: [Int]? = nil) {
    set(name, Dataset(.uint8(values), shape: shape))
  }

  /// Sets an array of texts.
  public mutating func set(_ name: String, _ values: [String], shape: [Int]? = nil) {
    set(name, Dataset(.text(values), shape: shape))
  }

  /// Sets an array of Booleans, as the bytes 0 and 1.
  public mutating func set(_ name: String, _ values: [Bool], shape: [Int]? = nil) {
    set(name, Dataset(.uint8(values.map { $0 ? 1 : 0 }), shape: shape))
  }

  /// Sets a dataset with its attributes.
  public mutating func set(_ name: String, _ dataset: Dataset) {
    self[name] = .dataset(dataset)
  }

  /// Sets a group.
  public mutating func set(_ name: String, _ group: Snapshot) {
    self[name] = .group(group)
  }

  /// The float32 array under `name`, row-major, with `count` elements if that is given.
  ///
  /// It throws when the name is missing, or is a group, or has another type or number of elements; nothing is
  /// converted.
  public func floats(_ name: String, count: Int? = nil) throws(SnapshotError) -> [Float] {
    try values(name, "float32", count) { if case .float32(let values) = $0 { values } else { nil } }
  }

  /// The float64 array under `name`; see ``floats(_:count:)``.
  public func doubles(_ name: String, count: Int? = nil) throws(SnapshotError) -> [Double] {
    try values(name, "float64", count) { if case .float64(let values) = $0 { values } else { nil } }
  }

  /// The int32 array under `name`; see ``floats(_:count:)``.
  public func int32s(_ name: String, count: Int? = nil) throws(SnapshotError) -> [Int32] {
    try values(name, "int32", count) { if case .int32(let values) = $0 { values } else { nil } }
  }

  /// The int64 array under `name`; see ``floats(_:count:)``.
  public func int64s(_ name: String, count: Int? = nil) throws(SnapshotError) -> [Int64] {
    try values(name, "int64", count) { if case .int64(let values) = $0 { values } else { nil } }
  }

  /// The int64 array under `name` as integers; see ``floats(_:count:)``.
  public func integers(_ name: String, count: Int? = nil) throws(SnapshotError) -> [Int] {
    try int64s(name, count: count).map(Int.init)
  }

  /// The uint64 array under `name`; see ``floats(_:count:)``.
  public func uint64s(_ name: String, count: Int? = nil) throws(SnapshotError) -> [UInt64] {
    try values(name, "uint64", count) { if case .uint64(let values) = $0 { values } else { nil } }
  }

  /// The uint8 array under `name`; see ``floats(_:count:)``.
  public func bytes(_ name: String, count: Int? = nil) throws(SnapshotError) -> [UInt8] {
    try values(name, "uint8", count) { if case .uint8(let values) = $0 { values } else { nil } }
  }

  /// The uint8 array under `name` as Booleans; it throws for a byte other than 0 and 1 too.
  public func bools(_ name: String, count: Int? = nil) throws(SnapshotError) -> [Bool] {
    let bytes = try bytes(name, count: count)
    if let position = bytes.firstIndex(where: { $0 > 1 }) {
      throw mismatch(name, expected: "bytes 0 or 1", found: "\(bytes[position]) at position \(position)")
    }
    return bytes.map { $0 == 1 }
  }

  /// The texts under `name`; see ``floats(_:count:)``.
  public func texts(_ name: String, count: Int? = nil) throws(SnapshotError) -> [String] {
    try values(name, "text", count) { if case .text(let values) = $0 { values } else { nil } }
  }

  private func values<Element>(
    _ name: String, _ type: String, _ count: Int?, _ extract: (Values) -> [Element]?
  ) throws(SnapshotError) -> [Element] {
    guard case .dataset(let dataset)? = self[name], let values = extract(dataset.values),
      count == nil || count == values.count
    else {
      let expected = count.map { "\(type) with \($0) values" } ?? type
      throw mismatch(name, expected: expected, found: summary(of: name))
    }
    return values
  }
}
