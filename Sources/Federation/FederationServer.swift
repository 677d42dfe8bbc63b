public import Randomness
public import Snapshots

/// What the server knows: a model for each of its edges, what merges updates into it, and what each client holds.
///
/// Without edges there is one model. With them every edge merges its own clients' updates in each round, and every so
/// many rounds the cloud takes the mean of the edges' models, weighted by the samples behind them (two levels:
/// L. Liu et al., "Client-edge-cloud hierarchical federated learning", ICC 2020).
public struct FederationServer: Sendable {
  /// What merges, for each edge.
  public private(set) var rules: [any AggregationRule]
  /// The models, for each edge: the merged part, then moments.
  public private(set) var models: [[Float]]
  /// How often each model has changed.
  public private(set) var versions: [Int]
  /// Traffic so far.
  public private(set) var traffic = Traffic()
  /// Updates so far that were refused, because a number in them was not finite or their bytes were none.
  public private(set) var refused = 0
  /// Updates so far that a rule left out, that were too old, or too few for the rule.
  public private(set) var leftOut = 0
  /// Updates merged so far.
  public private(set) var merged = 0
  private let mergedCount: Int
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
  /// For each edge, the samples merged since the cloud's last turn.
  private var samples: [Double]

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
    rules = (0..<edges.count).map { _ in makeRule() }
    models = [[Float]](repeating: model, count: edges.count)
    versions = [Int](repeating: 0, count: edges.count)
    self.mergedCount = mergedCount
    self.edges = edges
    self.up = up
    self.down = down
    self.staleness = staleness
    self.noise = noise
    self.stream = stream
    held = [[Float]](repeating: [], count: down == nil ? 0 : edges.clients)
    contributors = [Int](repeating: 0, count: edges.clients)
    samples = [Double](repeating: 0, count: edges.count)
  }

  /// The model that a client would be sent, whole and without a word of traffic.
  public func model(for client: Int) -> (values: [Float], contributors: Int) {
    (models[edges[client]], contributors[client])
  }

  /// The message that brings a client the newest model.
  public mutating func send(to client: Int) -> ModelMessage {
    let edge = edges[client]
    let values = Array(models[edge][..<mergedCount])
    let moments = Array(models[edge][mergedCount...])
    var message = ModelMessage(
      version: versions[edge], contributors: contributors[client], isDifference: false, content: [], moments: moments)
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
        let values = try? read(message), Self.areFinite(values), Self.areFinite(message.moments),
        message.moments.count == models[0].count - mergedCount, !weighsSamples || message.samples > 0
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
      if let staleness {
        apply(parts[edge], to: edge, staleness)
      } else {
        merge(parts[edge], into: edge, weighsSamples: weighsSamples, judge: judge)
      }
    }
    if edges.isCloudsTurn(after: round) { mergeEdges() }
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

  private static func areFinite(_ values: [Float]) -> Bool { values.allSatisfy(\.isFinite) }

  private mutating func merge(
    _ parts: [(message: UpdateMessage, values: [Float])], into edge: Int, weighsSamples: Bool,
    judge: ((_ parameters: [Float]) -> Double)?
  ) {
    var model = Array(models[edge][..<mergedCount])
    var (updates, sentMoments): ([ClientUpdate], [[Float]]) = ([], [])
    for (message, values) in parts {
      let parameters = message.form == .parameters ? values : zip(model, values).map { $0 + $1 }
      // A finite difference may still lead beyond what 32 bits hold.
      guard Self.areFinite(parameters) else {
        refused += 1
        continue
      }
      updates.append(
        ClientUpdate(client: message.client, weight: weighsSamples ? message.samples : 1, parameters: parameters))
      sentMoments.append(message.moments)
    }
    var rule = rules[edge]
    // What a rule promises needs so many clients; where fewer arrived the model waits for the next round.
    guard !updates.isEmpty, rule.unsupported(clients: updates.count) == nil else {
      leftOut += updates.count
      return
    }
    let rejected = rule.merge(updates, into: &model, judge: judge)
    rules[edge] = rule
    guard Self.areFinite(model) else {
      refused += updates.count
      return
    }
    leftOut += rejected.count
    merged += updates.count - rejected.count
    for update in updates { contributors[update.client] = updates.count }
    for client in edges.members(of: edge) where !updates.contains(where: { $0.client == client }) {
      contributors[client] = 0
    }
    var moments = Array(models[edge][mergedCount...])
    if !moments.isEmpty {
      let kept = updates.indices.filter { !rejected.contains(updates[$0].client) }
      let averaged = kept.map {
        ClientUpdate(client: $0, weight: updates[$0].weight, parameters: sentMoments[$0])
      }
      if !averaged.isEmpty { WeightedMean.write(averaged, into: &moments) }
    }
    models[edge] = model + moments
    versions[edge] += 1
    samples[edge] += updates.reduce(0) { $0 + $1.weight }
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
    move(0, by: mean, contributors: parts.map(\.client), samples: Double(parts.count))
  }

  /// Moves an edge's model by a mean difference of which nobody knows the parts.
  private mutating func move(_ edge: Int, by mean: [Float], contributors names: [Int], samples count: Double) {
    var model = Array(models[edge][..<mergedCount])
    guard var rule = rules[edge] as? any MeanRule else {
      preconditionFailure("\(type(of: rules[edge]).name) cannot merge what it does not see")
    }
    let target = zip(model, mean).map { $0 + $1 }
    rule.move(&model, towards: target)
    rules[edge] = rule
    guard Self.areFinite(model) else {
      refused += names.count
      return
    }
    for client in edges.members(of: edge) { contributors[client] = names.contains(client) ? names.count : 0 }
    models[edge].replaceSubrange(..<mergedCount, with: model)
    versions[edge] += 1
    merged += names.count
    samples[edge] += count
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
      move(edge, by: mean, contributors: sum?.survivors ?? [], samples: sum?.weight ?? 0)
    } else if let sum {
      move(edge, by: sum.mean, contributors: sum.survivors, samples: sum.weight)
    }
  }

  /// The cloud's turn, where it comes after a round of secure sums.
  public mutating func endRound(_ round: Int) {
    if edges.isCloudsTurn(after: round) { mergeEdges() }
  }

  /// Adds differences one after another, each the less the older the model that it began from.
  private mutating func apply(
    _ parts: [(message: UpdateMessage, values: [Float])], to edge: Int, _ staleness: Staleness
  ) {
    for (message, difference) in parts {
      let age = versions[edge] - message.version
      guard age >= 0, let weight = staleness.gain(versions: age) else {
        leftOut += 1
        continue
      }
      var model = models[edge]
      for position in difference.indices {
        model[position] = Float(Double(model[position]) + weight * Double(difference[position]))
      }
      guard Self.areFinite(model) else {
        refused += 1
        continue
      }
      models[edge] = model
      versions[edge] += 1
      merged += 1
      samples[edge] += message.samples
    }
  }

  /// The cloud's turn: all edges go on from the mean of their models.
  private mutating func mergeEdges() {
    let updates = models.indices.filter { samples[$0] > 0 }.map {
      ClientUpdate(client: $0, weight: samples[$0], parameters: models[$0])
    }
    guard !updates.isEmpty else { return }
    var mean = models[0]
    WeightedMean.write(updates, into: &mean)
    traffic.cloud += 4 * mean.count * (updates.count + models.count)
    for edge in models.indices {
      models[edge] = mean
      versions[edge] += 1
      samples[edge] = 0
    }
  }
}

extension FederationServer: Restorable {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    for edge in models.indices {
      var part = Snapshot()
      part.set("model", models[edge])
      part.set("rule", rules[edge].snapshot())
      snapshot.set("edge-\(edge)", part)
    }
    snapshot.set("versions", versions)
    snapshot.set("samples", samples)
    snapshot.set("contributors", contributors)
    snapshot.set("counts", [traffic.up, traffic.down, traffic.cloud, refused, leftOut, merged])
    snapshot.set("stream", stream.words)
    for client in held.indices where !held[client].isEmpty { snapshot.set("held-\(client)", held[client]) }
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    for edge in models.indices {
      let part = try snapshot.group("edge-\(edge)")
      copy.models[edge] = try part.floats("model", count: models[edge].count)
      var rule = rules[edge]
      try rule.restore(from: try part.group("rule"))
      copy.rules[edge] = rule
    }
    copy.versions = try snapshot.integers("versions", count: versions.count)
    copy.samples = try snapshot.doubles("samples", count: samples.count)
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
