import Agents
import ReinforcementLearning
import Testing

@Suite struct KnownAnswerTests {
  private let bench = LearningBench()

  private func learned(_ world: ProbeWorld, seed: UInt64, steps: Int = 2500) -> DQNLearner {
    var (vector, learner) = bench.start(world, seed: seed)
    bench.train(&vector, &learner, to: steps)
    return learner
  }

  @Test(arguments: [0, 1, 2])
  func `the probe worlds themselves are conforming environments`(seed: UInt64) {
    for kind in [ProbeWorld.Kind.constant(limit: 5), .seen, .delayed, .matching, .masked] {
      #expect(checkEnvironment(ProbeWorld(kind, agents: 2), seeds: [seed]).isEmpty, "\(kind)")
    }
  }

  /// Trap T1: a time limit is no end; with a limit taken for terminal the value would be (1 − γ^H) / (1 − γ).
  @Test(arguments: [1, 3, 10])
  func `with reward 1 for ever the value is 1 over 1 − γ for every time limit`(limit: Int) {
    for seed in 0..<3 as Range<UInt64> {
      let learner = learned(ProbeWorld(.constant(limit: limit)), seed: seed, steps: 4000)
      for value in LearningBench.values(learner, [1, 0]) {
        #expect(abs(value - 10) < 0.5, "limit \(limit), seed \(seed): \(value)")
      }
    }
  }

  @Test func `a value follows the observation`() {
    for seed in 0..<3 as Range<UInt64> {
      let learner = learned(ProbeWorld(.seen), seed: seed)
      for sight in [-1, 1] as [Float] {
        for value in LearningBench.values(learner, [sight, 0]) { #expect(abs(value - sight) < 0.05, "seed \(seed)") }
      }
    }
  }

  @Test func `a delayed reward is discounted once`() {
    for seed in 0..<3 as Range<UInt64> {
      let learner = learned(ProbeWorld(.delayed), seed: seed)
      for value in LearningBench.values(learner, [1, 0]) { #expect(abs(value - 0.9) < 0.05, "seed \(seed)") }
      for value in LearningBench.values(learner, [1, 1]) { #expect(abs(value - 1) < 0.05, "seed \(seed)") }
    }
  }

  @Test func `the better action is found in every state`() {
    for seed in 0..<3 as Range<UInt64> {
      let learner = learned(ProbeWorld(.matching), seed: seed)
      for sight in [-1, 1] as [Float] {
        let values = LearningBench.values(learner, [sight, 0])
        #expect(abs(values[1] - sight) < 0.1 && abs(values[0] + sight) < 0.1, "seed \(seed): \(values)")
      }
    }
  }

  @Test func `a forbidden action is never taken and the best permitted one is learned`() {
    for seed in 0..<3 as Range<UInt64> {
      var (vector, learner) = bench.start(ProbeWorld(.masked), seed: seed)
      bench.train(&vector, &learner, to: 1500)
      let values = LearningBench.values(learner, [1, 0])
      #expect(abs(values[1] - 1) < 0.1 && abs(values[2]) < 0.1, "seed \(seed): \(values)")
      #expect(vector.finishedReturns.allSatisfy { $0 < 2 }, "nobody ever earned 5")
    }
  }

  @Test(arguments: [DQNConfiguration.Sharing.shared, .individual])
  func `several agents learn together, with one network or one each`(sharing: DQNConfiguration.Sharing) {
    var bench = bench
    bench.recipe.sharing = sharing
    var (vector, learner) = bench.start(ProbeWorld(.matching, agents: 2), seed: 1, environments: 2)
    bench.train(&vector, &learner, to: 3000)
    for agent in 0..<2 {
      for sight in [-1, 1] as [Float] {
        let values = LearningBench.values(learner, [sight, 0], agent: agent)
        #expect(abs(values[1] - sight) < 0.15 && abs(values[0] + sight) < 0.15, "agent \(agent): \(values)")
      }
    }
  }
}
