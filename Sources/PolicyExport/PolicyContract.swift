internal import Configuration
internal import NeuralNetworks
internal import Policies
internal import ReinforcementLearning

/// All that an orchestrator must know to use a bundle: `policy.json`, and the remarks inside each model.
struct PolicyContract {
  static let schema = "edgewise.policy/1"
  static let producer = "edgewise"

  /// How far another runtime's outputs x may lie from ours, in units of max(1, |x|).
  static let tolerance = 1e-4

  /// A squashed number is as uncertain as its range is wide: its derivative by an output is at most half of that.
  private static let squashedTolerance =
    "; real numbers x of an actor agree to value * max(1, |x|, half the length of their range)"

  let policies: PolicySet
  let origin: BundleOrigin
  let models: [BundleModel]

  /// The contents of `policy.json`.
  func json() -> JSONValue {
    .object([
      "schema": .text(Self.schema),
      "algorithm": .text(policies.algorithm),
      "producer": .object(["name": .text(Self.producer), "version": .text(origin.producerVersion)]),
      "scenario": .object(["id": .text(origin.scenarioID), "sha256": .text(origin.scenarioSHA256)]),
      "checkpoint": .object(["sha256": .text(origin.checkpointSHA256)]),
      "training": .object(["seed": seed, "steps": origin.trainingSteps.map(JSONValue.integer) ?? .null]),
      "evaluation": origin.evaluation,
      "tolerance": .object([
        "value": .number(Self.tolerance),
        "meaning": .text(
          "outputs x of another runtime agree to value * max(1, |x|); actions are equal unless the values of "
            + "the two best permitted actions lie closer than that"
            + (heads.contains { $0.passesNaN } ? Self.squashedTolerance : "")),
      ]),
      "onnx": .object([
        "ir_version": .integer(Int(ONNXModel.formatVersion)),
        "opset": .integer(Int(ONNXModel.operatorVersion)),
      ]),
      "refuse_before_inference": .object(refusals),
      "groups": .list(policies.groups.indices.map(group)),
    ])
  }

  /// The remarks inside a model, which repeat the contract for those who have the model alone.
  func metadata(of policy: GroupPolicy) -> [(key: String, value: String)] {
    var entries: [(key: String, value: String)] = [
      ("edgewise.format", Self.schema),
      ("edgewise.algorithm", policies.algorithm),
      ("edgewise.group", policy.group.name),
      ("edgewise.scenario_id", origin.scenarioID),
      ("edgewise.scenario_sha256", origin.scenarioSHA256),
      ("edgewise.observation_schema", Self.observation(policy.group.observation).text(indented: false)),
      ("edgewise.action_schema", ActionContract.json(policy).text(indented: false)),
      ("edgewise.policy", policy.head.rawValue),
    ]
    if let seed = origin.seed { entries.append(("edgewise.seed", "\(seed)")) }
    if let steps = origin.trainingSteps { entries.append(("edgewise.training_steps", "\(steps)")) }
    entries.append(("edgewise.checkpoint_sha256", origin.checkpointSHA256))
    return entries
  }

  private var heads: [any PolicyHead] { policies.groups.map(PolicyGraph.head) }

  /// What the caller must refuse, by input.
  private var refusals: [String: JSONValue] {
    let heads = heads
    let answers = [
      heads.contains { !$0.branches.options.isEmpty } ? "action 0" : nil,
      heads.contains { $0.passesNaN } ? "real numbers that are NaN" : nil,
    ].compactMap(\.self).joined(separator: " or ")
    var refusals: [String: JSONValue] = [
      PolicyGraph.observation: .text(
        "refuse an observation with a value that is NaN or infinite: the model would answer \(answers) "
          + "without an error; the order of the fields is the one given here, which a model cannot check")
    ]
    if heads.contains(where: { $0.branches.maskCount > 0 }) {
      refusals[ActionPort.mask] = .text(
        "refuse a row of the mask that permits no action, in any one of several choices: the model would answer "
          + "action 0 without an error")
    }
    if policies.groups.contains(where: { $0.network.stateCount > 0 }) {
      refusals[PolicyGraph.stateInput] = .text(
        "refuse a state with a value that is NaN or infinite, and the state of another agent: the model would "
          + "answer without an error")
    }
    return refusals
  }

  /// A number, or a text of digits where it is beyond what integers of JSON readers hold.
  private var seed: JSONValue {
    guard let seed = origin.seed else { return .null }
    return Int(exactly: seed).map(JSONValue.integer) ?? .text("\(seed)")
  }

  private func group(_ index: Int) -> JSONValue {
    let policy = policies.groups[index]
    let own = models.filter { $0.group == index }
    var entries: [String: JSONValue] = [
      "name": .text(policy.group.name),
      "agents": .integer(policy.group.count),
      "policy": .text(policy.head.rawValue),
      "shared": .boolean(policy.isShared),
      "observation": Self.observation(policy.group.observation),
      "actions": ActionContract.json(policy),
      "inputs": .list(own.first?.graph.inputs.map(Self.port) ?? []),
      "outputs": .list(own.first?.graph.outputs.map(Self.port) ?? []),
      "models": .list(
        own.map { model in
          .object(["file": .text(model.file), "agents": .list(model.agents.map(JSONValue.integer))])
        }),
    ]
    let head = PolicyGraph.head(of: policy)
    if let values = head.values { entries[values.name] = head.valuesEntry }
    if policy.network.stateCount > 0 { entries["memory"] = Self.memory(policy.network.stateCount) }
    return .object(entries)
  }

  private static func memory(_ width: Int) -> JSONValue {
    .object([
      "input": .text(PolicyGraph.stateInput),
      "output": .text(PolicyGraph.stateOutput),
      "width": .integer(width),
      "meaning": .text(
        "give zeros when an agent's trajectory begins, and carry state_out to the next step as state_in"),
    ])
  }

  private static func observation(_ space: ObservationSpace) -> JSONValue {
    .list(
      space.fields.enumerated().map { index, field in
        .object([
          "index": .integer(index),
          "name": .text(field.name),
          "unit": .text(field.unit),
          "low": .float(field.range.lowerBound),
          "high": .float(field.range.upperBound),
          "meaning": .text(field.meaning),
        ])
      })
  }

  private static func port(_ port: ONNXGraph.Port) -> JSONValue {
    let type =
      switch port.type {
      case .float32: "float32"
      case .int64: "int64"
      case .boolean: "bool"
      }
    let shape: [JSONValue] = [.text("batch")] + (port.columns.map { [.integer($0)] } ?? [])
    return .object(["name": .text(port.name), "type": .text(type), "shape": .list(shape)])
  }
}
