import NeuralNetworks
import Policies
import ReinforcementLearning

/// What proximal policy optimisation shares: of each set of parameters the actor, with its log deviations, and the
/// critic. There are no targets. What the critic's values are measured in stays with the client.
extension PPOLearner: TrainedLearner {
  var trained: [TrainedNetworks] {
    groups.indices.flatMap { index in
      members[index].enumerated().flatMap { number, member in
        let path = "\(groups[index].name).member-\(number)"
        let (actor, critic) = (member.actor.parameters, member.critic.parameters)
        let last = member.actor.network.layout.slots.last?.layer ?? ""
        let network = SharedNetwork("\(path).actor", .actor, actor.online.layout) { slot in
          slot.layer == "noise" ? last : slot.layer
        }
        return [
          TrainedNetworks(parameters: actor, networks: [network], hasTarget: false),
          TrainedNetworks(
            parameters: critic, networks: [SharedNetwork("\(path).critic-0", .critic, critic.online.layout)],
            hasTarget: false),
        ]
      }
    }
  }

  mutating func editTrained(_ body: (_ index: Int, _ parameters: inout TrainedParameters) -> Void) {
    var place = 0
    for index in members.indices {
      for member in members[index].indices {
        body(place, &members[index][member].actor.parameters)
        body(place + 1, &members[index][member].critic.parameters)
        place += 2
      }
    }
  }
}
