import AllocationCounting
import ReinforcementLearning
import Testing
import VehicularEdge

/// Difference rewards on the road, against explicit copies.
@Suite struct DifferenceRewardTests {
  private static func scene() -> Scene {
    var scene = Scene()
    scene.mobility = Scene.highway.replacing("slots: 40", with: "slots: 10")
    scene.placement = "columns: 2, rows: 1"
    scene.steps = 60
    return scene
  }

  private func total(_ world: VehicularOffloading, _ action: JointAction) -> Double {
    var (copy, outcome) = (world, StepOutcome(agents: world.agentCount))
    copy.step(action, outcome: &outcome)
    return outcome.rewards.reduce(0, +)
  }

  @Test func `equal the sum of rewards less that of a copy with the vehicle idle`() throws {
    var world = try Self.scene().world().differenceRewarded()
    var chance = RandomController(for: world)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 10)
    var (made, ofOthers) = (0, 0)
    for seed in 0..<3 as Range<UInt64> {
      world.reset(seed: seed)
      chance.begin(seed: seed)
      repeat {
        chance.act(in: world, &action)
        let before = world.world
        let whole = total(before, action)
        var bare = (world: before, outcome: outcome)
        bare.world.step(action, outcome: &bare.outcome)
        world.step(action, outcome: &outcome)
        for (agent, isActive) in before.active.enumerated() {
          var without = action
          without.discrete[agent] = 0
          #expect(outcome.rewards[agent] == (isActive ? whole - total(before, without) : 0))
          made += outcome.rewards[agent] != 0 ? 1 : 0
          // Beyond its own task: what it takes from those who share its band and its unit.
          var (idle, imagined) = (before, outcome)
          idle.step(without, outcome: &imagined)
          let own = bare.outcome.rewards[agent] - imagined.rewards[agent]
          ofOthers += abs(outcome.rewards[agent] - own) > 1e-9 ? 1 : 0
        }
        #expect(world.snapshot() == bare.world.snapshot() && "\(world.records())" == "\(bare.world.records())")
        #expect(outcome.terminated == bare.outcome.terminated && outcome.truncated == bare.outcome.truncated)
      } while !outcome.episodeOver
      #expect(world.brokenInvariants() == [])
    }
    #expect(made > 100 && ofOthers > 20)
  }

  @Test func `keep every promise of an environment`() throws {
    #expect(checkEnvironment(try Self.scene().world().differenceRewarded(), seeds: [0, 3]) == [])
  }

  @Test func `ask for no memory in a step`() throws {
    var world = try Self.scene().world().differenceRewarded()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 10)
    func play() {
      for step in 0..<60 {
        for slot in 0..<10 { action.discrete[slot] = Int32((step + slot) % 5) }
        world.step(action, outcome: &outcome)
      }
    }
    world.reset(seed: 1)
    play()
    world.reset(seed: 1)
    let before = edgewise_allocations()
    play()
    #expect(edgewise_allocations() - before == 0)
  }
}
