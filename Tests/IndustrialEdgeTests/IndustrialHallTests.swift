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
  @Test func `speed`() throws {
    var world = try HallScene().world()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    var chooser = RandomController(for: world)
    chooser.begin(seed: 1)
    let clock = ContinuousClock()
    for _ in 0..<3 {
    world.reset(seed: 1)
    chooser.act(in: world, &action)
    let time = clock.measure {
      for _ in 0..<500 { world.step(action, outcome: &outcome) }
    }
    var obs = [Float](repeating: 0, count: world.stateCount)
    let seen = clock.measure {
      for _ in 0..<500 { var s = obs.mutableSpan; world.state(into: &s) }
    }
    let resetting = clock.measure { world.reset(seed: 2) }
    print("steps/s", 500 / (time / .seconds(1)), "observe", 500 / (seen / .seconds(1)), "reset", resetting)
    }
    for m in world.metrics() { print(m.name, m.value ?? .nan) }
  }
}
