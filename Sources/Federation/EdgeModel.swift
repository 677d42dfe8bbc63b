internal import Snapshots

/// One model of the server, with the rule that merges updates into it.
struct EdgeModel: Sendable {
  /// What an attempt to change the model came to.
  struct Outcome: Sendable {
    /// The clients whose updates the model is now made of; nil where it stayed as it was.
    var contributors: [Int]?
    var merged = 0
    var leftOut = 0
    var refused = 0
  }

  private(set) var rule: any AggregationRule
  /// The merged part, then moments.
  private(set) var values: [Float]
  /// How often it has changed.
  private(set) var version = 0
  /// The samples merged since the cloud's last turn.
  private(set) var samples = 0.0
  let mergedCount: Int

  init(_ values: [Float], mergedCount: Int, rule: any AggregationRule) {
    self.values = values
    self.mergedCount = mergedCount
    self.rule = rule
  }

  var merged: [Float] { Array(values[..<mergedCount]) }
  var moments: [Float] { Array(values[mergedCount...]) }

  static func areFinite(_ values: [Float]) -> Bool { values.allSatisfy(\.isFinite) }

  /// Merges a round's updates by the rule, and moments by their mean.
  mutating func merge(
    _ parts: [(message: UpdateMessage, values: [Float])], weighsSamples: Bool,
    judge: ((_ parameters: [Float]) -> Double)?
  ) -> Outcome {
    var (outcome, model) = (Outcome(), merged)
    var (updates, sentMoments): ([ClientUpdate], [[Float]]) = ([], [])
    for (message, values) in parts {
      let parameters = message.form == .parameters ? values : zip(model, values).map { $0 + $1 }
      // A finite difference may still lead beyond what 32 bits hold.
      guard Self.areFinite(parameters) else {
        outcome.refused += 1
        continue
      }
      updates.append(
        ClientUpdate(client: message.client, weight: weighsSamples ? message.samples : 1, parameters: parameters))
      sentMoments.append(message.moments)
    }
    // What a rule promises needs so many clients; where fewer arrived the model waits for the next round.
    guard !updates.isEmpty, rule.unsupported(clients: updates.count) == nil else {
      outcome.leftOut = updates.count
      return outcome
    }
    let rejected = rule.merge(updates, into: &model, judge: judge)
    guard Self.areFinite(model) else {
      outcome.refused += updates.count
      return outcome
    }
    var moments = moments
    let kept = updates.indices.filter { !rejected.contains(updates[$0].client) }
    if !moments.isEmpty, !kept.isEmpty {
      WeightedMean.write(
        kept.map { ClientUpdate(client: $0, weight: updates[$0].weight, parameters: sentMoments[$0]) }, into: &moments)
    }
    change(to: model + moments, samples: updates.reduce(0) { $0 + $1.weight })
    outcome.contributors = updates.map(\.client)
    outcome.leftOut = rejected.count
    outcome.merged = updates.count - rejected.count
    return outcome
  }

  /// Moves the merged part by a mean difference of which nobody knows the parts.
  mutating func move(by mean: [Float], contributors: [Int], samples count: Double) -> Outcome {
    guard var rule = rule as? any MeanRule else {
      preconditionFailure("\(type(of: rule).name) cannot merge what it does not see")
    }
    var model = merged
    rule.move(&model, towards: zip(model, mean).map { $0 + $1 })
    self.rule = rule
    guard Self.areFinite(model) else { return Outcome(refused: contributors.count) }
    change(to: model + moments, samples: count)
    return Outcome(contributors: contributors, merged: contributors.count)
  }

  /// Adds a difference, the less the older the model that it began from.
  mutating func add(_ difference: [Float], of message: UpdateMessage, _ staleness: Staleness) -> Outcome {
    let age = version - message.version
    guard age >= 0, let weight = staleness.gain(versions: age) else { return Outcome(leftOut: 1) }
    var model = values
    for position in difference.indices {
      model[position] = Float(Double(model[position]) + weight * Double(difference[position]))
    }
    guard Self.areFinite(model) else { return Outcome(refused: 1) }
    change(to: model, samples: message.samples)
    return Outcome(merged: 1)
  }

  /// Goes on from the cloud's model.
  mutating func replace(with model: [Float]) {
    change(to: model, samples: 0)
    samples = 0
  }

  private mutating func change(to values: [Float], samples count: Double) {
    self.values = values
    version += 1
    samples += count
  }
}

extension EdgeModel: Restorable {
  func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("model", values)
    snapshot.set("rule", rule.snapshot())
    snapshot.set("version", integer: version)
    snapshot.set("samples", real: samples)
    return snapshot
  }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    var copy = self
    copy.values = try snapshot.floats("model", count: values.count)
    var rule = rule
    try rule.restore(from: try snapshot.group("rule"))
    copy.rule = rule
    copy.version = try snapshot.integer("version")
    copy.samples = try snapshot.real("samples")
    self = copy
  }
}
