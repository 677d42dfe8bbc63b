/// A message in the wire format of Protocol Buffers, as far as ONNX files need it.
///
/// A field is a tag, `number << 3 | wire type`, and its content: a varint (wire type 0), or a number of bytes
/// and the bytes (wire type 2). Repeated integers are written one by one, not packed, as proto2 has it.
/// Fields written in ascending number give the same bytes as Google's deterministic serialisation. Source:
/// Protocol Buffers documentation, "Encoding".
package struct ProtobufWriter: Sendable {
  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty message.
  package init() {}

  /// Writes an integer field: seven bits a byte, the lowest first; a negative one takes ten bytes.
  package mutating func integer(_ field: Int, _ value: Int64) {
    tag(field, wireType: 0)
    varint(UInt64(bitPattern: value))
  }

  /// Writes a text field.
  package mutating func text(_ field: Int, _ value: String) {
    bytes(field, Array(value.utf8))
  }

  /// Writes a field of bytes.
  package mutating func bytes(_ field: Int, _ value: [UInt8]) {
    tag(field, wireType: 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a field that is itself a message.
  package mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    write(&inner)
    bytes(field, inner.bytes)
  }

  private mutating func tag(_ field: Int, wireType: UInt64) {
    precondition(field > 0 && field < 1 << 29, "a field cannot have the number \(field)")
    varint(UInt64(field) << 3 | wireType)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
