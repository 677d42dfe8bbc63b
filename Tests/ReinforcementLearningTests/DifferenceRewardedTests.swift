import Randomness
import ReinforcementLearning
import Snapshots
import Testing

struct DifferenceRewardedTests {
  @Test(arguments: [1, 3]) func `a reward that nobody's action changes makes no difference`(agents: Int) {
    var world = KnownAnswerWorld.constantReward(limit: 5, agents: agents).differenceRewarded()
    world.reset(seed: 1)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: agents)
    for step in 0..<5 {
      for agent in 0..<agents { action.discrete[agent] = Int32((step + agent) % 2) }
      world.step(action, outcome: &outcome)
      #expect(outcome.rewards == [Double](repeating: 0, count: agents))
      #expect(outcome.episodeOver == (step == 4) && outcome.truncated[0] == (step == 4))
    }
  }

  @Test func `where rewards add up, the difference is one's own reward less that of idling`() {
    var world = KnownAnswerWorld.matching(agents: 4).differenceRewarded()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 4)
    var signs: Set<Float> = []
    for seed in 0..<50 as Range<UInt64> {
      world.reset(seed: seed)
      var seen = [Float](repeating: 0, count: 8)
      var span = seen.mutableSpan
      world.observe(group: 0, into: &span)
      for agent in 0..<4 { action.discrete[agent] = Int32(seed >> UInt64(agent) & 1) }
      world.step(action, outcome: &outcome)
      // The second action earns what is seen, the idle first one the opposite.
      for agent in 0..<4 {
        #expect(outcome.rewards[agent] == (action.discrete[agent] == 1 ? 2 * Double(seen[2 * agent]) : 0))
        signs.insert(seen[2 * agent])
      }
      #expect(outcome.terminated == [true, true, true, true] && outcome.episodeOver)
    }
    #expect(signs == [-1, 1])
  }

  @Test func `real numbers are replaced too, in groups of their own, and empty slots earn nothing`() {
    var world = TaggedWorld(ends: true).differenceRewarded()
    var chooser = RandomController(for: world)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 4)
    var absent = 0
    for seed in 0..<40 as Range<UInt64> {
      let seed = seed &* 0x9E37_79B9_7F4A_7C15
      world.reset(seed: seed)
      chooser.begin(seed: seed)
      repeat {
        let time = world.world.time
        chooser.act(in: world, &action)
        world.step(action, outcome: &outcome)
        for slot in 0..<3 {
          let isThere = TaggedWorld.tenant(seed: seed, slot: slot, time: time) != nil
          #expect(outcome.rewards[slot] == (isThere ? 1_000 * Double(action.discrete[slot]) : 0))
          absent += isThere ? 0 : 1
        }
        let resident = 1_000 * Double(action.continuous[0]) + Double(action.continuous[1])
        #expect(abs(outcome.rewards[3] - resident) < 1e-9)
      } while !outcome.episodeOver
    }
    #expect(absent > 20)
  }

  /// −Σ n² loses n² − (n − 1)² = 2n − 1 by the last who comes, whoever that is.
  @Test func `an agent on a crowded road answers for what it costs the others`() {
    var world = CrowdedWorld(agents: 6, roads: 3).differenceRewarded()
    var outcome = StepOutcome(agents: 6)
    var action = JointAction(for: world.groups)
    action.discrete = [1, 1, 2, 0, 1, 3]
    for seed in 0..<20 as Range<UInt64> {
      world.reset(seed: seed)
      for _ in 0..<3 {
        // The tolls are drawn anew in each step, and are the same with and without an agent.
        world.step(action, outcome: &outcome)
        #expect(outcome.rewards == [-5, -5, -1, 0, -5, -1])
      }
    }
  }

  @Test func `a step costs one more for each agent that is there and not idle`() {
    let crowded = CrowdedWorld(agents: 6, roads: 3)
    var world = crowded.differenceRewarded()
    var outcome = StepOutcome(agents: 6)
    var action = JointAction(for: world.groups)
    let cases: [([Int32], Int)] = [([0, 0, 0, 0, 0, 0], 1), ([0, 2, 0, 0, 0, 1], 3), ([1, 2, 3, 1, 2, 3], 7)]
    for (actions, cost) in cases {
      action.discrete = actions
      let before = crowded.odometer.count
      world.step(action, outcome: &outcome)
      #expect(crowded.odometer.count - before == cost)
    }
  }

  @Test func `only the rewards are others`() throws {
    var bare = TaggedWorld(ends: true)
    var wrapped = TaggedWorld(ends: true).differenceRewarded()
    bare.reset(seed: 12)
    wrapped.reset(seed: 12)
    var chooser = RandomController(for: bare)
    chooser.begin(seed: 0)
    var action = JointAction(for: bare.groups)
    var (outcome, difference) = (StepOutcome(agents: 4), StepOutcome(agents: 4))
    #expect(wrapped.groups == bare.groups && wrapped.stateCount == bare.stateCount)
    repeat {
      chooser.act(in: bare, &action)
      bare.step(action, outcome: &outcome)
      wrapped.step(action, outcome: &difference)
      #expect(outcome.terminated == difference.terminated && outcome.truncated == difference.truncated)
      #expect(outcome.episodeOver == difference.episodeOver && wrapped.snapshot() == bare.snapshot())
    } while !outcome.episodeOver
    #expect(outcome.rewards != difference.rewards)
  }

  @Test func `keeps every promise of an environment`() {
    let seeds = Array(0..<20) as [UInt64]
    #expect(checkEnvironment(TaggedWorld(ends: true).differenceRewarded(), seeds: seeds) == [])
    #expect(checkEnvironment(TaggedWorld(ends: false).timeLimited(to: 9).differenceRewarded(), seeds: seeds) == [])
    #expect(checkEnvironment(CrowdedWorld(agents: 3, roads: 2).differenceRewarded(), seeds: seeds) == [])
    for world in KnownAnswerWorld.all(agents: 2) { #expect(checkEnvironment(world.differenceRewarded()) == []) }
  }

  @Test func `a batch is rewarded as each environment by itself, and restored goes on as before`() throws {
    let world = CrowdedWorld(agents: 4, roads: 2, length: 7).differenceRewarded()
    let seeds = EpisodeSeeds(.training, seed: 3)
    var vector = VectorEnvironment(world, count: 3, seeds: seeds)
    var stream = RandomStream(seed: 5)
    var outcome = StepOutcome(agents: 4)
    var action = JointAction(for: world.groups)
    for step in 0..<30 {
      if step == 17 {
        var restored = VectorEnvironment(world, count: 3, seeds: seeds)
        try restored.restore(from: vector.snapshot())
        vector = restored
      }
      let before = vector.environments
      for row in 0..<12 { vector.frame.groups[0].actions[row] = Int32(stream.integer(below: 3)) }
      vector.step()
      for (index, environment) in before.enumerated() {
        var single = environment
        action.discrete = Array(vector.frame.groups[0].actions[4 * index..<4 * index + 4])
        single.step(action, outcome: &outcome)
        #expect(Array(vector.frame.groups[0].rewards[4 * index..<4 * index + 4]) == outcome.rewards)
      }
      vector.advance()
    }
    #expect(vector.episodes == [5, 5, 5])
  }
}
