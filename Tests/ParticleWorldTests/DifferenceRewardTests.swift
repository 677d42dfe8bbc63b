import AllocationCounting
import ParticleWorld
import Randomness
import ReinforcementLearning
import Testing

/// Difference rewards in particle worlds, against explicit copies.
@Suite struct DifferenceRewardTests {
  /// What all earn together in a copy of a world.
  private func total<World: Environment>(_ world: World, _ action: JointAction) -> Double {
    var (copy, outcome) = (world, StepOutcome(agents: world.agentCount))
    copy.step(action, outcome: &outcome)
    return outcome.rewards.reduce(0, +)
  }

  /// Plays four episodes and returns how many differences were not zero.
  private func expectDifferences<World: ParticleEnvironment>(_ start: World, width: Int) -> Int {
    var world = start.timeLimited(to: 25).differenceRewarded()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var stream = RandomStream(seed: 4)
    var made = 0
    for seed in 0..<4 as Range<UInt64> {
      world.reset(seed: seed)
      for _ in 0..<25 {
        start.randomize(&action, using: &stream)
        let before = world.world
        let whole = total(before, action)
        world.step(action, outcome: &outcome)
        for agent in 0..<world.agentCount {
          var without = action
          let idle = world.idleAction(for: agent)
          if !idle.discrete.isEmpty { without.discrete[agent] = idle.discrete[0] }
          for index in idle.continuous.indices { without.continuous[agent * width + index] = idle.continuous[index] }
          #expect(outcome.rewards[agent] == whole - total(before, without))
          made += outcome.rewards[agent] != 0 ? 1 : 0
        }
      }
      #expect(outcome.episodeOver && outcome.truncated.allSatisfy { $0 })
    }
    return made
  }

  @Test func `equal the sum of rewards less that of a copy with the agent idle`() {
    #expect(expectDifferences(SimpleSpread(order: .original), width: 0) > 50)
    #expect(
      expectDifferences(SimpleSpread(agents: 4, rewards: .original, isContinuous: true, order: .original), width: 5)
        > 50)
  }

  /// Positions move on by the velocities from before the step, so that no reward knows its own step's push.
  @Test func `are zero where a push shows a step later`() {
    #expect(expectDifferences(SimpleSpread(), width: 0) == 0)
    #expect(expectDifferences(SimpleTag(), width: 0) == 0)
  }

  @Test func `keep every promise of an environment`() {
    #expect(checkEnvironment(SimpleSpread().timeLimited(to: 25).differenceRewarded()) == [])
    #expect(checkEnvironment(SimpleSpeakerListener().timeLimited(to: 25).differenceRewarded()) == [])
  }

  @Test func `ask for no memory in a step`() {
    var vector = VectorEnvironment(
      SimpleSpread().timeLimited(to: 25).differenceRewarded(), count: 4, seeds: EpisodeSeeds(.training, seed: 1))
    func play(_ steps: Int) {
      for step in 0..<steps {
        for row in 0..<12 { vector.frame.groups[0].actions[row] = Int32((step + row) % 5) }
        vector.step()
        vector.advance()
      }
    }
    play(60)
    let before = edgewise_allocations()
    play(200)
    #expect(edgewise_allocations() - before == 0)
  }
}
