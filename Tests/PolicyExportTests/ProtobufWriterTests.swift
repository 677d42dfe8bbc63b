import PolicyExport
import TestSupport
import Testing

struct ProtobufWriterTests {
  /// From the definition of a varint: groups of seven bits, the lowest first, the top bit set on all but the
  /// last.
  static let varints: [(value: Int64, bytes: [UInt8])] = [
    (0, [0x00]),
    (1, [0x01]),
    (127, [0x7F]),
    (128, [0x80, 0x01]),
    (150, [0x96, 0x01]),
    (16_383, [0xFF, 0x7F]),
    (16_384, [0x80, 0x80, 0x01]),
    (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
    (-1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    (.min, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
  ]

  @Test(arguments: varints.indices)
  func `writes an integer in groups of seven bits`(_ index: Int) {
    var writer = ProtobufWriter()
    writer.integer(1, Self.varints[index].value)
    #expect(writer.bytes == [0x08] + Self.varints[index].bytes)
  }

  @Test func `gives field numbers from 16 on a tag of two bytes`() {
    var writer = ProtobufWriter()
    writer.integer(15, 2)
    writer.integer(16, 2)
    writer.integer(20, 2)
    #expect(writer.bytes == [0x78, 0x02, 0x80, 0x01, 0x02, 0xA0, 0x01, 0x02])
  }

  /// The examples of the documentation of Protocol Buffers, "Encoding".
  @Test func `writes texts and nested messages as the documentation shows`() {
    var text = ProtobufWriter()
    text.text(2, "testing")
    #expect(text.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
    var nested = ProtobufWriter()
    nested.message(3) { $0.integer(1, 150) }
    #expect(nested.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
  }

  @Test func `counts bytes, not characters, and keeps empty fields`() {
    var writer = ProtobufWriter()
    writer.text(1, "é")
    writer.text(1, "")
    writer.bytes(2, [UInt8](repeating: 7, count: 200))
    #expect(Array(writer.bytes.prefix(9)) == [0x0A, 0x02, 0xC3, 0xA9, 0x0A, 0x00, 0x12, 0xC8, 0x01])
    #expect(writer.bytes.count == 9 + 200)
  }
}
