public import Randomness
public import Snapshots

/// What the server knows: a model for each of its edges, what merges updates into it, and what each client holds.
///
/// Without edges there is one model. With them every edge merges its own clients' updates in each round, and every so
/// many rounds the cloud takes the mean of the edges' models, weighted by the samples behind them (two levels:
/// L. Liu et al., "Client-edge-cloud hierarchical federated learning", ICC 2020).
public struct FederationServer: Sendable {
  private var own: [EdgeModel]
  /// Traffic so far.
  public private(set) var traffic = Traffic()
  /// Updates so far that were refused, because a number in them was not finite or their bytes were none.
  public private(set) var refused = 0
  /// Updates so far that a rule left out, that were too old, or too few for the rule.
  public private(set) var leftOut = 0
  /// Updates merged so far.
  public private(set) var merged = 0
  private let edges: EdgeGroups
  private let up: (any Compressor)?
  private let down: (any Compressor)?
  private let staleness: Staleness?
  private let noise: CentralNoise?
  private var stream: RandomStream
  /// Where the way down is compressed, the model as each client holds it; empty before the first.
  private var held: [[Float]]
  /// For each client, the contributors of the last merge that its own update was part of.
  private var contributors: [Int]

  /// Bytes of encoded messages.
  public struct Traffic: Sendable, Equatable {
    /// From clients.
    public var up = 0
    /// To clients.
    public var down = 0
    /// Between edges and cloud, both ways.
    public var cloud = 0
  }

  /// A server that begins with one model everywhere.
  ///
  /// - Parameters:
  ///   - makeRule: gives each edge a rule of its own.
  ///   - mergedCount: how many leading elements of the model the rule merges.
  public init(
    model: [Float], mergedCount: Int, edges: EdgeGroups, makeRule: () -> any AggregationRule,
    up: (any Compressor)? = nil, down: (any Compressor)? = nil, staleness: Staleness? = nil,
    noise: CentralNoise? = nil, stream: RandomStream
  ) {
    own = (0..<edges.count).map { _ in EdgeModel(model, mergedCount: mergedCount, rule: makeRule()) }
    self.edges = edges
    self.up = up
    self.down = down
    self.staleness = staleness
    self.noise = noise
    self.stream = stream
    held = [[Float]](repeating: [], count: down == nil ? 0 : edges.clients)
    contributors = [Int](repeating: 0, count: edges.clients)
  }

  /// The models, for each edge: the merged part, then moments.
  public var models: [[Float]] { own.map(\.values) }

  /// How often each model has changed.
  public var versions: [Int] { own.map(\.version) }

  private var mergedCount: Int { own[0].mergedCount }

  /// The model that a client would be sent, whole and without a word of traffic.
  public func model(for client: Int) -> (values: [Float], contributors: Int) {
    (own[edges[client]].values, contributors[client])
  }

  /// The message that brings a client the newest model.
  public mutating func send(to client: Int) -> ModelMessage {
    let model = own[edges[client]]
    let values = model.merged
    var message = ModelMessage(
      version: model.version, contributors: contributors[client], isDifference: false, content: [],
      moments: model.moments)
    if let down, !held[client].isEmpty {
      let difference = zip(values, held[client]).map { $0 - $1 }
      message.isDifference = true
      message.content = down.encode(difference, using: &stream)
      if let sent = try? down.decode(message.content, count: mergedCount) {
        held[client] = zip(held[client], sent).map { $0 + $1 }
      }
    } else {
      var writer = MessageWriter()
      writer.write(values)
      message.content = writer.bytes
      if down != nil { held[client] = values }
    }
    traffic.down += message.bytes.count
    return message
  }

  /// Merges the updates that arrived in a round, in the order given.
  ///
  /// - Parameters:
  ///   - weighsSamples: whether an update counts by its samples; else all count alike.
  ///   - judge: see ``AggregationRule/merge(_:into:judge:)``.
  public mutating func receive(
    _ arrived: [[UInt8]], round: Int, weighsSamples: Bool, judge: ((_ parameters: [Float]) -> Double)?
  ) {
    var parts = [[(message: UpdateMessage, values: [Float])]](repeating: [], count: edges.count)
    for bytes in arrived {
      traffic.up += bytes.count
      guard let message = try? UpdateMessage(bytes: bytes), message.client < edges.clients,
        message.form != .parameters || !wantsDifferences, let values = try? read(message),
        EdgeModel.areFinite(values), EdgeModel.areFinite(message.moments),
        message.moments.count == own[0].values.count - mergedCount, !weighsSamples || message.samples > 0
      else {
        refused += 1
        continue
      }
      parts[edges[message.client]].append((message, values))
    }
    if let noise {
      add(parts[0].map { (client: $0.message.client, difference: $0.values) }, noise)
      return
    }
    for edge in parts.indices where !parts[edge].isEmpty {
      guard let staleness else {
        note(own[edge].merge(parts[edge], weighsSamples: weighsSamples, judge: judge), edge)
        continue
      }
      for part in parts[edge] { note(own[edge].add(part.values, of: part.message, staleness), edge) }
    }
    endRound(round)
  }

