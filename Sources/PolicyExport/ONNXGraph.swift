/// A computation of named tensors, built node by node in the order of evaluation.
///
/// What goes in and out has a row for each observation of a batch of any size.
package struct ONNXGraph: Sendable, Equatable {
  /// The type of a tensor's elements, under its number in ONNX.
  package enum ElementType: Int64, Sendable {
    /// 32-bit floating point.
    case float32 = 1
    /// 64-bit signed integers.
    case int64 = 7
    /// Truth values, one byte each.
    case boolean = 9
  }

  /// A tensor that goes in or comes out.
  package struct Port: Sendable, Equatable {
    /// The tensor's name.
    package let name: String
    /// The type of its elements.
    package let type: ElementType
    /// The values of a row: shape `[batch, columns]`; nil for the shape `[batch]`.
    package let columns: Int?
  }

  /// An operation that makes one tensor of others.
  package struct Node: Sendable, Equatable {
    /// What is done: `Gemm`.
    package let operation: String
    /// The tensors that it reads.
    package let inputs: [String]
    /// The tensor that it makes.
    package let output: String
    /// Settings by name.
    package let attributes: [String: Attribute]
  }

  /// A setting of an operation.
  package enum Attribute: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    /// A number.
    case integer(Int64)
    /// A list of numbers.
    case integers([Int64])

    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(arrayLiteral elements: Int64...) { self = .integers(elements) }
  }

  /// The elements of a fixed tensor in row-major order.
  package enum Elements: Sendable, Equatable {
    /// 32-bit floating point.
    case float32([Float])
    /// 64-bit signed integers.
    case int64([Int64])

    /// How many there are.
    package var count: Int {
      switch self {
      case .float32(let values): values.count
      case .int64(let values): values.count
      }
    }
  }

  /// A tensor that is part of the graph.
  package struct Constant: Sendable, Equatable {
    /// The tensor's name.
    package let name: String
    /// The extents, outermost first; empty for a scalar.
    package let shape: [Int]
    /// The elements in row-major order.
    package let elements: Elements
  }

  /// The graph's name.
  package let name: String
  /// What goes in.
  package private(set) var inputs: [Port] = []
  /// What comes out.
  package private(set) var outputs: [Port] = []
  /// The operations in the order of evaluation.
  package private(set) var nodes: [Node] = []
  /// The weights and other fixed tensors.
  package private(set) var constants: [Constant] = []

  /// A graph of nothing.
  package init(name: String) { self.name = name }

  /// Adds a tensor that the caller gives, and returns its name.
  @discardableResult
  package mutating func input(_ name: String, _ type: ElementType, columns: Int? = nil) -> String {
    inputs.append(Port(name: name, type: type, columns: columns))
    return name
  }

  /// Declares that a tensor is a result.
  package mutating func output(_ name: String, _ type: ElementType, columns: Int? = nil) {
    outputs.append(Port(name: name, type: type, columns: columns))
  }

  /// Adds a fixed tensor, and returns its name.
  package mutating func constant(_ name: String, shape: [Int], _ values: [Float]) -> String {
    constant(name, shape: shape, elements: .float32(values))
  }

  /// Adds a fixed list of integers, and returns its name.
  package mutating func constant(_ name: String, _ values: [Int64]) -> String {
    constant(name, shape: [values.count], elements: .int64(values))
  }

  private mutating func constant(_ name: String, shape: [Int], elements: Elements) -> String {
    precondition(
      shape.reduce(1, *) == elements.count, "shape \(shape) of \(name) does not hold \(elements.count) values")
    constants.append(Constant(name: name, shape: shape, elements: elements))
    return name
  }

  /// Adds an operation, and returns the name of the tensor that it makes.
  @discardableResult
  package mutating func node(
    _ operation: String, _ inputs: [String], to output: String, _ attributes: [String: Attribute] = [:]
  ) -> String {
    nodes.append(Node(operation: operation, inputs: inputs, output: output, attributes: attributes))
    return output
  }
}
