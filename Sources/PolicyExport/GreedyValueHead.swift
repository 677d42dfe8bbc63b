internal import NeuralNetworks
internal import Policies
internal import ReinforcementLearning

/// The head `argmax-q`: action values, of which in each branch the greatest permitted one is taken, the lowest
/// option on a tie.
package enum GreedyValueHead {
  /// The action values before the mask: `[batch, options]`.
  package static let values = "q_values"
  /// The input of a policy with memory: what the last step left, zeros at the start; `[batch, stateCount]`.
  package static let stateInput = "state_in"
  /// What a policy with memory leaves to the next step: `[batch, stateCount]`.
  package static let stateOutput = "state_out"

  static func objection(to policy: GroupPolicy) -> String? {
    guard let branches = policy.branches else {
      return "its real numbers have no levels, among which a policy of the kind \(policy.head.rawValue) chooses"
    }
    let (outputs, atoms) = (policy.network.outputCount, policy.values.atoms)
    guard outputs == branches.count * atoms else {
      let wanted = atoms == 1 ? "\(branches.count) actions" : "\(branches.count) actions of \(atoms) atoms"
      return "the network gives \(outputs) values for \(wanted)"
    }
    return nil
  }
}

extension ONNXGraph {
  /// Adds the network and its head as `q_values`, and the action of the greatest permitted values.
  mutating func appendGreedyValue(
    _ policy: GroupPolicy, _ branches: ActionBranches, parameters index: Int, reading input: String
  ) {
    let width = policy.network.stateCount
    if branches.maskCount > 0 { self.input(ActionPort.mask, .boolean, columns: branches.maskCount) }
    if width > 0 { self.input(GreedyValueHead.stateInput, .float32, columns: width) }
    let memory = width > 0 ? (GreedyValueHead.stateInput, GreedyValueHead.stateOutput) : nil
    appendValues(policy.values, options: branches.count, to: GreedyValueHead.values) { graph, name in
      graph.appendNetwork(
        policy.network, policy.parameters[index], reading: input, to: name, memory: memory)
    }
    appendAction(policy.group.action, branches, reading: GreedyValueHead.values)
    output(GreedyValueHead.values, .float32, columns: branches.count)
    if width > 0 { output(GreedyValueHead.stateOutput, .float32, columns: width) }
  }
}
