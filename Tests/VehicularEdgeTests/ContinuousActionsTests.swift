import AllocationCounting
import Baselines
import EdgeCloud
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing
import VehicularEdge

/// Worlds in which an action is a score for each place and the transmit power.
@Suite struct ContinuousActionsTests {
  private func scene(_ change: (inout Scene) -> Void = { _ in }) -> Scene {
    var scene = Scene()
    scene.form = .continuous
    change(&scene)
    return scene
  }

  private func standing(_ vehicles: Int, in folder: TemporaryFolder) throws -> VehicularOffloading {
    let places = (0..<vehicles).map { Place("v\($0)", 15, Double($0)) }
    let trace = try folder.writeTrace([(0, places), (60, places)])
    let scene = scene {
      $0.mobility = "model: trace, slots: \(vehicles), antenna_setback_m: 0, fcd_file: \(trace)"
      $0.placement = "positions: [{x_m: 0, y_m: 0}]"
      $0.choices = 2
      $0.rate_Hz = 1e6
    }
    return try scene.world()
  }

  private func play(_ world: inout VehicularOffloading, _ rows: [[Float]]) -> StepOutcome {
    var action = JointAction(for: world.groups)
    action.continuous = rows.flatMap { $0 }
    var outcome = StepOutcome(agents: world.agentCount)
    world.step(action, outcome: &outcome)
    return outcome
  }

  @Test func `an action is a score for every place but none, then the power`() throws {
    let world = try scene { $0.choices = 2 }.world()
    #expect(world.groups[0].action == .box([ClosedRange<Float>](repeating: -1...1, count: 6) + [5...23]))
    #expect(world.idleAction(for: 0) == AgentAction(continuous: [-1, -1, -1, -1, -1, -1, 5]))
    let error = #expect(throws: ScenarioError.self) { try scene { $0.powers_dBm = [10] }.parameters() }
    #expect(error?.description.contains("continuous actions choose between the lowest and the highest") == true)
  }

  @Test func `it keeps every promise of an environment`() throws {
    let world = try scene { $0.steps = 80 }.world()
    #expect(checkEnvironment(world, seeds: [0, 7]).map(\.description) == [])
  }

  /// Unit 2 does not exist, so that its two places are forbidden.
  @Test func `the greatest score of a permitted place counts, the first of equals`() throws {
    var world = try standing(8, in: try TemporaryFolder())
    _ = play(
      &world,
      [
        [0.1, 0.2, 0.3, 0.4, 1, 1, 20],
        [0.1, 0.2, 0.5, 0.4, 1, 1, 20],
        [0.5, 0.5, 0.5, 0.5, 1, 1, 20],
        [-0.9, -0.8, -1, -1, 1, 1, 20],
        [-1, -1, -1, -1, 1, 1, 20],
        [.nan, .nan, -0.5, .nan, 1, 1, 99],
        [.nan, .nan, .nan, .nan, .nan, .nan, 20],
        [0, 0, 0.1, 0, 0, 0, .nan],
      ])
    #expect(world.rows.map(\.action) == [4, 3, 1, 2, 0, 3, 0, 3])
    #expect(world.rows.map(\.target) == ["cloud", "edge", "device", "device", "none", "edge", "none", "none"])
    #expect(world.rows.map { $0["tx_power_dbm"] }.filter { !$0.isNaN } == [20, 20, 23])
  }

  @Test func `every rule does in a continuous world what it does in the hybrid one, to the bit`() throws {
    let scene = scene { $0.steps = 60 }
    var hybrid = scene
    hybrid.form = .hybrid
    let (one, other) = (try hybrid.world(), try scene.world())
    func expectSame<Rule: OffloadingRule>(_ rule: Rule.Type) {
      let expected = Episode(one, seed: 3, RuleController(rule, for: one))
      let episode = Episode(other, seed: 3, RuleController(rule, for: other))
      #expect(episode.gain.bitPattern == expected.gain.bitPattern && episode.gain < 0, "\(Rule.name)")
      #expect(episode.moments.map(\.outcome) == expected.moments.map(\.outcome))
      #expect(episode.rows.map(\.action) == expected.rows.map(\.action))
    }
    expectSame(LocalRule.self)
    expectSame(EconomicalLocalRule.self)
    expectSame(CloudRule.self)
    expectSame(RoundRobinRule.self)
    expectSame(GreedyCostRule.self)
    expectSame(GreedyOracleRule.self)
  }

  @Test func `every number of its table is what the constants and the links say`() throws {
    let scene = scene { $0.steps = 100 }
    let world = try scene.world()
    let audit = try Audit(Episode(world, seed: 2, RandomController(for: world)), of: scene)
    #expect(audit.faults.prefix(5) == [])
    #expect(audit.comparisons > 10_000)
  }

  @Test func `a step allocates nothing`() throws {
    var world = try scene().world(seed: 4)
    var action = JointAction(for: world.groups)
    for index in action.continuous.indices { action.continuous[index] = Float(index % 7) / 7 }
    var outcome = StepOutcome(agents: world.agentCount)
    for _ in 0..<10 { world.step(action, outcome: &outcome) }
    let before = edgewise_allocations()
    for _ in 0..<100 { world.step(action, outcome: &outcome) }
    #expect(edgewise_allocations() - before == 0)
    #expect(world.records().count > 5)
  }
}
