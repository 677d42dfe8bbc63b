import Agents
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T12: how the rewards of several agents become one.
@Suite struct RewardTraps {
  @Test(arguments: [1, 2, 4], [1, 4])
  func `with reward 1 for every agent an episode's return is its length, whatever their number`(
    agents: Int, environments: Int
  ) {
    let bench = LearningBench()
    var (vector, learner) = bench.start(
      KnownAnswerWorld.constantReward(limit: 3, agents: agents), seed: 0, environments: environments)
    for step in 0..<9 {
      learner.act(&vector.frame, step: step)
      vector.step()
      #expect(vector.frame.groups[0].rewards == [Double](repeating: 1, count: agents * environments))
      #expect(vector.finishedReturns == [Double](repeating: 3, count: step % 3 == 2 ? environments : 0))
      vector.advance()
    }
  }

  @Test(arguments: ["plain", "prioritised", "scaled"])
  func `another agent's rewards change nothing of what an individual learner learns`(kind: String) throws {
    var bench = LearningBench()
    bench.recipe.sharing = .individual
    bench.recipe.warmupSteps = 0
    bench.recipe.exploration = .init(initial: 1, final: 1, steps: 1)
    bench.recipe.normalization = .running
    bench.recipe.scalesRewards = kind == "scaled"
    if kind == "prioritised" { bench.recipe.priority = FamilyTests.priority }
    func members(_ reward: Double) throws -> [Snapshot] {
      var (vector, learner) = bench.start(KnownAnswerWorld.matching(agents: 3), seed: 0)
      for step in 0..<60 {
        learner.act(&vector.frame, step: step)
        vector.step()
        vector.frame.groups[0].rewards[1] *= reward
        learner.record(vector.frame)
        learner.update(step: step + 1, advanced: 1)
        vector.advance()
      }
      let group = try learner.snapshot().group("learner").group("walker")
      return try (0..<3).map { try group.group("member-\($0)") }
    }
    let (calm, wild) = (try members(1), try members(-30))
    #expect(calm[0] == wild[0] && calm[2] == wild[2])
    #expect(try calm[1].floats("online") != wild[1].floats("online"))
  }
}
