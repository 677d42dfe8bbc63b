internal import NeuralNetworks
package import Policies

/// Our own forward pass of one exported model, row by row: normaliser, then network.
package struct ModelEvaluation {
  private let policy: GroupPolicy
  private let parameters: ParameterVector
  private var workspace: Workspace

  /// An evaluation of the policy under one set of its parameters.
  package init(_ policy: GroupPolicy, parameters index: Int) {
    self.policy = policy
    parameters = policy.parameters[index]
    workspace = policy.network.makeWorkspace(batch: 1, training: false)
  }

  /// The network's outputs for one observation in physical units.
  package mutating func outputs(for observation: [Float]) -> [Float] {
    let policy = policy
    let parameters = parameters
    var normalized = observation
    var inputs = normalized.mutableSpan
    policy.normalizer.apply(observation.span, rows: 1, into: &inputs)
    policy.network.forward(parameters, normalized.span, rows: 1, in: &workspace)
    return workspace.outputs
  }
}
