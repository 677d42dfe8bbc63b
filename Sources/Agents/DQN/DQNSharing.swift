import NeuralNetworks
import Policies
import ReinforcementLearning

/// What the DQN family shares: the action values of each set of parameters.
extension DQNLearner: TrainedLearner {
  var trained: [TrainedNetworks] {
    groups.indices.flatMap { index in
      members[index].enumerated().map { number, member in
        let path = "\(groups[index].name).member-\(number).value"
        return TrainedNetworks(
          parameters: member.function.parameters,
          networks: [SharedNetwork(path, .value, member.function.network.layout)])
      }
    }
  }

  mutating func editTrained(_ body: (_ index: Int, _ parameters: inout TrainedParameters) -> Void) {
    var place = 0
    for index in members.indices {
      for member in members[index].indices {
        body(place, &members[index][member].function.parameters)
        place += 1
      }
    }
  }
}
