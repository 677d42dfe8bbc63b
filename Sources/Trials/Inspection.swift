public import Configuration
import NeuralNetworks
import Policies
import ReinforcementLearning

/// What a checkpoint holds, for a person and for other tools.
public enum Inspection {
  /// The contents as JSON.
  public static func json(_ file: PolicyFile) -> JSONValue {
    .object([
      "schema": .text("edgewise.inspection/1"),
      "file": .text(file.path),
      "sha256": .text(file.digest),
      "algorithm": .text(file.policies.algorithm),
      "seed": .integer(Int(clamping: file.seed)),
      "step": .integer(file.step),
      "selection_return": .optional(file.selectionReturn),
      "resumable": .boolean(file.isResumable),
      "evaluated": .boolean(file.evaluation != nil),
      "scenario": .object(["id": .text(file.scenario.id), "sha256": .text(file.scenario.digest)]),
      "experiment": .object(["name": .text(file.experiment.name), "sha256": .text(file.experiment.digest)]),
      "groups": .list(file.policies.groups.map { json($0) }),
    ])
  }

  private static func json(_ policy: GroupPolicy) -> JSONValue {
    .object([
      "name": .text(policy.group.name),
      "agents": .integer(policy.group.count),
      "policy": .text(policy.head.rawValue),
      "networks": .integer(policy.parameters.count),
      "parameters": .integer(policy.network.layout.count),
      "layers": .list(layers(policy.network).map(JSONValue.text)),
      "observation": .list(
        policy.group.observation.fields.map { field in
          .object([
            "name": .text(field.name), "unit": .text(field.unit),
            "low": .number(Double(field.range.lowerBound)),
            "high": .number(Double(field.range.upperBound)), "meaning": .text(field.meaning),
          ])
        }),
      "actions": .list(choices(policy).map(JSONValue.text)),
    ])
  }

  private static func layers(_ network: Network) -> [String] {
    network.layers.map { layer in
      switch layer {
      case .dense(let dense):
        "dense \(dense.inputCount) to \(dense.outputCount), \(dense.activation.rawValue)"
      case .noisyDense(let noisy):
        "noisy dense \(noisy.inputCount) to \(noisy.outputCount), \(noisy.activation.rawValue)"
      case .layerNorm(let norm): "layer norm of \(norm.count), \(norm.activation.rawValue)"
      case .dueling(let dueling):
        "\(dueling.isNoisy ? "noisy " : "")dueling \(dueling.inputCount) to branches of "
          + "\(dueling.branches.map { "\($0)" }.joined(separator: ", ")) options, \(dueling.atoms) "
          + "\(dueling.atoms == 1 ? "value" : "atoms") each"
      case .gru(let gru): "GRU \(gru.inputCount) to \(gru.outputCount)"
      }
    }
  }

  /// What there is to choose: options by their labels or number, real numbers by their range and levels.
  private static func choices(_ policy: GroupPolicy) -> [String] {
    let levels = policy.levels.map { " in \($0) levels" } ?? ""
    func numbers(_ ranges: [ClosedRange<Float>]) -> [String] {
      ranges.map { "\($0.lowerBound) to \($0.upperBound)\(levels)" }
    }
    switch policy.group.action {
    case .discrete(let labels): return labels
    case .multiDiscrete(let options): return options.map { "\($0) options" }
    case .box(let ranges): return numbers(ranges)
    case .hybrid(let labels, let ranges): return labels + numbers(ranges)
    }
  }

  /// How the network's outputs become an action, in a phrase.
  private static func head(_ policy: GroupPolicy) -> String {
    switch policy.head {
    case .greedyValue: return "the greatest permitted action value"
    case .actor:
      guard let outputs = policy.actorOutputs else { return "an actor" }
      let parts = [
        outputs.choices.isEmpty ? nil : "the greatest permitted logit",
        outputs.ranges.isEmpty ? nil : "numbers squashed into their ranges",
      ]
      return parts.compactMap(\.self).joined(separator: ", ")
    }
  }

  /// The contents to read.
  public static func table(_ file: PolicyFile) -> String {
    var table = TextTable(["checkpoint", file.path])
    table.add(["sha256", file.digest])
    table.add(["algorithm", file.policies.algorithm])
    table.add(["scenario", "\(file.scenario.id), \(file.scenario.digest.prefix(12))"])
    table.add(["experiment", "\(file.experiment.name), \(file.experiment.digest.prefix(12))"])
    table.add(["seed", "seed \(file.seed), step \(file.step)"])
    table.add(["selection return", file.selectionReturn.map { "mean \(format($0))" } ?? "none"])
    table.add(["training", file.isResumable ? "can be resumed" : "released, no training state"])
    for policy in file.policies.groups {
      let owners =
        policy.isShared
        ? "shared by \(policy.group.count) agents" : "one for each of \(policy.group.count) agents"
      table.add([
        "group \(policy.group.name)", "network of \(policy.network.layout.count) parameters, \(owners)",
      ])
      for layer in layers(policy.network) { table.add(["", layer]) }
      add("observes", policy.group.observation.fields.map { "\($0.name) [\($0.unit)]" }, to: &table)
      add("chooses", choices(policy), to: &table)
      table.add(["by", head(policy)])
    }
    return table.text
  }

  /// Adds a list, as many words to a line as are easily read.
  private static func add(_ heading: String, _ words: [String], to table: inout TextTable) {
    var heading = heading
    var line = ""
    for (index, word) in words.enumerated() {
      line += line.isEmpty ? word : ", \(word)"
      if line.count > 64 || index == words.count - 1 {
        table.add([heading, line])
        heading = ""
        line = ""
      }
    }
  }
}
