/// The place of one parameter array in a flat vector.
public struct ParameterSlot: Sendable, Equatable {
  /// The path of the parameter, e.g. `layers.0.weight`.
  public let name: String

  /// The extents, outermost first: `[out, in]` for a weight, `[out]` for a bias.
  public let shape: [Int]

  /// The elements it takes, in row-major order.
  public let range: Range<Int>

  /// The path of the layer it belongs to: `layers.0` for `layers.0.weight`.
  public var layer: String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
  }

  /// What the parameter is called in its layer: `weight` for `layers.0.weight`.
  public var parameter: String {
    name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
  }
}

/// How the parameters of a network lie in one flat vector: slot after slot, without gaps.
public struct ParameterLayout: Sendable, Equatable {
  /// The parameters in the order in which they lie.
  public private(set) var slots: [ParameterSlot] = []

  /// The number of elements of the whole vector.
  public private(set) var count = 0

  /// The number of each name's slot.
  private var numbers: [String: Int] = [:]

  /// Creates an empty layout.
  public init() {}

  /// Adds a parameter behind the last.
  /// - Precondition: No other parameter has the name.
  public mutating func append(_ name: String, shape: [Int]) {
    precondition(self[name] == nil, "two parameters cannot both be called \(name)")
    precondition(shape.allSatisfy { $0 >= 0 }, "parameter \(name) cannot have shape \(shape)")
    let end = count + shape.reduce(1, *)
    numbers[name] = slots.count
    slots.append(ParameterSlot(name: name, shape: shape, range: count..<end))
    count = end
  }

  /// Adds the parameters of another layout behind the last, each with a prefix to its name.
  /// - Returns: the elements that they take.
  @discardableResult
  public mutating func append(_ other: ParameterLayout, prefix: String) -> Range<Int> {
    let start = count
    for slot in other.slots { append(prefix + slot.name, shape: slot.shape) }
    return start..<count
  }

  /// The slot of a name; nil when there is none. O(1).
  public subscript(name: String) -> ParameterSlot? { numbers[name].map { slots[$0] } }

  /// Whether the same parameters lie in the same places.
  public static func == (a: ParameterLayout, b: ParameterLayout) -> Bool { a.slots == b.slots }
}
