internal import Configuration
package import NeuralNetworks
internal import Policies
internal import ReinforcementLearning

/// The head `argmax-q`: action values, of which the greatest permitted one is taken, the lowest on a tie.
package enum GreedyValueHead {
  /// The input that says which actions are permitted: `[batch, m]`.
  package static let mask = "action_mask"
  /// The action values before the mask: `[batch, m]`.
  package static let values = "q_values"
  /// The index of the chosen action: `[batch]`.
  package static let action = "action"

  static func objection(to policy: GroupPolicy) -> String? {
    guard case .discrete(let labels) = policy.group.action else {
      return "a policy of the kind \(policy.head.rawValue) needs one choice among labelled actions"
    }
    guard labels.count == policy.network.outputCount else {
      return "the network gives \(policy.network.outputCount) values for \(labels.count) actions"
    }
    return nil
  }

  /// What the policy answers: its values and its choice for each row.
  static func answers(_ evaluation: inout ModelEvaluation, _ rows: [GoldenRow]) -> [String: JSONValue] {
    var values: [JSONValue] = []
    var actions: [JSONValue] = []
    for row in rows {
      let outputs = evaluation.outputs(for: row.observation)
      values.append(.floats(outputs))
      actions.append(.integer(greedyAction(outputs.span, permitted: row.mask.span) ?? 0))
    }
    return [self.values: .list(values), action: .list(actions)]
  }
}

extension ONNXGraph {
  /// Adds the network as `q_values` [batch, m], and `action` [batch] as the greatest of those that
  /// `action_mask` [batch, m] permits.
  ///
  /// The mask selects, it is not added: `Where(action_mask, q_values, −∞)`.
  package mutating func appendGreedyValue(
    _ network: Network, _ parameters: ParameterVector, reading input: String
  ) {
    let mask = self.input(GreedyValueHead.mask, .boolean, columns: network.outputCount)
    appendNetwork(network, parameters, reading: input, to: GreedyValueHead.values)
    let forbidden = constant("forbidden", shape: [], [-.infinity])
    node("Where", [mask, GreedyValueHead.values, forbidden], to: "permitted_values")
    node(
      "ArgMax", ["permitted_values"], to: GreedyValueHead.action,
      ["axis": 1, "keepdims": 0, "select_last_index": 0])
    output(GreedyValueHead.action, .int64)
    output(GreedyValueHead.values, .float32, columns: network.outputCount)
  }
}
