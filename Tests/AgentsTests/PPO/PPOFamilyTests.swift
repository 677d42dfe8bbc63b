import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// Both members in worlds whose answers are known.
@Suite struct PPOFamilyTests {
  /// A member: what it changes in the small recipe.
  struct Member: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable (inout PPOConfiguration) -> Void

    var testDescription: String { name }

    var recipe: PPOConfiguration {
      var recipe = PPOBench().recipe
      change(&recipe)
      return recipe
    }
  }

  static let members = [
    Member(name: "ippo") { _ in },
    Member(name: "mappo") {
      $0.name = "mappo"
      $0.criticSees = .central
    },
    Member(name: "ippo, plain values, running normalisation") {
      $0.valueDecay = nil
      $0.normalization = .running
    },
    Member(name: "mappo, clipped Huber values, annealed, own parameters") {
      $0.criticSees = .central
      $0.valueLoss = .huber(threshold: 10)
      $0.valueClip = 0.5
      $0.learningRateSchedule = .linear(endFactor: 0.1, steps: 6000)
      $0.sharing = .individual
      $0.normalization = .ranges
    },
  ]

  private func defects(
    _ member: Member, _ worlds: [KnownAnswerWorld], steps: Int, seeds: [UInt64] = [0, 1, 2]
  ) -> [String] {
    let recipe = member.recipe
    return checkLearner(
      worlds, discount: Double(recipe.discount), steps: steps, seeds: seeds,
      make: { PPOLearner(recipe, groups: $0, environments: $1, seed: $2) },
      greedy: { PolicyController($0.policies, for: $1) })
  }

  @Test(arguments: members)
  func `reaches the best returns, forbids, repeats and resumes in the middle of rollouts`(member: Member) {
    let worlds = KnownAnswerWorld.discrete()
    #expect(worlds.count >= 6)
    let found = defects(member, worlds, steps: 6000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test(arguments: members)
  func `several agents learn together`(member: Member) {
    let worlds: [KnownAnswerWorld] = [.matching(agents: 2), .maskedLater(agents: 3), .randomWalk(agents: 2)]
    let found = defects(member, worlds, steps: 6000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test(arguments: members)
  func `finds the best option of every branch`(member: Member) {
    let found = defects(member, [.branches(), .branches(agents: 2)], steps: 8000)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test(arguments: members)
  func `aims with real numbers`(member: Member) {
    let worlds = KnownAnswerWorld.continuous() + [.aiming(dimensions: 2, agents: 2)]
    let careful = Member(name: member.name) {
      member.change(&$0)
      $0.rolloutSteps = 32
      $0.actor.learningRate = 3e-3
    }
    let found = defects(careful, worlds, steps: 12_000, seeds: [0, 1])
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  /// Trap T1: reward 1 for ever is worth 1 / (1 − γ) = 10 for every limit, and 9 before a first step without reward.
  @Test(arguments: members)
  func `values do not know the time limit`(member: Member) {
    var bench = PPOBench()
    bench.recipe = member.recipe
    for (world, wanted) in [
      (KnownAnswerWorld.constantReward(limit: 1), 10), (.constantReward(limit: 3), 10),
      (.constantReward(limit: 10, agents: 2), 10), (.slowStart(limit: 2, agents: 2), 9),
    ] as [(KnownAnswerWorld, Float)] {
      for environments in [1, 4] {
        var (vector, learner) = bench.start(world, seed: 3, environments: environments)
        bench.train(&vector, &learner, to: 24_000)
        // The end of training is the beginning of an episode or a later step; a new run shows the first.
        let fresh = VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: 4))
        for value in learner.values(of: fresh.frame, group: 0) {
          #expect(abs(value - wanted) < 0.5, "\(world.name), \(environments) environments")
        }
      }
    }
  }
}
