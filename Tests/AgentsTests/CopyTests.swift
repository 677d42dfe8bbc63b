import Agents
import ReinforcementLearning
import Snapshots
import Testing

/// A learner is a value: a copy goes on by itself, whatever memory it still shares with the original.
@Suite struct CopyTests {
  /// Trains two copies of a learner by turns in worlds of different seeds, and a third that never had a copy.
  private func expectIndependence<L: Learner>(
    _ world: KnownAnswerWorld, _ make: (_ groups: [AgentGroup]) -> L, _ name: String, seedsMatter: Bool = true
  ) {
    for shared in [0, 60, 130] {
      var vectors = [1, 2, 2].map {
        VectorEnvironment(world, count: 2, seeds: EpisodeSeeds(.training, seed: $0))
      }
      var learners: [L] = [make(world.groups), make(world.groups)]
      // The second and the third see the same; the first is the second's copy until it goes another way.
      for step in stride(from: 0, to: shared, by: 2) {
        for index in 0..<2 { advance(&vectors[index + 1], &learners[index], step) }
      }
      learners.insert(learners[0], at: 0)
      for step in stride(from: shared, to: shared + 120, by: 2) {
        for index in 0..<3 { advance(&vectors[index], &learners[index], step) }
      }
      let isEqual = learners[1].snapshot() == learners[2].snapshot()
      #expect(isEqual, "\(name), copied after \(shared) steps")
      let differs = learners[0].snapshot() != learners[1].snapshot()
      #expect(differs || !seedsMatter, "\(name): other worlds leave other traces")
    }
  }

  private func advance<L: Learner>(
    _ vector: inout VectorEnvironment<KnownAnswerWorld>, _ learner: inout L, _ step: Int
  ) {
    learner.act(&vector.frame, step: step)
    vector.step()
    learner.record(vector.frame)
    learner.update(step: step + 2, advanced: 2)
    vector.advance()
  }

  @Test func `copies of a DQN learner go on by themselves`() {
    for member in FamilyTests.members + [FamilyTests.recurrent] {
      var recipe = member.recipe
      recipe.warmupSteps = 20
      recipe.normalization = .running
      expectIndependence(
        .matching(agents: 2), { DQNLearner(recipe, groups: $0, environments: 2, seed: 4) }, member.name)
      expectIndependence(
        .maskedLater(agents: 2), { DQNLearner(recipe, groups: $0, environments: 2, seed: 4) }, "\(member.name), masked",
        seedsMatter: false)
    }
  }

  @Test func `copies of a MADDPG learner go on by themselves`() {
    for (name, indices, critic) in [
      ("own", .individual, .own), ("joint", .shared, .joint), ("pooled", .individual, .pooled(embedding: 4)),
    ] as [(String, MADDPGConfiguration.Indices, MADDPGConfiguration.Critic)] {
      for sharing in MADDPGConfiguration.Sharing.allCases {
        let bench = MADDPGBench {
          $0.warmupSteps = 20
          $0.trainEvery = 2
          $0.indices = indices
          $0.critic = critic
          $0.sharing = sharing
          $0.normalization = .running
        }
        expectIndependence(
          .matching(agents: 2), { MADDPGLearner(bench.recipe, groups: $0, environments: 2, seed: 4) }, name)
      }
    }
  }

  @Test func `copies of a PPO learner go on by themselves`() {
    for (name, critic) in [("ippo", .own), ("mappo", .central)] as [(String, PPOConfiguration.Critic)] {
      var bench = PPOBench()
      bench.recipe.criticSees = critic
      bench.recipe.valueClip = 0.2
      bench.recipe.normalization = .running
      let recipe = bench.recipe
      expectIndependence(
        .matching(agents: 2), { PPOLearner(recipe, groups: $0, environments: 2, seed: 4) }, name)
    }
  }

  @Test func `copies of a team go on by themselves`() {
    for mixing in [.sum, .monotonic(embedding: 4, hypernetHidden: 4)] as [ValueDecompositionConfiguration.Mixing] {
      let bench = TeamBench(mixing) { $0.agents.warmupSteps = 20 }
      expectIndependence(
        .matching(agents: 2), { ValueDecompositionLearner(bench.recipe, groups: $0, environments: 2, seed: 4) },
        "\(mixing)")
    }
  }
}
