import NeuralNetworks
import ReinforcementLearning
public import Snapshots

/// A policy set as the top-level groups of a checkpoint: `policy`, `agents`, `normalization`.
///
/// `/policy/<group>/<network>/<layer>/<parameter>` are float32 under PyTorch's names and in its order; a layer
/// carries its `kind` and `activation`; a network lists its layers in order. `/agents/<group>` holds the
/// schema of observations and actions and says which network acts for each agent.
extension PolicySet {
  /// The three groups, in the order in which they stand in a file.
  public func records() -> [(name: String, group: Snapshot)] {
    var policy = Snapshot()
    var agents = Snapshot()
    var normalization = Snapshot()
    policy.attributes["algorithm"] = .text(algorithm)
    agents.attributes["groups"] = .texts(groups.map(\.group.name))
    for member in groups {
      var networks = Snapshot()
      networks.attributes["head"] = .text(member.head.rawValue)
      member.values.record(in: &networks)
      for (index, parameters) in member.parameters.enumerated() {
        networks.set(member.networkName(index), Self.record(member.network, parameters))
      }
      policy.set(member.group.name, networks)
      agents.set(member.group.name, Self.record(member))
      normalization.set(member.group.name, member.normalizer.snapshot())
    }
    return [("policy", policy), ("agents", agents), ("normalization", normalization)]
  }

  private static func record(_ network: Network, _ parameters: ParameterVector) -> Snapshot {
    var record = Snapshot()
    record.attributes["inputs"] = .integer(Int64(network.inputCount))
    record.attributes["outputs"] = .integer(Int64(network.outputCount))
    record.attributes["layers"] = .texts(network.layers.indices.map { "layers.\($0)" })
    for (index, layer) in network.layers.enumerated() {
      var group = LayerRecord.attributes(of: layer)
      let prefix = "layers.\(index)."
      for slot in network.layout.slots where slot.name.hasPrefix(prefix) {
        group.set(String(slot.name.dropFirst(prefix.count)), Array(parameters.values[slot.range]), shape: slot.shape)
      }
      record.set("layers.\(index)", group)
    }
    return record
  }

  private static func record(_ member: GroupPolicy) -> Snapshot {
    let group = member.group
    var record = Snapshot()
    record.set("observation_names", group.observation.fields.map(\.name))
    record.set("observation_units", group.observation.fields.map(\.unit))
    record.set("observation_meanings", group.observation.fields.map(\.meaning))
    record.set("observation_low", group.observation.fields.map(\.range.lowerBound))
    record.set("observation_high", group.observation.fields.map(\.range.upperBound))
    group.action.record(in: &record)
    if let levels = member.levels { record.attributes["action_levels"] = .integer(Int64(levels)) }
    record.set("network", routing(of: member))
    return record
  }

  /// The name of the network that acts for each agent of a group.
  private static func routing(of member: GroupPolicy) -> [String] {
    (0..<member.group.count).map { member.networkName(member.parameterIndex(ofAgent: $0)) }
  }

  /// Reads what ``records()`` wrote.
  public init(from checkpoint: Snapshot) throws(SnapshotError) {
    let policy = try checkpoint.group("policy")
    let agents = try checkpoint.group("agents")
    let normalization = try checkpoint.group("normalization")
    var groups: [GroupPolicy] = []
    for name in try agents.texts(attribute: "groups") {
      let group = try Self.group(name, from: try agents.group(name))
      let networks = try policy.group(name)
      let routing = try agents.group(name).texts("network")
      let headName = try networks.text(attribute: "head")
      guard let head = GroupPolicy.Head(rawValue: headName) else {
        throw networks.mismatch(
          "@head", expected: "one of \(GroupPolicy.Head.allCases.map(\.rawValue))", found: "\"\(headName)\"")
      }
      var description: Network?
      var parameters: [ParameterVector] = []
      let shared = routing.allSatisfy { $0 == head.networkName }
      for networkName in shared ? [head.networkName] : routing {
        let read = try Self.network(from: try networks.group(networkName))
        if let description, description != read.network {
          throw networks.mismatch(networkName, expected: "the same layers as its siblings", found: "others")
        }
        description = read.network
        parameters.append(read.parameters)
      }
      guard let description, description.inputCount == group.observation.count else {
        throw policy.mismatch(
          name, expected: "a network of \(group.observation.count) inputs",
          found: "one of \(description?.inputCount ?? 0)")
      }
      let read = GroupPolicy(
        group: group, head: head, values: head == .actor ? .expected : try ValueHead(from: networks),
        levels: head == .actor ? nil : try Self.levels(of: group, from: try agents.group(name)),
        network: description,
        normalizer: try Normalizer(from: try normalization.group(name), count: group.observation.count),
        parameters: parameters)
      guard description.outputCount == read.outputCount else {
        throw policy.mismatch(
          name, expected: "a network of \(read.outputCount ?? 0) outputs", found: "one of \(description.outputCount)")
      }
      let own = Self.routing(of: read)
      guard routing == own else {
        throw try agents.group(name).mismatch("network", expected: "\(own)", found: "\(routing)")
      }
      groups.append(read)
    }
    self.init(algorithm: try policy.text(attribute: "algorithm"), groups: groups)
  }

  private static func group(_ name: String, from record: Snapshot) throws(SnapshotError) -> AgentGroup {
    let names = try record.texts("observation_names")
    let units = try record.texts("observation_units", count: names.count)
    let meanings = try record.texts("observation_meanings", count: names.count)
    let low = try record.floats("observation_low", count: names.count)
    let high = try record.floats("observation_high", count: names.count)
    let action = try ActionSpace(from: record)
    let routing = try record.texts("network")
    var fields: [ObservationField] = []
    for index in names.indices {
      guard low[index] <= high[index] else {
        throw record.mismatch("observation_low", expected: "no more than observation_high", found: "\(low[index])")
      }
      fields.append(
        ObservationField(names[index], unit: units[index], in: low[index]...high[index], meanings[index]))
    }
    guard !routing.isEmpty, !fields.isEmpty else {
      throw record.mismatch("network", expected: "at least one agent and field", found: "none")
    }
    return AgentGroup(name: name, count: routing.count, observation: ObservationSpace(fields), action: action)
  }

  /// The number of levels of each real number of a group's actions; nil where there are none.
  private static func levels(of group: AgentGroup, from record: Snapshot) throws(SnapshotError) -> Int? {
    guard group.action.continuousCount > 0 else { return nil }
    let levels = try record.integer(attribute: "action_levels")
    guard (2...1_000_000).contains(levels) else {
      throw record.mismatch("@action_levels", expected: "two levels or more", found: "\(levels)")
    }
    return levels
  }

  private static func network(
    from record: Snapshot
  ) throws(SnapshotError) -> (network: Network, parameters: ParameterVector) {
    let names = try record.texts(attribute: "layers")
    let width = try record.integer(attribute: "inputs")
    guard width > 0 else { throw record.mismatch("@inputs", expected: "a positive number", found: "\(width)") }
    var layers: [Layer] = []
    for name in names {
      layers.append(
        try LayerRecord.layer(from: try record.group(name), inputs: layers.last.map(\.outputCount) ?? width))
    }
    guard !layers.isEmpty else { throw record.mismatch("layers", expected: "at least one layer", found: "none") }
    guard names == layers.indices.map({ "layers.\($0)" }) else {
      throw record.mismatch("@layers", expected: "layers.0 and so on, in order", found: "\(names)")
    }
    let network = Network(layers: layers)
    var parameters = ParameterVector(layout: network.layout)
    try parameters.restore(from: record)
    return (network, parameters)
  }
}
