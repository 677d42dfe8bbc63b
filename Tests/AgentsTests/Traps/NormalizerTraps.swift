import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T10: normalisers in a learner.
@Suite struct NormalizerTraps {
  private func bench(_ change: (inout DQNConfiguration) -> Void = { _ in }) -> LearningBench {
    var bench = LearningBench()
    bench.recipe.normalization = .running
    bench.recipe.scalesRewards = true
    change(&bench.recipe)
    return bench
  }

  private static let world = KnownAnswerWorld.matching(agents: 2).inUnits(seenTimes: 300, plus: 2000, worth: 50)

  private func statistics(_ learner: DQNLearner) throws -> Snapshot {
    try learner.snapshot().group("learner").group("walker").group("normalization")
  }

  @Test func `an episode of evaluation leaves the whole learner bit-equal`() throws {
    let bench = bench { $0.noise = 0.4 }
    var (vector, learner) = bench.start(Self.world, seed: 2)
    bench.train(&vector, &learner, to: 200)
    let before = learner.snapshot()
    let policies = learner.policies
    var world = Self.world
    var controller = PolicyController(policies, for: world)
    for episode in 0..<20 {
      let seed = EpisodeSeeds(.selection, seed: 2).seed(episode: episode)
      world.reset(seed: seed)
      controller.begin(seed: seed)
      var action = JointAction(for: world.groups)
      controller.act(in: world, &action)
    }
    #expect(learner.snapshot() == before && learner.policies == policies)
  }

  @Test func `a policy keeps the normaliser of its moment while its learner goes on`() throws {
    let bench = bench()
    var (vector, learner) = bench.start(Self.world, seed: 2)
    bench.train(&vector, &learner, to: 60)
    let policies = learner.policies
    let (offset, scale) = (policies.groups[0].normalizer.offset, policies.groups[0].normalizer.scale)
    #expect(offset[0] != 2000 && scale[0] != 300, "not the range, but what was seen")
    bench.train(&vector, &learner, from: 60, to: 200)
    #expect(policies.groups[0].normalizer.offset == offset && policies.groups[0].normalizer.scale == scale)
    #expect(learner.policies.groups[0].normalizer != policies.groups[0].normalizer)
  }

  @Test func `a policy read back from its records acts through the same numbers`() throws {
    let bench = bench()
    var (vector, learner) = bench.start(Self.world, seed: 2)
    bench.train(&vector, &learner, to: 100)
    var checkpoint = Snapshot()
    for (name, group) in learner.policies.records() { checkpoint.set(name, group) }
    #expect(try PolicySet(from: checkpoint) == learner.policies)
  }

  @Test func `each observation of an active row is counted once, and each reward`() throws {
    for environments in [1, 4] {
      for sharing in DQNConfiguration.Sharing.allCases {
        let bench = bench { $0.sharing = sharing }
        var (vector, learner) = bench.start(Self.world, seed: 2, environments: environments)
        bench.train(&vector, &learner, to: 40 * environments)
        #expect(try statistics(learner).integer("count") == 80 * environments)
        let member = try learner.snapshot().group("learner").group("walker").group("member-0")
        let share = sharing == .shared ? 80 : 40
        #expect(try member.group("rewards").integer("count") == share * environments)
      }
    }
  }

  @Test func `an absent agent moves neither the normaliser nor the scale of rewards`() throws {
    let bench = bench { $0.warmupSteps = 1000 }
    func recorded(_ filler: Float) throws -> Snapshot {
      var (vector, learner) = bench.start(Self.world, seed: 2)
      for step in 0..<10 {
        learner.act(&vector.frame, step: step)
        vector.step()
        vector.frame.groups[0].active[1] = false
        vector.frame.groups[0].rewards[1] = Double(filler)
        for column in 2..<4 { vector.frame.groups[0].observations[column] = filler }
        learner.record(vector.frame)
        vector.advance()
      }
      return try learner.snapshot().group("learner")
    }
    #expect(try recorded(7) == recorded(1e9))
  }

  @Test func `stored observations and rewards are raw`() throws {
    let bench = bench()
    var (vector, learner) = bench.start(Self.world, seed: 2)
    bench.train(&vector, &learner, to: 200)
    let rows = try StoredRows(of: learner)
    for row in 0..<rows.count {
      #expect([1700, 2300].contains(rows[row, "observation_0"]) && [-50, 50].contains(rows[row, "reward"]))
    }
  }

