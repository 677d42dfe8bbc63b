internal import NeuralNetworks
package import Policies
internal import ReinforcementLearning

/// A group's policy as a graph from observations in physical units to actions, without noise.
///
/// Each head has a file of its own with two things: why a policy cannot be exported under it, and how its part
/// of the graph is appended. The switches in this file are where they meet.
package enum PolicyGraph {
  /// The input that every policy has: `[batch, n]` in physical units, in the order of the observation's
  /// fields.
  package static let observation = "observation"

  /// The graph that acts for the agents under one set of the policy's parameters.
  ///
  /// - Precondition: ``objection(to:)`` is nil.
  package static func make(_ policy: GroupPolicy, parameters index: Int) -> ONNXGraph {
    var graph = ONNXGraph(name: "policy")
    let seen = graph.input(observation, .float32, columns: policy.group.observation.count)
    let read = graph.appendNormalizer(policy.normalizer, reading: seen)
    switch policy.head {
    case .greedyValue:
      guard let branches = policy.branches else { preconditionFailure(objection(to: policy) ?? "") }
      graph.appendGreedyValue(policy, branches, parameters: index, reading: read)
    case .actor: preconditionFailure(objection(to: policy) ?? "")
    }
    return graph
  }

  /// Why a policy cannot become a graph, as the end of a sentence; nil when it can.
  package static func objection(to policy: GroupPolicy) -> String? {
    for (index, parameters) in policy.parameters.enumerated() {
      guard let bad = parameters.values.firstIndex(where: { !$0.isFinite }),
        let slot = parameters.layout.slots.first(where: { $0.range.contains(bad) })
      else { continue }
      return
        "\(slot.name) of \(policy.networkName(index)) holds "
        + "\(parameters.values[bad]), which is not a finite number"
    }
    switch policy.head {
    case .greedyValue: return GreedyValueHead.objection(to: policy)
    case .actor: return "actors have no graph yet"
    }
  }
}
