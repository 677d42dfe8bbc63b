import Glibc
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Policies whose heads are actors: how they act, and what stands of them in files.
struct ActorPolicyTests {
  typealias Damage = PolicyRecordsTests.Damage

  let groups = Fixture.actors.groups.map(\.group)

  /// The network's outputs for the rows of a group, each agent under its own parameters.
  private func outputs(_ policy: GroupPolicy, _ observations: [Float]) -> [[Float]] {
    (0..<policy.group.count).map { agent in
      var own = policy
      own.parameters = [policy.parameters[policy.parameterIndex(ofAgent: agent)]]
      let state = [Float](repeating: 0, count: policy.network.stateCount)
      return ValueEvaluationTests.expected(own, Array(observations[3 * agent..<3 * agent + 3]), state: state).values
    }
  }

  @Test func `several groups of actors act as their outputs say, each agent by its own parameters`() throws {
    var stream = RandomStream(seed: 12)
    var taken: Set<[Int32]> = []
    for _ in 0..<50 {
      let observations = groups.map {
        ValueEvaluationTests.observations($0.count, seed: UInt64(stream.integer(below: 1000)))
      }
      let masks = groups.map { group in
        (0..<group.count).flatMap { _ in Self.randomMask(group.action, &stream) }
      }
      let world = StillWorld(groups: groups, observations: observations, masks: masks)
      var controller = PolicyController(Fixture.actors, for: world)
      controller.begin(seed: 0)
      var action = JointAction(for: groups)
      controller.act(in: world, &action)
      for (index, policy) in Fixture.actors.groups.enumerated() {
        let (space, actor) = (policy.group.action, try #require(policy.actorOutputs))
        for (agent, row) in outputs(policy, observations[index]).enumerated() {
          let mask = Array(masks[index][agent * actor.logitCount..<(agent + 1) * actor.logitCount])
          let integer = action.discreteStart[index] + agent * space.discreteCount
          var first = 0
          for (choice, options) in actor.choices.enumerated() {
            let open = (first..<first + options).filter { mask[$0] }
            let best = open.sorted { row[$0] > row[$1] }[0]
            #expect(Int(action.discrete[integer + choice]) == best - first)
            first += options
          }
          let real = action.continuousStart[index] + agent * space.continuousCount
          for (number, range) in actor.ranges.enumerated() {
            let half = Double(range.upperBound - range.lowerBound) / 2
            let exact = Double(range.lowerBound) + half * (1 + tanh(Double(row[actor.logitCount + number])))
            #expect(abs(Double(action.continuous[real + number]) - exact) < 1e-5 * max(1, half))
          }
        }
      }
      taken.insert(action.discrete)
    }
    #expect(taken.count > 10)
  }

  private static func randomMask(_ space: ActionSpace, _ stream: inout RandomStream) -> [Bool] {
    (ActorOutputs(space)?.choices ?? []).flatMap { options in
      let open = stream.integer(below: options)
      return (0..<options).map { $0 == open || stream.bernoulli(0.5) }
    }
  }

  @Test func `an actor with memory remembers, and forgets where an episode begins`() {
    let policies = PolicySet(algorithm: "ppo", groups: [Fixture.actors.groups[3]])
    let world = StillWorld(
      groups: [groups[3]], observations: [ValueEvaluationTests.observations(2)], masks: [[true, true, true, true]])
    var controller = PolicyController(policies, for: world)
    func act() -> [Float] {
      var action = JointAction(for: world.groups)
      controller.act(in: world, &action)
      return action.continuous
    }
    controller.begin(seed: 0)
    let (first, second) = (act(), act())
    #expect(first != second)
    controller.begin(seed: 0)
    #expect(act() == first && act() == second)
  }

  @Test func `every actor that was written is read`() throws {
    let checkpoint = Fixture.checkpoint(of: Fixture.actors)
    #expect(try PolicySet(from: checkpoint) == Fixture.actors)
    #expect(try checkpoint.group("policy").group("speaker").text(attribute: "head") == "actor")
    #expect(try checkpoint.group("agents").group("speaker").texts("network") == ["actor-0", "actor-1"])
    #expect(try checkpoint.group("agents").group("listener").texts("network") == ["actor", "actor"])
    #expect(try checkpoint.group("agents").group("throttle").attributes["action_levels"] == nil)
  }

  static let damages = [
    Damage("unknown head", ["policy", "aims"], "/policy/aims/@head") { $0.attributes["head"] = .text("critic") },
    Damage("another head", ["policy", "aims"], "/agents/aims/network") { $0.attributes["head"] = .text("argmax-q") },
    Damage("an output too few", ["agents", "aims"], "/policy/aims") {
      $0.set("action_options", [2, 5] as [Int64])
    },
    Damage("a number too many", ["agents", "throttle"], "/policy/throttle") {
      $0.set("action_low", [-1] as [Float])
      $0.set("action_high", [1] as [Float])
    },
    Damage("a range without end", ["agents", "throttle"], "/policy/throttle") {
      $0.set("action_high", [1, .infinity] as [Float])
    },
    Damage("agents of each other's network", ["agents", "speaker"], "/agents/speaker/network") {
      $0.set("network", ["actor-1", "actor-0"])
    },
    Damage("no such network", ["agents", "listener"], "/policy/listener/q") { $0.set("network", ["q", "q"]) },
  ]

  @Test(arguments: damages)
  func `bad records of actors are refused with the place of the fault`(damage: Damage) {
    var checkpoint = Fixture.checkpoint(of: Fixture.actors)
    PolicyRecordsTests.edit(&checkpoint, at: damage.place[...], damage.change)
    let error = #expect(throws: SnapshotError.self) { try PolicySet(from: checkpoint) }
    #expect(error?.path == damage.error)
    #expect(error?.description.contains(damage.error) == true && error?.expected != error?.found)
  }
}
