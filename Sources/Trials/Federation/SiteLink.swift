import Agents
import Federation
import Randomness
import Snapshots

/// A client's end of the way to its server: the model that it was given, and its update until that arrives.
struct SiteLink: Sendable {
  private let up: (any Compressor)?
  private let down: (any Compressor)?
  private let privacy: UpdatePrivacy?
  private let secure: SecureAggregation?
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
  /// What a liar does; nil for an honest client.
  var attack: (any Attack)?
  /// While a round's sum is made in secret: what this client adds, and its end of it.
  private var secret: [Float] = []
  private var session: SecureAggregationClient?

  /// - Parameter count: the elements of the merged part.
  init(_ federation: FederationSettings, count: Int, attack: (any Attack)?, stream: RandomStream) {
    privacy = federation.privacy
    secure = federation.secure
    self.attack = attack
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
  ///
  /// The difference between the client's parameters and those that it was given goes, where there is such a thing, through
  /// a liar's hands, is clipped, gets noise, and is compressed or masked, in this order.
  mutating func prepare(
    _ values: [Float], mergedCount: Int, client: Int, round: Int, samples: Double, _ part: RoundPlan.Part
  ) {
    var message = UpdateMessage(
      client: client, round: round, version: version, samples: privacy == nil ? samples : 1, form: .parameters,
      content: [], moments: Array(values[mergedCount...]))
    if sendsDifferences || attack != nil {
      var difference = (0..<mergedCount).map { values[$0] - received[$0] }
      attack?.corrupt(&difference)
      if let privacy {
        privacy.clip(&difference, margin: secure?.roundingNorm(count: mergedCount) ?? 0)
        if privacy.place == .local { privacy.addNoise(to: &difference, using: &stream) }
      }
      if secure != nil {
        secret = difference
        pending = nil
        return
      }
      if sendsDifferences {
        (message.form, message.content) = written(difference)
      } else {
        message.content = Self.bytes(of: (0..<mergedCount).map { received[$0] + difference[$0] }[...])
      }
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

  /// Its answer in an exchange of a secure sum.
  mutating func answer(
    _ step: SecureRound.Exchange, _ received: [UInt8], _ settings: SecureAggregation, client: Int, peers: Int,
    weight: Double, round: Int, seed: UInt64
  ) throws(SecureAggregationError) -> [UInt8] {
    if step == .keys {
      var source = RandomStream(seed: seed).split(0x7365_6375_7265).split(UInt64(client)).split(UInt64(round))
      session = try SecureAggregationClient(
        settings, number: client, participants: peers, round: UInt64(round), using: &source)
    }
    guard var session else { throw SecureAggregationError(.message, "client \(client) has not begun") }
    defer { self.session = session }
    return switch step {
    case .keys: try session.advertise()
    case .shares: try session.share(received)
    case .numbers: try session.mask(secret, weight: weight, with: received)
    case .reveal: try session.reveal(received)
    }
  }

  mutating func forgetSecret() {
    session = nil
    secret = []
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
    if let attack { snapshot.set("attack", attack.snapshot()) }
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
    if var attack {
      try attack.restore(from: try snapshot.group("attack"))
      copy.attack = attack
    }
    copy.pending = round < 0 ? nil : (try snapshot.bytes("pending"), round)
    self = copy
  }
}