  /// Whether nothing but differences may come.
  private var wantsDifferences: Bool { staleness != nil || noise != nil }

  /// Counts what became of updates, and who is part of an edge's model now.
  private mutating func note(_ outcome: EdgeModel.Outcome, _ edge: Int) {
    merged += outcome.merged
    leftOut += outcome.leftOut
    refused += outcome.refused
    guard let names = outcome.contributors else { return }
    for client in edges.members(of: edge) { contributors[client] = names.contains(client) ? names.count : 0 }
  }

  /// The merged part of a message: parameters, or a difference where it is one.
  private func read(_ message: UpdateMessage) throws(TransportError) -> [Float] {
    switch message.form {
    case .parameters, .difference:
      var reader = MessageReader(message.content)
      let values = try reader.readFloats(mergedCount)
      guard reader.left == 0 else { throw TransportError("an update is longer than the model") }
      return values
    case .compressed:
      guard let up else { throw TransportError("an update is compressed, which was not agreed") }
      return try up.decode(message.content, count: mergedCount)
    }
  }

  /// Moves the model by the mean of clipped differences with the server's noise: also where nobody contributed, since
  /// that too must not be seen.
  private mutating func add(_ parts: [(client: Int, difference: [Float])], _ noise: CentralNoise) {
    var sum = [Double](repeating: 0, count: mergedCount)
    for part in parts {
      var difference = part.difference
      noise.privacy.clip(&difference)
      for position in sum.indices { sum[position] += Double(difference[position]) }
    }
    let mean = noise.privacy.noisyMean(ofSum: sum, expected: noise.expected, using: &stream)
    note(own[0].move(by: mean, contributors: parts.map(\.client), samples: Double(parts.count)), 0)
  }

  /// Merges what a secure sum gave: nothing but the sum is known.
  ///
  /// - Parameters:
  ///   - sum: of the edge's clients that stayed; nil where too few did.
  ///   - participants: how many clients began.
  ///   - bytes: what went up and down for it.
  public mutating func receive(_ sum: SecureSum?, of edge: Int, participants: Int, bytes: (up: Int, down: Int)) {
    traffic.up += bytes.up
    traffic.down += bytes.down
    leftOut += participants - (sum?.survivors.count ?? 0)
    if let noise {
      let values = sum?.values ?? [Double](repeating: 0, count: mergedCount)
      let mean = noise.privacy.noisyMean(ofSum: values, expected: noise.expected, using: &stream)
      note(own[edge].move(by: mean, contributors: sum?.survivors ?? [], samples: sum?.weight ?? 0), edge)
    } else if let sum {
      note(own[edge].move(by: sum.mean, contributors: sum.survivors, samples: sum.weight), edge)
    }
  }

  /// The cloud's turn, where it comes after a round: all edges go on from the mean of their models.
  public mutating func endRound(_ round: Int) {
    guard edges.isCloudsTurn(after: round) else { return }
    let updates = own.indices.filter { own[$0].samples > 0 }.map {
      ClientUpdate(client: $0, weight: own[$0].samples, parameters: own[$0].values)
    }
    guard !updates.isEmpty else { return }
    var mean = own[0].values
    WeightedMean.write(updates, into: &mean)
    traffic.cloud += 4 * mean.count * (updates.count + own.count)
    for edge in own.indices { own[edge].replace(with: mean) }
  }
}

extension FederationServer: Restorable {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    for edge in own.indices { snapshot.set("edge-\(edge)", own[edge].snapshot()) }
    snapshot.set("contributors", contributors)
    snapshot.set("counts", [traffic.up, traffic.down, traffic.cloud, refused, leftOut, merged])
    snapshot.set("stream", stream.words)
    for client in held.indices where !held[client].isEmpty { snapshot.set("held-\(client)", held[client]) }
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    for edge in own.indices { try copy.own[edge].restore(from: try snapshot.group("edge-\(edge)")) }
    copy.contributors = try snapshot.integers("contributors", count: contributors.count)
    let counts = try snapshot.integers("counts", count: 6)
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw snapshot.mismatch("counts", expected: "numbers of bytes and updates", found: "\(counts)")
    }
    copy.traffic = Traffic(up: counts[0], down: counts[1], cloud: counts[2])
    (copy.refused, copy.leftOut, copy.merged) = (counts[3], counts[4], counts[5])
    guard let stream = RandomStream(words: try snapshot.uint64s("stream", count: 8)) else {
      throw snapshot.mismatch("stream", expected: "the state of a random stream", found: "other words")
    }
    copy.stream = stream
    for client in held.indices {
      let name = "held-\(client)"
      copy.held[client] = snapshot.contains(name) ? try snapshot.floats(name, count: mergedCount) : []
    }
    self = copy
  }
}
