import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// Traps T4 and T6: whose parameters an update of actors and critics moves, and what it learns from.
@Suite struct ActorCriticTraps {
  /// Every set of parameters of the fixture's world as the snapshot has it.
  private func parameters(_ learner: MADDPGLearner, _ part: String, _ moment: String = "online") throws -> [[Float]] {
    try MADDPGFixture.load().places(learner.configuration).map {
      try learner.parameters(part, moment, group: $0.group, member: $0.member)
    }
  }

  /// Agent j's actor enters only its own update; where the others' present actions are asked for, also those of the
  /// other actors, but never a critic's.
  @Test(arguments: [MADDPGConfiguration.Others.replayed, .current], [MADDPGConfiguration.Critic.joint, .own])
  func `an agent's actor is learned from by itself alone, unless its present action is asked for`(
    others: MADDPGConfiguration.Others, critic: MADDPGConfiguration.Critic
  ) throws {
    let fixture = try MADDPGFixture.load()
    let example = fixture.cases[critic == .joint ? 0 : 4]
    var plain = try fixture.learner(example) {
      $0.others = others
      // A second update would learn from targets that follow the changed actor.
      $0.updatesPerBlock = 1
    }
    var changed = plain
    let places = fixture.places(plain.configuration)
    let agent = try #require(places.firstIndex { $0.group == "mixer" && $0.member == 2 })
    // Two actors that decide for opposite options of both choices: by the last layer's biases.
    let own = try plain.parameters("actor", group: "mixer", member: 2)
    for (bias, isPlain) in [([20, -20, 20, -20], true), ([-20, 20, -20, 20], false)] as [([Float], Bool)] {
      let values = [(name: "online", values: Array(own.dropLast(4)) + bias)]
      if isPlain { try plain.replace("actor", values, group: "mixer", member: 2) }
      if !isPlain { try changed.replace("actor", values, group: "mixer", member: 2) }
    }
    plain.update(step: 1, advanced: 1)
    changed.update(step: 1, advanced: 1)
    let (actors, otherActors) = (try parameters(plain, "actor"), try parameters(changed, "actor"))
    // One whose every row permits one option only is moved by nobody; so not all need differ.
    let moved = places.indices.filter { $0 != agent && actors[$0] != otherActors[$0] }
    #expect(moved.isEmpty == (others == .replayed || critic == .own), "\(moved)")
    #expect(actors[agent] != otherActors[agent])
    #expect(try parameters(plain, "critic-0") == parameters(changed, "critic-0"))
  }

  @Test func `an actor's step leaves the critics as they are, bit for bit`() throws {
    let fixture = try MADDPGFixture.load()
    for index in [0, 2, 5] {
      let example = fixture.cases[index]
      let once: (inout MADDPGConfiguration) -> Void = { $0.updatesPerBlock = $0.policyDelay }
      var plain = try fixture.learner(example, once)
      var other = try fixture.learner(example) {
        once(&$0)
        $0.actorDescent.learningRate = 3
        $0.regularization = 0.9
      }
      plain.update(step: 1, advanced: 1)
      other.update(step: 1, advanced: 1)
      for part in example.twin ? ["critic-0", "critic-1"] : ["critic-0"] {
        #expect(try parameters(plain, part) == parameters(other, part))
        #expect(try parameters(plain, part, "target") == parameters(other, part, "target"))
      }
      for (a, b) in zip(try parameters(plain, "actor"), try parameters(other, "actor")) { #expect(a != b) }
    }
  }

  /// The first critic's derivative moves the actor; the second has no part in it.
  @Test func `actors follow the first of two critics`() throws {
    let fixture = try MADDPGFixture.load()
    let change: (inout MADDPGConfiguration) -> Void = {
      $0.policyDelay = 1
      $0.updatesPerBlock = 1
      $0.discount = 0
    }
    var plain = try fixture.learner(fixture.cases[2], change)
    var other = plain
    for place in fixture.places(plain.configuration) {
      let values = try plain.parameters("critic-1", group: place.group, member: place.member)
      try other.replace("critic-1", [("online", values.map { -$0 })], group: place.group, member: place.member)
    }
    plain.update(step: 1, advanced: 1)
    other.update(step: 1, advanced: 1)
    #expect(try parameters(plain, "actor") == parameters(other, "actor"))
    #expect(try parameters(plain, "critic-1") != parameters(other, "critic-1"))
  }

  @Test(arguments: [0, 0.01, 0.25, 1] as [Float])
  func `targets move by τ towards the new parameters, to the bit, and by nothing else`(tau: Float) throws {
    let fixture = try MADDPGFixture.load()
    for index in [0, 3, 6] {
      let example = fixture.cases[index]
      var learner = try fixture.learner(example) {
        $0.tau = tau
        $0.policyDelay = 1
        $0.updatesPerBlock = 1
        $0.actorDescent.optimizer = .adam()
        $0.criticDescent.optimizer = .adam()
      }
      for update in 1...3 {
        let parts = example.twin ? ["actor", "critic-0", "critic-1"] : ["actor", "critic-0"]
        let old = try parts.map { try parameters(learner, $0, "target") }
        let online = try parts.map { try parameters(learner, $0) }
        learner.update(step: update, advanced: 1)
        for (place, part) in parts.enumerated() {
          let new = try parameters(learner, part)
          let moved = try parameters(learner, part, "target")
          for set in new.indices {
            let wanted = zip(old[place][set], new[set]).map { tau == 1 ? $1 : (1 - tau) * $0 + tau * $1 }
            #expect(moved[set] == wanted, "\(part) of set \(set)")
            #expect(new[set] != online[place][set])
          }
        }
      }
    }
  }

  @Test(arguments: [2, 3])
  func `delayed actors and targets move at every second or third update, critics at each`(delay: Int) throws {
    let fixture = try MADDPGFixture.load()
    var learner = try fixture.learner(fixture.cases[2]) {
      $0.policyDelay = delay
      $0.updatesPerBlock = 1
    }
    for update in 1...(2 * delay + 1) {
      let moments = [("actor", "online"), ("actor", "target"), ("critic-0", "target"), ("critic-1", "target")]
      let before = try moments.map { try parameters(learner, $0.0, $0.1) }
      let critics = try ["critic-0", "critic-1"].map { try parameters(learner, $0) }
      learner.update(step: update, advanced: 1)
      let after = try moments.map { try parameters(learner, $0.0, $0.1) }
      for (old, new) in zip(before.joined(), after.joined()) { #expect((old != new) == (update % delay == 0)) }
      let later = try ["critic-0", "critic-1"].map { try parameters(learner, $0) }
      for (old, new) in zip(critics.joined(), later.joined()) { #expect(old != new) }
    }
  }

  /// As many updates for any number of environments: the cadence counts environment steps.
  @Test(arguments: [1, 4, 16])
  func `the number of updates after a number of steps does not depend on the environments`(environments: Int) {
    var bench = MADDPGBench {
      $0.warmupSteps = 100
      $0.trainEvery = 8
      $0.updatesPerBlock = 2
    }
    bench.recipe.batchSize = 4
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 1, environments: environments)
    bench.train(&vector, &learner, to: 320)
    // Blocks end at the steps 104, 112, …, 320.
    #expect(learner.progress(step: 320).updates == 2 * 28)
  }
}
