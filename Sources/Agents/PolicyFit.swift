import NeuralNetworks
import Policies
import ReinforcementLearning

extension GroupPolicy {
  /// Why a learner of action values cannot begin from this policy, what its network reads apart; nil when it can.
  ///
  /// - Parameters:
  ///   - network: the learner's network for the group.
  ///   - values: how the learner's values are made of outputs.
  ///   - levels: the number of levels of each real number; nil where the group has none.
  ///   - isShared: whether the learner has one set of parameters for all agents of the group.
  func misfit(network: Network, values: ValueHead, levels: Int?, isShared: Bool) -> String? {
    if let misfit = misfit(network: network, isShared: isShared) { return misfit }
    if head != .greedyValue || self.values != values || self.levels != levels {
      return "the policy's action values for \(group.name) are made otherwise than the experiment asks for"
    }
    return nil
  }

  /// Why a learner of actors cannot begin from this policy, what its network reads apart; nil when it can.
  func actorMisfit(network: Network, isShared: Bool) -> String? {
    if head != .actor {
      return "the policy of \(group.name) is made of action values, the experiment trains an actor"
    }
    return misfit(network: network, isShared: isShared)
  }

  private func misfit(network: Network, isShared: Bool) -> String? {
    if !self.isShared, isShared {
      return "the policy has parameters of its own for each agent of \(group.name), the experiment shares them"
    }
    if self.network != network {
      return "the policy's network for \(group.name) has other layers than the experiment asks for"
    }
    return nil
  }

  /// Why a learner cannot begin from what this policy's network reads.
  var otherwiseNormalized: String {
    "the policy's network for \(group.name) reads otherwise normalised observations"
  }
}