  @Test func `training goes on from another policy's normaliser, and a fixed one is refused where it differs`() {
    let bench = bench()
    var (vector, learner) = bench.start(Self.world, seed: 2)
    bench.train(&vector, &learner, to: 200)
    var fresh = bench.start(Self.world, seed: 3).learner
    #expect(fresh.adopt(learner.policies) == nil)
    #expect(fresh.policies == learner.policies)
    var fixed = self.bench { $0.normalization = .ranges }.start(Self.world, seed: 3).learner
    let before = fixed.snapshot()
    #expect(fixed.adopt(learner.policies)?.contains("otherwise normalised") == true)
    #expect(fixed.snapshot() == before)
    // Flags of ranges within [−1, 1] pass a running normaliser unchanged; a policy that shifts them does not fit.
    let flags = KnownAnswerWorld.matching()
    var plain = bench.start(flags, seed: 3).learner
    var policies = plain.policies
    let policy = policies.groups[0]
    policies.groups[0] = GroupPolicy(
      group: policy.group, head: policy.head, values: policy.values, network: policy.network,
      normalizer: Normalizer(offset: [0.5, 0], scale: [1, 1]), parameters: policy.parameters)
    #expect(plain.adopt(policies)?.contains("otherwise normalised") == true)
  }

  /// Every promise of `checkLearner`, in worlds whose observations lie around 2,000 and whose rewards are 50 times as
  /// large. Values are in the unit of scaled rewards, so that returns are compared; without scaled rewards values too.
  @Test(arguments: ["double", "individual", "n-step", "recurrent"])
  func `learns, repeats and resumes with running normalisation and scaled rewards`(kind: String) {
    let recipe = recipe(kind) { $0.scalesRewards = true }
    let worlds = worlds(kind, worth: 50)
    let found = checkLearner(
      worlds, discount: 0.9, steps: 4000, seeds: [0, 1],
      make: { DQNLearner(recipe, groups: $0, environments: $1, seed: $2) },
      greedy: { PolicyController($0.policies, for: $1) })
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `reaches the known values through a running normaliser, which a plain learner does not`() {
    func found(_ recipe: DQNConfiguration) -> [String] {
      checkLearner(
        worlds("double", seenTimes: 1, plus: 20_000, worth: 1), discount: 0.9, steps: 4000, seeds: [0],
        make: { DQNLearner(recipe, groups: $0, environments: $1, seed: $2) },
        greedy: { PolicyController($0.policies, for: $1) },
        values: { learner, answer, agent in
          let policy = learner.policies.groups[0]
          var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 1)
          for observation in answer.observations {
            evaluation.evaluate(observation.span, rows: 0..<1, under: policy.parameters[0])
          }
          return evaluation.values
        })
    }
    let running = found(recipe("double"))
    #expect(running.isEmpty, "\(running.joined(separator: "\n"))")
    #expect(!found(recipe("double") { $0.normalization = .none }).isEmpty)
  }

  private func worlds(
    _ kind: String, seenTimes factor: Float = 300, plus shift: Float = 2000, worth: Double
  ) -> [KnownAnswerWorld] {
    let agents = kind == "individual" ? 2 : 1
    let worlds: [KnownAnswerWorld] = [
      .matching(agents: agents), .maskedLater(agents: agents), .delayedReward(agents: agents),
    ]
    return worlds.map { $0.inUnits(seenTimes: factor, plus: shift, worth: worth) }
  }

  private func recipe(_ kind: String, _ change: (inout DQNConfiguration) -> Void = { _ in }) -> DQNConfiguration {
    var recipe = LearningBench().recipe
    recipe.normalization = .running
    recipe.hidden = [32]
    recipe.learningRate = 3e-3
    recipe.exploration = .init(initial: 1, final: 0.5, steps: 1000)
    switch kind {
    case "individual": recipe.sharing = .individual
    case "n-step": recipe.returnSteps = 2
    case "recurrent":
      recipe.recurrence = .init(hidden: 16, length: 4, burnIn: 0, overlap: 0)
      recipe.batchSize = 16
    default: break
    }
    change(&recipe)
    return recipe
  }
}
