internal import NeuralNetworks
package import Policies
internal import ReinforcementLearning

/// A group's policy as a graph from observations in physical units to actions, without noise.
///
/// What all heads have in common is made here: normaliser, network, mask and memory.
package enum PolicyGraph {
  /// The input that every policy has: `[batch, n]` in physical units, in the order of the observation's
  /// fields.
  package static let observation = "observation"
  /// The input of a policy with memory: what the last step left, zeros at the start; `[batch, stateCount]`.
  package static let stateInput = "state_in"
  /// What a policy with memory leaves to the next step: `[batch, stateCount]`.
  package static let stateOutput = "state_out"

  /// The graph that acts for the agents under one set of the policy's parameters.
  ///
  /// - Precondition: ``objection(to:)`` is nil.
  package static func make(_ policy: GroupPolicy, parameters index: Int) -> ONNXGraph {
    let head = head(of: policy)
    let width = policy.network.stateCount
    var graph = ONNXGraph(name: "policy")
    let seen = graph.input(observation, .float32, columns: policy.group.observation.count)
    if head.branches.maskCount > 0 { graph.input(ActionPort.mask, .boolean, columns: head.branches.maskCount) }
    if width > 0 { graph.input(stateInput, .float32, columns: width) }
    let read = graph.appendNormalizer(policy.normalizer, reading: seen)
    head.append(to: &graph) { graph, name in
      graph.appendNetwork(
        policy.network, policy.parameters[index], reading: read, to: name,
        memory: width > 0 ? (stateInput, stateOutput) : nil)
    }
    if width > 0 { graph.output(stateOutput, .float32, columns: width) }
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
    return kind(of: policy.head).objection(to: policy)
  }

  /// The head of a policy.
  ///
  /// - Precondition: ``objection(to:)`` is nil.
  static func head(of policy: GroupPolicy) -> any PolicyHead { kind(of: policy.head).init(policy) }

  /// Where heads meet their files.
  private static func kind(of head: GroupPolicy.Head) -> any PolicyHead.Type {
    switch head {
    case .greedyValue: GreedyValueHead.self
    case .actor: ActorHead.self
    }
  }
}
