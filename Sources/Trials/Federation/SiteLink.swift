import Agents
import Federation
import Randomness
import Snapshots

/// A client's end of the way to its server: the model that it was given, and its update until that arrives.
struct SiteLink: Sendable {
  private let up: (any Compressor)?
  private let down: (any Compressor)?
  private let sendsDifferences: Bool
  private let count: Int
  private var stream: RandomStream
  /// The merged part of the model that it was given last; empty before the first.
  private var received: [Float] = []
  private var version = 0
  /// What compression has lost so far and still owes.
  private var feedback = ErrorFeedback()
  /// The update on its way and the round at whose end it arrives.
  private var pending: (bytes: [UInt8], round: Int)?

  /// - Parameter count: the elements of the merged part.
  init(_ federation: FederationSettings, count: Int, stream: RandomStream) {
    up = federation.up
    down = federation.down
    sendsDifferences = federation.sendsDifferences
    self.count = count
    self.stream = stream
  }

  /// Reads a model: its merged part, then moments.
  mutating func receive(_ message: ModelMessage) throws(TransportError) -> [Float] {
    version = message.version
    if message.isDifference {
      guard let down, received.count == count else { throw TransportError("a model came as a difference from nothing") }
      let difference = try down.decode(message.content, count: count)
      received = zip(received, difference).map { $0 + $1 }
    } else {
      var reader = MessageReader(message.content)
      received = try reader.readFloats(count)
    }
    return received + message.moments
  }

  /// Makes the update of a round's work; it is lost where the plan says so.
  mutating func prepare(
    _ values: [Float], mergedCount: Int, client: Int, round: Int, samples: Double, _ part: RoundPlan.Part
  ) {
    var message = UpdateMessage(
      client: client, round: round, version: version, samples: samples, form: .parameters, content: [],
      moments: Array(values[mergedCount...]))
    if sendsDifferences {
      let difference = (0..<mergedCount).map { values[$0] - received[$0] }
      (message.form, message.content) = written(difference)
    } else {
      message.content = Self.bytes(of: values[..<mergedCount])
    }
    pending = part.isLost ? nil : (message.bytes, round + part.delay)
  }

  private mutating func written(_ difference: [Float]) -> (UpdateMessage.Form, [UInt8]) {
    guard let up, difference.allSatisfy(\.isFinite) else { return (.difference, Self.bytes(of: difference[...])) }
    return (.compressed, feedback.encode(difference, by: up, using: &stream))
  }

  private static func bytes(of values: ArraySlice<Float>) -> [UInt8] {
    var writer = MessageWriter()
    writer.write(values)
    return writer.bytes
  }

  /// The update that arrives at the end of a round, if there is one.
  mutating func update(arrivingIn round: Int) -> [UInt8]? {
    guard let pending, pending.round == round else { return nil }
    self.pending = nil
    return pending.bytes
  }
}

extension SiteLink: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("stream", stream.words)
    snapshot.set("received", received)
    snapshot.set("version", integer: version)
    snapshot.set("feedback", feedback.snapshot())
    snapshot.set("pending", pending?.bytes ?? [])
    snapshot.set("pending_round", integer: pending?.round ?? -1)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.stream = try snapshot.stream("stream")
    copy.received = try snapshot.floats("received")
    guard copy.received.isEmpty || copy.received.count == count else {
      throw snapshot.mismatch("received", expected: "\(count) parameters or none", found: "\(copy.received.count)")
    }
    copy.version = try snapshot.integer("version")
    try copy.feedback.restore(from: try snapshot.group("feedback"))
    guard copy.feedback.residual.isEmpty || copy.feedback.residual.count == count else {
      throw snapshot.mismatch(
        "feedback", expected: "\(count) parameters or none", found: "\(copy.feedback.residual.count)")
    }
    let round = try snapshot.integer("pending_round")
    copy.pending = round < 0 ? nil : (try snapshot.bytes("pending"), round)
    self = copy
  }
}
