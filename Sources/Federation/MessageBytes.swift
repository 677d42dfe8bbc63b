/// Writes numbers one after another, least significant byte first.
public struct MessageWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// An empty message.
  public init() {}

  /// Appends a whole number in its width.
  public mutating func write(_ value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: type(of: value).bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Appends a number of 64 bits.
  public mutating func write(_ value: Double) { write(value.bitPattern) }

  /// Appends numbers of 32 bits, without their count.
  public mutating func write(_ values: some Collection<Float>) {
    bytes.reserveCapacity(bytes.count + 4 * values.count)
    for value in values {
      let word = value.bitPattern
      bytes.append(UInt8(truncatingIfNeeded: word))
      bytes.append(UInt8(truncatingIfNeeded: word >> 8))
      bytes.append(UInt8(truncatingIfNeeded: word >> 16))
      bytes.append(UInt8(truncatingIfNeeded: word >> 24))
    }
  }

  /// Appends other bytes behind their count.
  public mutating func write(part: [UInt8]) {
    write(UInt64(part.count))
    bytes += part
  }
}

/// Reads what a ``MessageWriter`` wrote; refuses what is cut.
public struct MessageReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  /// A reader at the beginning of a message.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// How many bytes are left.
  public var left: Int { bytes.count - position }

  private mutating func take(_ count: Int) throws(TransportError) -> Int {
    guard count >= 0, count <= left else {
      throw TransportError("a message of \(bytes.count) bytes ends where \(count) more are wanted")
    }
    defer { position += count }
    return position
  }

  /// A whole number.
  public mutating func read<Number: FixedWidthInteger>(_ type: Number.Type) throws(TransportError) -> Number {
    let start = try take(Number.bitWidth / 8)
    var value: Number = 0
    for offset in 0..<Number.bitWidth / 8 {
      value |= Number(truncatingIfNeeded: UInt64(bytes[start + offset]) << UInt64(8 * offset))
    }
    return value
  }

  /// A number of 64 bits.
  public mutating func readDouble() throws(TransportError) -> Double { Double(bitPattern: try read(UInt64.self)) }

  /// Numbers of 32 bits.
  public mutating func readFloats(_ count: Int) throws(TransportError) -> [Float] {
    let (size, overflows) = count.multipliedReportingOverflow(by: 4)
    let start = try take(overflows ? -1 : size)
    let bytes = bytes.span
    return (0..<count).map { index in
      let place = start + 4 * index
      let low = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
      return Float(bitPattern: low | UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24)
    }
  }

  /// Bytes behind their count.
  public mutating func readPart() throws(TransportError) -> [UInt8] {
    let count = try read(UInt64.self)
    let start = try take(Int(exactly: count) ?? -1)
    return Array(bytes[start..<start + Int(count)])
  }
}

extension MessageWriter {
  /// Several messages in one.
  public static func pack(_ parts: [[UInt8]]) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(UInt64(parts.count))
    for part in parts { writer.write(part: part) }
    return writer.bytes
  }
}

extension MessageReader {
  /// The messages that ``MessageWriter/pack(_:)`` put into one.
  public static func unpack(_ bytes: [UInt8]) throws(TransportError) -> [[UInt8]] {
    var reader = MessageReader(bytes)
    let count = try reader.read(UInt64.self)
    guard count <= UInt64(bytes.count / 8) else { throw TransportError("a message says that it holds \(count) others") }
    var parts: [[UInt8]] = []
    for _ in 0..<count { parts.append(try reader.readPart()) }
    guard reader.left == 0 else { throw TransportError("a message has \(reader.left) bytes behind its end") }
    return parts
  }
}
