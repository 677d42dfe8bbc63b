/// An ONNX file: a graph with the versions that it needs and remarks for those who load it.
///
/// The numbers of the fields are those of `onnx.proto3`'s messages ModelProto, GraphProto, NodeProto,
/// AttributeProto, TensorProto, ValueInfoProto, TypeProto, OperatorSetIdProto and StringStringEntryProto.
/// Fields stand in ascending number and attributes by name, which gives the bytes of Python's `onnx.helper`
/// and `SerializeToString(deterministic=True)`.
package struct ONNXModel: Sendable {
  /// The version of the file format: 7, that of ONNX 1.8.
  package static let formatVersion: Int64 = 7
  /// The version of the operators: 13, which runtimes since 2020 know.
  package static let operatorVersion: Int64 = 13

  /// The computation.
  package let graph: ONNXGraph
  /// The program that wrote the file.
  package let producer: String
  /// The version of that program.
  package let producerVersion: String
  /// Remarks in their order, each under a key of its own.
  package let metadata: [(key: String, value: String)]

  /// A file by its parts.
  package init(
    _ graph: ONNXGraph, producer: String, producerVersion: String, metadata: [(key: String, value: String)]
  ) {
    self.graph = graph
    self.producer = producer
    self.producerVersion = producerVersion
    self.metadata = metadata
  }

  /// The bytes of the file.
  package func encoded() -> [UInt8] {
    var model = ProtobufWriter()
    model.integer(1, Self.formatVersion)
    model.text(2, producer)
    model.text(3, producerVersion)
    model.message(7) { graph.encode(into: &$0) }
    model.message(8) { operators in
      operators.text(1, "")
      operators.integer(2, Self.operatorVersion)
    }
    for (key, value) in metadata {
      model.message(14) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
    return model.bytes
  }
}

extension ONNXGraph {
  fileprivate func encode(into graph: inout ProtobufWriter) {
    for node in nodes { graph.message(1) { node.encode(into: &$0) } }
    graph.text(2, name)
    for constant in constants { graph.message(5) { constant.encode(into: &$0) } }
    for port in inputs { graph.message(11) { port.encode(into: &$0) } }
    for port in outputs { graph.message(12) { port.encode(into: &$0) } }
  }
}

extension ONNXGraph.Node {
  private static let integerAttribute: Int64 = 2
  private static let integersAttribute: Int64 = 7

  fileprivate func encode(into node: inout ProtobufWriter) {
    for input in inputs { node.text(1, input) }
    node.text(2, output)
    node.text(3, "\(output)_\(operation)")
    node.text(4, operation)
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      node.message(5) { attribute in
        attribute.text(1, name)
        switch value {
        case .integer(let number):
          attribute.integer(3, number)
          attribute.integer(20, Self.integerAttribute)
        case .integers(let numbers):
          for number in numbers { attribute.integer(8, number) }
          attribute.integer(20, Self.integersAttribute)
        }
      }
    }
  }
}

extension ONNXGraph.Constant {
  fileprivate func encode(into tensor: inout ProtobufWriter) {
    for extent in shape { tensor.integer(1, Int64(extent)) }
    tensor.integer(2, elements.type.rawValue)
    tensor.text(8, name)
    tensor.bytes(9, elements.bytes)
  }
}

extension ONNXGraph.Elements {
  fileprivate var type: ONNXGraph.ElementType {
    switch self {
    case .float32: .float32
    case .int64: .int64
    }
  }

  /// The elements one after another, each with its lowest byte first.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .float32(let values): Self.littleEndian(values.lazy.map(\.bitPattern))
    case .int64(let values): Self.littleEndian(values)
    }
  }

  private static func littleEndian<Words: Sequence>(_ words: Words) -> [UInt8]
  where Words.Element: FixedWidthInteger {
    var bytes: [UInt8] = []
    for word in words {
      for shift in stride(from: 0, to: Words.Element.bitWidth, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }
}

extension ONNXGraph.Port {
  fileprivate func encode(into value: inout ProtobufWriter) {
    value.text(1, name)
    value.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, self.type.rawValue)
        tensor.message(2) { shape in
          shape.message(1) { $0.text(2, "batch") }
          if let columns { shape.message(1) { $0.integer(1, Int64(columns)) } }
        }
      }
    }
  }
}
