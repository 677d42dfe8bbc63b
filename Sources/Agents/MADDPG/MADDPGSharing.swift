import NeuralNetworks
import Policies
import ReinforcementLearning

/// What the MADDPG family shares: of each set of parameters the actor and its one or two critics.
///
/// Actors do not know how many agents there are where these share them; a critic that sees all agents at once does.
extension MADDPGLearner: TrainedLearner {
  var trained: [TrainedNetworks] {
    members.flatMap { member in
      let path = "\(groups[member.place.group].name).member-\(member.place.member)"
      let actor = TrainedNetworks(
        parameters: member.actor, networks: [SharedNetwork("\(path).actor", .actor, member.network.layout)])
      let critics = member.critics.enumerated().map { number, critic in
        let network = SharedNetwork("\(path).critic-\(number)", .critic, critic.online.layout) { slot in
          slot.name.hasPrefix("embedding-") ? "embeddings" : slot.layer
        }
        return TrainedNetworks(parameters: critic, networks: [network])
      }
      return [actor] + critics
    }
  }

  mutating func editTrained(_ body: (_ index: Int, _ parameters: inout TrainedParameters) -> Void) {
    var place = 0
    for index in members.indices {
      body(place, &members[index].actor)
      place += 1
      for critic in members[index].critics.indices {
        body(place, &members[index].critics[critic])
        place += 1
      }
    }
  }
}
