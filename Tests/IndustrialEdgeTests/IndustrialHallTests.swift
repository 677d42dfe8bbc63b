import AllocationCounting
import IndustrialEdge
import ReinforcementLearning
import Testing

@Suite struct IndustrialHallTests {
  static let forms = ["discrete", "hybrid", "continuous"]

  @Test(arguments: forms)
  func `a hall keeps every promise of an environment`(form: String) throws {
    let world = try HallScene([("actions", form), ("time.steps", "120")]).world()
    #expect(checkEnvironment(world, seeds: [0, 7]).map(\.description) == [])
  }
  @Test(.serialized, arguments: ["inf-sl", "inf-sh", "inf-dl", "inf-dh"])
  func `speed`(name: String) throws {
    var world = try HallScene([], name: name).world()
    var outcome = StepOutcome(agents: world.agentCount)
    var rule = HallRule(.earliestFinish, for: world)
    var actions: [JointAction] = []
    repeat {
      var action = JointAction(for: world.groups)
      rule.act(in: world, &action)
      actions.append(action)
      world.step(action, outcome: &outcome)
    } while !outcome.episodeOver
    var obs = [Float](repeating: 0, count: world.stateCount)
    let clock = ContinuousClock()
    var best = Duration.seconds(100)
    var seen = Duration.seconds(100)
    for _ in 0..<7 {
      best = min(best, clock.measure {
      world.reset(seed: 0)
      for action in actions { world.step(action, outcome: &outcome) }
    })
      seen = min(seen, clock.measure {
      for _ in 0..<500 { var s = obs.mutableSpan; world.state(into: &s) }
    })
    }
    print(name, "steps/s", 500 / (best / .seconds(1)), "with observe", 500 / ((best + seen) / .seconds(1)))
  }
}
