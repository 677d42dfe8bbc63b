import Agents
import AllocationCounting
import ClassicControl
import ReinforcementLearning
import Testing

/// Nothing is allocated in a step or an update, whatever the member of the family.
@Suite struct AllocationTests {
  @Test func `the counter sees what is allocated`() {
    let before = edgewise_allocations()
    let array = [Int](repeating: 1, count: 1000)
    #expect(array.count == 1000 && edgewise_allocations() > before)
  }

  @Test(arguments: FamilyTests.members + [FamilyTests.recurrent])
  func `a thousand steps with an update each ask for no memory`(member: FamilyTests.Member) {
    var bench = LearningBench()
    bench.recipe = member.recipe
    bench.recipe.replayCapacity = 500
    let world = CartPole().timeLimited(to: 20)
    var (vector, learner) = bench.start(world, seed: 1, environments: 2)
    // The replay is full and every path was taken.
    bench.train(&vector, &learner, to: 1500)
    let before = edgewise_allocations()
    bench.train(&vector, &learner, from: 1500, to: 3500)
    #expect(edgewise_allocations() - before == 0)
    #expect(learner.progress(step: 3500).updates > 1000)
  }

  @Test(arguments: PPOFamilyTests.members)
  func `a thousand steps and the updates of their rollouts ask for no memory`(member: PPOFamilyTests.Member) {
    for world in [KnownAnswerWorld.maskedLater(agents: 2), .aiming(dimensions: 2, agents: 2)] {
      var bench = PPOBench()
      bench.recipe = member.recipe
      var (vector, learner) = bench.start(world, seed: 1, environments: 2)
      bench.train(&vector, &learner, to: 500)
      let before = edgewise_allocations()
      bench.train(&vector, &learner, from: 500, to: 2500)
      #expect(edgewise_allocations() - before == 0)
      #expect(learner.progress(step: 2500).updates > 500)
    }
  }
}
