import ReinforcementLearning
import Snapshots
import Testing

struct TimeLimitTests {
  @Test(arguments: [1, 2, 7])
  func `truncates everyone present at the limit and terminates nobody`(limit: Int) {
    for seed in 0..<40 as Range<UInt64> {
      var world = TaggedWorld(ends: false).timeLimited(to: limit)
      world.reset(seed: seed << 8)
      let action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: world.agentCount)
      for step in 1...limit {
        let now = world.world
        world.step(action, outcome: &outcome)
        #expect(world.elapsed == step)
        #expect(outcome.episodeOver == (step == limit))
        #expect(!outcome.terminated[3] && outcome.truncated[3] == (step == limit))
        for slot in 0..<3 {
          let tenant = TaggedWorld.tenant(seed: now.seed, slot: slot, time: now.time)
          let leaves = tenant != nil && TaggedWorld.tenant(seed: now.seed, slot: slot, time: now.time + 1) != tenant
          #expect(outcome.terminated[slot] == leaves)
          #expect(outcome.truncated[slot] == (step == limit && tenant != nil && !leaves))
        }
      }
    }
  }

  @Test func `an episode that ends at the limit by itself is terminated`() {
    var world = TaggedWorld(ends: true).timeLimited(to: 5)
    world.reset(seed: 2)
    #expect(TaggedWorld.length(2) == 5)
    var outcome = StepOutcome(agents: world.agentCount)
    for _ in 0..<5 { world.step(JointAction(for: world.groups), outcome: &outcome) }
    #expect(outcome.episodeOver && outcome.terminated[3] && !outcome.truncated[3])
  }

  @Test func `a reset begins the count anew`() {
    var world = TaggedWorld(ends: false).timeLimited(to: 3)
    var outcome = StepOutcome(agents: world.agentCount)
    for seed in 0..<3 as Range<UInt64> {
      world.reset(seed: seed)
      for step in 1...3 {
        world.step(JointAction(for: world.groups), outcome: &outcome)
        #expect(outcome.episodeOver == (step == 3))
      }
    }
  }

  @Test func `keeps every promise of an environment`() {
    #expect(checkEnvironment(TaggedWorld(ends: true).timeLimited(to: 6), seeds: Array(0..<20)) == [])
    #expect(checkEnvironment(TaggedWorld(ends: false).timeLimited(to: 9), seeds: Array(0..<20)) == [])
  }

  @Test(arguments: [-1, 4, Int.max])
  func `a count outside the limit is refused`(elapsed: Int) {
    var world = TaggedWorld(ends: false).timeLimited(to: 3)
    let before = world.snapshot()
    var snapshot = before
    snapshot.set("elapsed", integer: elapsed)
    #expect(throws: SnapshotError.self) { try world.restore(from: snapshot) }
    #expect(world.snapshot() == before)
  }
}
