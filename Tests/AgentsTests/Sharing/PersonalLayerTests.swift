import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// Which layers are shared, and between whom.
@Suite struct PersonalLayerTests {
  private func names(_ run: SharingRun, _ shared: SharedParameters) -> [String] {
    run.learner.layout(of: shared).layout.slots.map(\.name)
  }

  private func personal(_ layers: Int, _ part: SharedParameters.Part = .both) -> SharedParameters {
    SharedParameters(part: part, personalLayers: layers)
  }

  @Test func `the last layers stay, a dueling head as one`() {
    let run = SharingCase.values[1].start()
    func layers(_ shared: SharedParameters) -> [Int: [String]] {
      let slots = run.learner.layout(of: shared).layout.slots.filter { $0.name.hasPrefix("walker.member-1.value.") }
      return Dictionary(grouping: slots, by: { Int($0.layer.suffix(1)) ?? -1 }).mapValues { $0.map(\.parameter) }
    }
    let all = layers(personal(0))
    #expect(Set(all.keys) == [0, 1, 2])
    // Weight and bias with their deviations, of the values and of the advantages.
    let head = all[2] ?? []
    #expect(head.count == 8 && head.count { $0.hasPrefix("value_") } == 4)
    #expect(layers(personal(1)) == all.filter { $0.key < 2 })
    #expect(layers(personal(2)) == all.filter { $0.key < 1 })
    #expect(run.learner.unsupported(personal(2)) == nil && run.learner.unsupported(personal(3)) != nil)
  }

