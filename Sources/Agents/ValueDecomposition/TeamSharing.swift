import NeuralNetworks
import Policies
import ReinforcementLearning

/// What VDN and QMIX share: the action values of each set of parameters, and the networks that mix them, which are
/// critics. Of each network that makes weights of the state the last layers may stay with the client too.
extension ValueDecompositionLearner: TrainedLearner {
  var trained: [TrainedNetworks] {
    var networks = learning.members.indices.map { index in
      let member = learning.members[index]
      let number = learning.members[..<index].count { $0.group == member.group }
      return SharedNetwork(
        "\(groups[member.group].name).member-\(number).value", .value, member.network.layout,
        at: member.range.lowerBound)
    }
    if let mixing = learning.mixer.network {
      let start = learning.mixer.range.lowerBound
      networks += mixing.hypernetworks.enumerated().map { index, network in
        SharedNetwork(
          "mixing.hypernetwork-\(index)", .critic, network.layout, at: start + mixing.ranges[index].lowerBound)
      }
    }
    return [TrainedNetworks(parameters: learning.parameters, networks: networks)]
  }

  mutating func editTrained(_ body: (_ index: Int, _ parameters: inout TrainedParameters) -> Void) {
    body(0, &learning.parameters)
  }
}
