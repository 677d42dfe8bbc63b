import NeuralNetworks
import Policies

/// A learner all of whose networks lie in ``TrainedParameters``: it shares them by showing and lending these.
///
/// What travels lies in the order of ``trained``: first the parameters, then the targets where they are merged, then
/// the moments where these are.
///
/// - Layers: the last ones stay with the client where the choice says so. A head of several streams is one layer; so
///   are the embeddings of a pooling critic. Log deviations belong to an actor's last layer.
/// - Targets and moments: those of what is shared. With `reset` an optimizer begins anew as a whole, since it has one
///   number of steps: the moments of personal layers beside shared ones begin at zero too.
protocol TrainedLearner: SharingLearner {
  /// All trained parameters, always in the same order.
  var trained: [TrainedNetworks] { get }

  /// Lends them one after another, in that order.
  mutating func editTrained(_ body: (_ index: Int, _ parameters: inout TrainedParameters) -> Void)
}

extension TrainedLearner {
  public func unsupported(_ shared: SharedParameters) -> String? {
    if shared.personalLayers < 0 { return "the number of layers that stay with the client must not be negative" }
    let networks = trained.flatMap(\.networks)
    if shared.part != .both, networks.contains(where: { $0.role == .value }) {
      return "its value networks are actor and critic in one, so that only both can be shared"
    }
    let meant = networks.filter { $0.isMeant(by: shared) }
    if meant.allSatisfy({ $0.range(shared) == nil }) {
      let layers = meant.map(\.layers.count).max() ?? 0
      return "its networks have at most \(layers) layers, so that nothing is left to share when the last "
        + "\(shared.personalLayers) stay with the client"
    }
    return nil
  }

  public func layout(of shared: SharedParameters) -> SharedLayout {
    let reason = unsupported(shared)
    precondition(reason == nil, reason ?? "")
    let trained = trained
    var layout = ParameterLayout()
    for part in trained { part.append(shared, to: &layout) }
    if shared.targets == .merge {
      for part in trained where part.hasTarget { part.append(shared, to: &layout, prefix: "targets.") }
    }
    let mergedCount = layout.count
    if shared.moments == .merge {
      for part in trained {
        for (index, moments) in part.parameters.moments.enumerated() where !moments.isEmpty {
          part.append(shared, to: &layout, prefix: "moments-\(index).")
        }
      }
    }
    return SharedLayout(layout: layout, mergedCount: mergedCount)
  }

  public func values(of shared: SharedParameters) -> [Float] {
    let trained = trained
    let ranges = trained.map { $0.ranges(shared) }
    var values: [Float] = []
    for (part, ranges) in zip(trained, ranges) {
      for range in ranges { values += part.parameters.online.values[range] }
    }
    if shared.targets == .merge {
      for (part, ranges) in zip(trained, ranges) where part.hasTarget {
        for range in ranges { values += part.parameters.target.values[range] }
      }
    }
    if shared.moments == .merge {
      for (part, ranges) in zip(trained, ranges) {
        for moments in part.parameters.moments where !moments.isEmpty {
          for range in ranges { values += moments[range] }
        }
      }
    }
    return values
  }

  public mutating func adopt(_ values: [Float], of shared: SharedParameters) {
    let parts = trained.map { (ranges: $0.ranges(shared), hasTarget: $0.hasTarget) }
    var start = 0
    func next(_ range: Range<Int>) -> ArraySlice<Float> {
      let end = start + range.count
      precondition(end <= values.count, "\(values.count) values are fewer than are shared")
      defer { start = end }
      return values[start..<end]
    }
    editTrained { index, parameters in
      for range in parts[index].ranges { parameters.replace(range, with: next(range)) }
    }
    editTrained { index, parameters in
      guard parts[index].hasTarget else { return }
      for range in parts[index].ranges {
        switch shared.targets {
        case .merge: parameters.replaceTarget(range, with: next(range))
        case .copy: parameters.copyToTarget(range)
        case .keep: break
        }
      }
    }
    editTrained { index, parameters in
      guard !parts[index].ranges.isEmpty else { return }
      switch shared.moments {
      case .merge:
        var moments = parameters.moments
        for kind in moments.indices where !moments[kind].isEmpty {
          for range in parts[index].ranges { moments[kind].replaceSubrange(range, with: next(range)) }
        }
        parameters.moments = moments
      case .reset: parameters.resetMoments()
      case .keep: break
      }
    }
    precondition(start == values.count, "\(values.count) values are more than the \(start) that are shared")
  }

  public mutating func holdNear(_ shared: SharedParameters, by strength: Float) {
    let ranges = trained.map { $0.ranges(shared) }
    editTrained { index, parameters in parameters.hold(ranges[index], by: strength) }
  }
}
