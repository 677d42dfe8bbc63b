/// A client's update on its way to the server.
public struct UpdateMessage: Sendable, Equatable {
  /// How the merged part is written.
  public enum Form: UInt8, Sendable {
    /// The parameters themselves, in 32 bits.
    case parameters = 0
    /// What they differ by from those that the client began from, in 32 bits.
    case difference = 1
    /// A difference in a compressor's bytes.
    case compressed = 2
  }

  /// The client.
  public var client: Int
  /// The round in which it began.
  public var round: Int
  /// The version of the model that it began from.
  public var version: Int
  /// Samples that it learned from.
  public var samples: Double
  /// How ``content`` is written.
  public var form: Form
  /// The merged part.
  public var content: [UInt8]
  /// Optimizer moments, where they travel.
  public var moments: [Float]

  /// A message by its parts.
  public init(
    client: Int, round: Int, version: Int, samples: Double, form: Form, content: [UInt8], moments: [Float] = []
  ) {
    self.client = client
    self.round = round
    self.version = version
    self.samples = samples
    self.form = form
    self.content = content
    self.moments = moments
  }

  /// The message as bytes: 25 of its own, what it carries, and 8 for each of two lengths.
  public var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.write(UInt32(client))
    writer.write(UInt32(round))
    writer.write(UInt64(version))
    writer.write(samples)
    writer.write(form.rawValue)
    writer.write(part: content)
    writer.write(UInt64(moments.count))
    writer.write(moments)
    return writer.bytes
  }

  /// Reads a message.
  public init(bytes: [UInt8]) throws(TransportError) {
    var reader = MessageReader(bytes)
    client = Int(try reader.read(UInt32.self))
    round = Int(try reader.read(UInt32.self))
    version = Int(truncatingIfNeeded: try reader.read(UInt64.self))
    samples = try reader.readDouble()
    let kind = try reader.read(UInt8.self)
    guard let form = Form(rawValue: kind) else {
      throw TransportError("an update is written in an unknown form, \(kind)")
    }
    self.form = form
    content = try reader.readPart()
    let count = try reader.read(UInt64.self)
    guard count <= UInt64(bytes.count / 4) else {
      throw TransportError("an update says that it holds \(count) moments")
    }
    moments = try reader.readFloats(Int(count))
    guard reader.left == 0 else { throw TransportError("an update has \(reader.left) bytes behind its end") }
    guard samples.isFinite, samples >= 0 else { throw TransportError("an update says that it has \(samples) samples") }
  }
}
