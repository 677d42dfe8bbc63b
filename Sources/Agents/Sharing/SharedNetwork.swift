import NeuralNetworks
import Policies

/// A network as a federation sees it: where its parameters lie among trained ones, and what it is for.
struct SharedNetwork: Sendable {
  /// What a network is for.
  enum Role: Sendable {
    case actor
    case critic
    /// Acts and judges.
    case value
  }

  /// Where it stands, as `<group>.member-<n>.actor`.
  let path: String
  let role: Role
  /// The slots of its layers, from the inputs to the outputs. What works side by side counts as one layer.
  let layers: [[ParameterSlot]]
  /// Where it begins among the trained parameters.
  let start: Int

  /// - Parameters:
  ///   - layout: its parameters, counted from its beginning.
  ///   - layer: what tells apart the layers that slots belong to.
  init(
    _ path: String, _ role: Role, _ layout: ParameterLayout, at start: Int = 0,
    layer: (ParameterSlot) -> String = \.layer
  ) {
    self.path = path
    self.role = role
    self.start = start
    var layers: [[ParameterSlot]] = []
    var last: String?
    for slot in layout.slots {
      let name = layer(slot)
      if name == last { layers[layers.count - 1].append(slot) } else { layers.append([slot]) }
      last = name
    }
    self.layers = layers
  }

  /// Whether a choice is about it at all.
  func isMeant(by shared: SharedParameters) -> Bool {
    switch role {
    case .actor: shared.part != .critics
    case .critic: shared.part != .actors
    case .value: shared.part == .both
    }
  }

  /// What it shares: all layers but the last ones, which are the client's own.
  func slots(_ shared: SharedParameters) -> ArraySlice<ParameterSlot> {
    guard isMeant(by: shared) else { return [] }
    return ArraySlice(layers.dropLast(shared.personalLayers).joined())
  }

  /// Where that lies among the trained parameters; nil where there is nothing.
  func range(_ shared: SharedParameters) -> Range<Int>? {
    let slots = slots(shared)
    guard let first = slots.first, let last = slots.last else { return nil }
    let range = start + first.range.lowerBound..<start + last.range.upperBound
    return range.isEmpty ? nil : range
  }
}

/// Trained parameters with the networks whose parameters they are, in the order in which they lie.
struct TrainedNetworks: Sendable {
  let parameters: TrainedParameters
  let networks: [SharedNetwork]
  /// Whether it learns towards what a target says. Where it does not, there is no target to share.
  var hasTarget = true

  /// What is shared of them, in ascending order.
  func ranges(_ shared: SharedParameters) -> [Range<Int>] { networks.compactMap { $0.range(shared) } }

  /// Adds the names of what is shared to a layout.
  func append(_ shared: SharedParameters, to layout: inout ParameterLayout, prefix: String = "") {
    for network in networks {
      for slot in network.slots(shared) { layout.append("\(prefix)\(network.path).\(slot.name)", shape: slot.shape) }
    }
  }
}
