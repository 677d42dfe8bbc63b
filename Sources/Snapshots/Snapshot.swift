/// State as a tree of named arrays: an ordered group of datasets and groups.
///
/// Names stay in the order in which they were first set, so the same state gives the same tree, and two trees
/// are equal when names, order, shapes, values and attributes are. The tree knows no file; a group that was
/// taken out with ``group(_:)`` remembers where it stood, so that errors name the whole path.
public struct Snapshot: Sendable {
  /// What is said about the group itself.
  public var attributes = NamedValues<Attribute>()

  private var nodes = NamedValues<Node>()
  private var path = ""

  /// Creates an empty group.
  public init() {}

  /// The numbers or texts of a dataset, in row-major order.
  public enum Values: Sendable, Equatable {
    /// 32-bit floating point.
    case float32([Float])
    /// 64-bit floating point.
    case float64([Double])
    /// 32-bit signed integers.
    case int32([Int32])
    /// 64-bit signed integers.
    case int64([Int64])
    /// 64-bit unsigned integers.
    case uint64([UInt64])
    /// Bytes, and Booleans as 0 and 1.
    case uint8([UInt8])
    /// Unicode texts without NUL.
    case text([String])
  }

  /// A remark on a group or a dataset.
  public enum Attribute: Sendable, Equatable {
    /// A text without NUL.
    case text(String)
    /// An integer.
    case integer(Int64)
    /// A real number.
    case real(Double)
    /// A list of texts.
    case texts([String])
  }

  /// An array with its shape and its attributes.
  public struct Dataset: Sendable, Equatable {
    /// The extents, outermost first; empty for a scalar.
    public let shape: [Int]

    /// The elements, as many as the product of ``shape``, in row-major order.
    public let values: Values

    /// What is said about the dataset.
    public var attributes = NamedValues<Attribute>()

    /// Creates a dataset; without a shape it is a vector of all values.
    /// - Precondition: The extents are not negative and their product is the number of values.
    public init(_ values: Values, shape: [Int]? = nil) {
      let shape = shape ?? [values.count]
      precondition(
        shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
        "shape \(shape) does not hold \(values.count) values")
      self.shape = shape
      self.values = values
    }
  }

  /// What stands under a name.
  public indirect enum Node: Sendable, Equatable {
    /// A group of further nodes.
    case group(Snapshot)
    /// An array.
    case dataset(Dataset)
  }

  /// The names in the group, in the order in which they were first set.
  public var names: [String] { nodes.names }

  /// Whether there is a node under `name`.
  public func contains(_ name: String) -> Bool { nodes[name] != nil }

  /// The node under `name`; nil when there is none, and setting nil removes it.
  /// - Precondition: A name that is set satisfies ``NamedValues/isName(_:)``.
  public subscript(name: String) -> Node? {
    get { nodes[name] }
    set { nodes[name] = newValue }
  }

  /// The error for the entry `name` of this group, for checks that its reader makes itself.
  public func mismatch(_ name: String, expected: String, found: String) -> SnapshotError {
    SnapshotError(path: "\(path)/\(name)", expected: expected, found: found)
  }

  /// The group under `name`.
  public func group(_ name: String) throws(SnapshotError) -> Snapshot {
    guard case .group(var group)? = nodes[name] else {
      throw mismatch(name, expected: "a group", found: summary(of: name))
    }
    group.path = "\(path)/\(name)"
    return group
  }

  /// The dataset under `name`.
  public func dataset(_ name: String) throws(SnapshotError) -> Dataset {
    guard case .dataset(let dataset)? = nodes[name] else {
      throw mismatch(name, expected: "a dataset", found: summary(of: name))
    }
    return dataset
  }

  /// What stands under `name`, in a few words: `float32 of shape [3, 4]`, `a group`, `nothing`.
  func summary(of name: String) -> String {
    switch nodes[name] {
    case .dataset(let dataset)?:
      dataset.shape.isEmpty
        ? "\(dataset.values.typeName) scalar" : "\(dataset.values.typeName) of shape \(dataset.shape)"
    case .group?: "a group"
    case nil: "nothing"
    }
  }
}

extension Snapshot: Equatable {
  /// Whether both hold the same nodes and attributes in the same order, wherever they were taken from.
  public static func == (left: Snapshot, right: Snapshot) -> Bool {
    left.attributes == right.attributes && left.nodes == right.nodes
  }
}

extension Snapshot.Values {
  /// How many elements there are.
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .uint64(let values): values.count
    case .uint8(let values): values.count
    case .text(let values): values.count
    }
  }

  /// The name of the element type: `float32`, `float64`, `int32`, `int64`, `uint64`, `uint8` or `text`.
  public var typeName: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint64: "uint64"
    case .uint8: "uint8"
    case .text: "text"
    }
  }
}
