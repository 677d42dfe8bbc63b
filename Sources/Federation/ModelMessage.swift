/// The server's model on its way to a client.
public struct ModelMessage: Sendable, Equatable {
  /// The version of the model.
  public var version: Int
  /// How many updates the model is the mean of, if the client's own was among them; else 0.
  public var contributors: Int
  /// Whether ``content`` is what the model differs by from the one that the client holds, in a compressor's bytes.
  public var isDifference: Bool
  /// The merged part.
  public var content: [UInt8]
  /// Optimizer moments, where they travel.
  public var moments: [Float]

  /// A message by its parts.
  public init(version: Int, contributors: Int, isDifference: Bool, content: [UInt8], moments: [Float] = []) {
    self.version = version
    self.contributors = contributors
    self.isDifference = isDifference
    self.content = content
    self.moments = moments
  }

  /// The message as bytes.
  public var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.write(UInt64(version))
    writer.write(UInt32(contributors))
    writer.write(UInt8(isDifference ? 1 : 0))
    writer.write(part: content)
    writer.write(UInt64(moments.count))
    writer.write(moments)
    return writer.bytes
  }

  /// Reads a message.
  public init(bytes: [UInt8]) throws(TransportError) {
    var reader = MessageReader(bytes)
    version = Int(truncatingIfNeeded: try reader.read(UInt64.self))
    contributors = Int(try reader.read(UInt32.self))
    isDifference = try reader.read(UInt8.self) == 1
    content = try reader.readPart()
    let count = try reader.read(UInt64.self)
    guard count <= UInt64(bytes.count / 4) else { throw TransportError("a model says that it holds \(count) moments") }
    moments = try reader.readFloats(Int(count))
    guard reader.left == 0 else { throw TransportError("a model has \(reader.left) bytes behind its end") }
  }
}