  @Test func `a log deviation belongs to the actor's last layer`() {
    let run = SharingCase.actorCritics[3].start()
    let actor = "walker.member-0.actor"
    let whole = ["weight", "bias"]
    #expect(
      names(run, personal(0, .actors))
        == (0...1).flatMap { layer in whole.map { "\(actor).layers.\(layer).\($0)" } } + [
          "\(actor).noise.log_deviation"
        ]
    )
    #expect(names(run, personal(1, .actors)) == whole.map { "\(actor).layers.0.\($0)" })
    #expect(
      names(run, personal(1))
        == ["actor", "critic-0"].flatMap { network in
          whole.map { "walker.member-0.\(network).layers.0.\($0)" }
        })
  }

  @Test func `embeddings count as one layer of a critic`() {
    let run = SharingCase.actorCritics[2].start()
    #expect(names(run, personal(2, .critics)).allSatisfy { $0.hasPrefix("walker.member-0.critic-0.embedding-0.") })
    #expect(names(run, personal(2, .critics)).count == 2)
    #expect(run.learner.unsupported(personal(3, .critics)) != nil)
    // The actors have two layers, so that the critics' embeddings are all that is left.
    #expect(run.learner.unsupported(personal(2)) == nil)
    #expect(run.learner.unsupported(personal(2, .actors)) != nil)
  }

  @Test func `of each network that mixes the last layers stay`() {
    let run = SharingCase.teams[1].start()
    let mixing = names(run, personal(1)).filter { $0.hasPrefix("mixing.") }
    #expect(
      mixing
        == [0, 2, 3].flatMap { network in
          ["weight", "bias"].map { "mixing.hypernetwork-\(network).layers.0.\($0)" }
        })
  }

  @Test(arguments: SharingCase.all)
  func `personal layers keep parameters, targets and moments while others are taken over`(sharing: SharingCase) throws {
    for targets in SharedParameters.Targets.allCases {
      let shared = SharedParameters(personalLayers: 1, targets: targets, moments: .merge)
      var run = sharing.start(seed: 1)
      var other = sharing.start(seed: 2)
      run.train(to: 70)
      other.train(to: 70)
      let (before, given) = (try run.trained, try other.trained)
      run.learner.adopt(other.learner.values(of: shared), of: shared)
      let after = try run.trained
      let count = run.learner.layout(of: personal(1)).layout.count
      var (own, taken) = (0, 0)
      for (part, (before, given)) in zip(after, zip(before, given)) {
        for (index, value) in part.online.enumerated() {
          // Where a parameter is the other's, so are its moments; where it is the client's own, they are as they were.
          let isTaken = value == given.online[index] && value != before.online[index]
          let isOwn = value == before.online[index]
          #expect(isTaken || isOwn)
          if !isOwn { taken += 1 } else { own += 1 }
          let source = isTaken ? given : before
          if value != before.online[index] || given.online[index] != before.online[index] {
            #expect(part.moments.indices.allSatisfy { part.moments[$0][index] == source.moments[$0][index] })
            let target =
              !sharing.hasTargets || isOwn || targets == .keep
              ? before.target[index] : targets == .copy ? value : given.target[index]
            #expect(part.target[index] == target)
          }
        }
      }
      #expect(own > 0 && taken > 0 && taken <= count)
      // Nearly all of what is shared differs between two learners.
      #expect(taken > count * 9 / 10)
    }
  }

  @Test func `value networks are shared whole or not at all`() throws {
    for sharing in SharingCase.values + SharingCase.teams {
      let learner = sharing.start().learner
      for part in [SharedParameters.Part.actors, .critics] {
        let reason = try #require(learner.unsupported(SharedParameters(part: part)))
        #expect(reason.contains("actor and critic in one"))
      }
      #expect(learner.unsupported(SharedParameters()) == nil)
    }
    for sharing in SharingCase.actorCritics {
      let learner = sharing.start().learner
      for part in SharedParameters.Part.allCases {
        #expect(learner.unsupported(SharedParameters(part: part)) == nil)
      }
    }
  }

  @Test(arguments: SharingCase.all)
  func `nothing left to share, or fewer than no layers, is refused`(sharing: SharingCase) throws {
    let learner = sharing.start().learner
    let reason = try #require(learner.unsupported(personal(7)))
    #expect(reason.contains("nothing is left to share"))
    #expect(learner.unsupported(personal(-1)) != nil)
  }

  @Test(arguments: SharingCase.all)
  func `actors and critics are told apart`(sharing: SharingCase) {
    guard sharing.parts.count > 1 else { return }
    let run = sharing.start()
    let actors = names(run, personal(0, .actors))
    let critics = names(run, personal(0, .critics))
    #expect(!actors.isEmpty && actors.allSatisfy { $0.contains(".actor.") })
    #expect(!critics.isEmpty && critics.allSatisfy { $0.contains(".critic-") })
    #expect(Set(names(run, personal(0))) == Set(actors + critics))
  }

  /// What is shared by agents does not know how many there are, unless it sees all of them at once.
  @Test func `sites of different numbers of agents share where agents do`() throws {
    func layouts(_ sharing: SharingCase, _ part: SharedParameters.Part = .both) -> [SharedLayout] {
      [2, 5].map { sharing.start(agents: $0).learner.layout(of: SharedParameters(part: part)) }
    }
    func agree(_ sharing: SharingCase, _ part: SharedParameters.Part = .both) -> Bool {
      let both = layouts(sharing, part)
      return both[0] == both[1]
    }
    let jointly = SharingCase.actorCritic("maddpg, one set of parameters") {
      $0.critic = .joint
      $0.sharing = .shared
    }
    let centrally = SharingCase.proximal("mappo, one set of parameters") { $0.criticSees = .central }
    let team = SharingCase.team("vdn, one network", .sum) { _ in }
    #expect(agree(SharingCase.values[0]) && agree(SharingCase.values[2]) && agree(team))
    #expect(
      agree(SharingCase.actorCritics[0]) && agree(SharingCase.actorCritics[2]) && agree(SharingCase.actorCritics[3]))
    #expect(agree(jointly, .actors) && agree(centrally, .actors))
    #expect(!agree(jointly, .critics) && !agree(centrally, .critics) && !agree(SharingCase.teams[1]))
    #expect(!agree(SharingCase.values[1]) && !agree(SharingCase.teams[0]))
    // And what a site of two learned serves one of five.
    var (few, many) = (SharingCase.values[0].start(agents: 2), SharingCase.values[0].start(seed: 2, agents: 5))
    few.train(to: 70)
    many.learner.adopt(few.learner.values(of: SharedParameters()), of: SharedParameters())
    let isSame = few.learner.policies.groups[0].parameters == many.learner.policies.groups[0].parameters
    #expect(isSame)
    many.train(to: 70)
    #expect(try many.trained[0].updates > 0)
  }
}
