import AllocationCounting
import Baselines
import Configuration
import EdgeCloud
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing
import VehicularEdge

@Suite struct RoadsideOffloadingTests {
  @Test(arguments: RoadsideParameters.Actions.allCases)
  func `it keeps every promise of an environment`(form: RoadsideParameters.Actions) throws {
    var scene = RoadsideScene()
    scene.form = form
    #expect(checkEnvironment(try scene.world(), steps: 60).map(\.description) == [])
    scene.nodeColumns = 1
    scene.nodeRows = 1
    scene.seats = 1
    scene.probability = 1
    scene.latencyWeight = 0
    #expect(checkEnvironment(try scene.world(), steps: 20).map(\.description) == [])
  }

  @Test func `it keeps them on every committed scenario, and no rule passes the bound there`() throws {
    var scenarios = 0
    for path in try committedScenarios(of: "roadside-offloading") {
      var document = try ConfigurationDocument(contentsOf: path)
      try document.override("time.steps", with: "60")
      var root = document.root()
      let id = try root.text("id")
      _ = try root.text("environment")
      let world = RoadsideOffloading(try RoadsideParameters(id: id, from: &root))
      try root.finish()
      #expect(checkEnvironment(world, seeds: [5], steps: 60).map(\.description) == [], "\(id)")
      try expectBound(world, id)
      scenarios += 1
    }
    #expect(scenarios >= 2)
  }

  @Test(arguments: RoadsideParameters.Actions.allCases)
  func `no rule passes the bound`(form: RoadsideParameters.Actions) throws {
    var scene = RoadsideScene()
    scene.form = form
    try expectBound(try scene.world(), form.rawValue)
    scene.probability = 0.05
    try expectBound(try scene.world(), "\(form.rawValue), light")
  }

  private func expectBound(_ world: RoadsideOffloading, _ name: String) throws {
    func gain<Rule: OffloadingRule>(_ rule: Rule.Type, _ seed: UInt64) -> Double {
      RoadsideEpisode(world, seed: seed, RuleController(rule, for: world)).gain
    }
    for seed in 0..<3 as Range<UInt64> {
      let bound = try #require(world.returnBound(seed: seed))
      #expect(gain(EdgeRule.self, seed) <= bound + 1e-9, "\(name)")
      #expect(gain(CloudRule.self, seed) <= bound + 1e-9, "\(name)")
      #expect(gain(RoundRobinRule.self, seed) <= bound + 1e-9, "\(name)")
      #expect(gain(LeastLoadedRule.self, seed) <= bound + 1e-9, "\(name)")
      let greedy = gain(GreedyRule.self, seed)
      #expect(greedy <= bound + 1e-9 && gain(GreedyOracleRule.self, seed) <= bound + 1e-9, "\(name)")
      let chance = RoadsideEpisode(world, seed: seed, RandomController(for: world)).gain
      #expect(chance <= bound + 1e-9, "\(name)")
    }
  }

  /// One vehicle for each of two nodes and four slots: everything is tried.
  @Test func `the bound is not below the best of all action sequences`() throws {
    var scene = RoadsideScene()
    scene.nodeRows = 1
    scene.seats = 1
    scene.steps = 3
    scene.probability = 1
    scene.vehicles = 12
    var tried = 0
    for seed in 0..<4 as Range<UInt64> {
      let world = try scene.world(seed: seed)
      let best = optimum(from: world, &tried)
      #expect(best <= (try #require(world.returnBound(seed: seed))) + 1e-9)
    }
    #expect(tried > 1000)
  }

  private func optimum(from world: RoadsideOffloading, _ tried: inout Int) -> Double {
    var mask = [Bool](repeating: false, count: world.agentCount * 4)
    var span = mask.mutableSpan
    world.writeActionMask(group: 0, into: &span)
    var best = -Double.infinity
    for first in 0..<4 where mask[first] {
      for second in 0..<4 where mask[4 + second] {
        var copy = world
        var action = JointAction(for: world.groups)
        action.discrete = [Int32(first), Int32(second)]
        var outcome = StepOutcome(agents: 2)
        copy.step(action, outcome: &outcome)
        tried += 1
        let reward = outcome.rewards.reduce(0, +) / 2
        best = max(best, reward + (outcome.episodeOver ? 0 : optimum(from: copy, &tried)))
      }
    }
    return best
  }

  /// A lone vehicle's task at an idle node with the whole band: the bound is what the best choice earns.
  @Test func `where nobody shares anything the bound is met`() throws {
    var scene = RoadsideScene()
    scene.nodeColumns = 1
    scene.nodeRows = 1
    scene.seats = 1
    scene.steps = 40
    scene.probability = 0.9
    scene.bits = 1e5...2e5
    scene.cyclesPerBit = 10...20
    let world = try scene.world()
    for seed in 0..<3 as Range<UInt64> {
      let bound = try #require(world.returnBound(seed: seed))
      let gain = RoadsideEpisode(world, seed: seed, RuleController(GreedyOracleRule.self, for: world)).gain
      #expect((gain - bound).magnitude < 1e-9 && gain > 0)
    }
  }

  @Test func `the world is the same bit for bit whatever is done in it`() throws {
    let world = try RoadsideScene().world()
    func exogenous(_ episode: RoadsideEpisode) -> [[UInt64]] {
      let columns = [
        "agent", "vehicle", "x_m", "y_m", "task_bits", "task_cycles", "deadline_s", "power_gain", "tx_power_w",
        "sinr_db", "rate_bps", "upload_s",
      ]
      return episode.rows.map { row in columns.map { row[$0].bitPattern } }
    }
    let idle = exogenous(RoadsideEpisode(world, seed: 4) { world, action in action = JointAction(for: world.groups) })
    #expect(idle.count > 100)
    #expect(exogenous(RoadsideEpisode(carelessly: world, seed: 4)) == idle)
    #expect(exogenous(RoadsideEpisode(world, seed: 4, RuleController(GreedyRule.self, for: world))) == idle)
    #expect(exogenous(RoadsideEpisode(carelessly: world, seed: 5)) != idle)
  }

  @Test func `options are none, the own node, the others by distance, the cloud`() throws {
    let world = try RoadsideScene().world(seed: 1)
    #expect(world.groups[0].action == .multiDiscrete([6, 6, 6]))
    #expect(
      world.options.map(\.place) == [
        .none, .edge(rank: 0), .edge(rank: 1), .edge(rank: 2), .edge(rank: 3), .cloud(rank: 0),
      ])
    var seen: Set<String> = []
    for action in 1...4 {
      for row in RoadsideEpisode(
        world, seed: 1,
        decide: { _, joint in
          for index in joint.discrete.indices { joint.discrete[index] = Int32(action) }
        }
      ).rows where row.fate != "withdrawn" {
        let expected = [0, 1000, 1000, 1000 * 2.0.squareRoot()][action - 1]
        #expect(agree(row["wire_m"], expected, absolute: 1e-9))
        seen.insert("\(row.agent) \(action) \(Int(row["target_node"]))")
      }
    }
    #expect(seen.count == 16, "each node has its own order of the four")
  }

  @Test func `an integer without meaning and scores that are no numbers withdraw the task`() throws {
    var scene = RoadsideScene()
    scene.probability = 1
    var world = try scene.world(seed: 3)
    var action = JointAction(for: world.groups)
    for index in action.discrete.indices { action.discrete[index] = index.isMultiple(of: 2) ? -3 : 99 }
    var outcome = StepOutcome(agents: 4)
    world.step(action, outcome: &outcome)
    #expect(world.records().count > 2 && outcome.rewards.allSatisfy { $0 <= 0 && $0.isFinite })
    scene.form = .continuous
    var other = try scene.world(seed: 3)
    var scores = JointAction(for: other.groups)
    #expect(scores.continuous.count == 4 * 3 * 5)
    for index in scores.continuous.indices { scores.continuous[index] = .nan }
    var same = StepOutcome(agents: 4)
    other.step(scores, outcome: &same)
    #expect(same.rewards == outcome.rewards)
  }

  @Test func `every rule does with scores what it does with choices, to the bit`() throws {
    var scene = RoadsideScene()
    let one = try scene.world()
    scene.form = .continuous
    let other = try scene.world()
    func expectSame<Rule: OffloadingRule>(_ rule: Rule.Type) {
      let expected = RoadsideEpisode(one, seed: 3, RuleController(rule, for: one))
      let episode = RoadsideEpisode(other, seed: 3, RuleController(rule, for: other))
      #expect(episode.outcomes == expected.outcomes && episode.gain > 0)
    }
    expectSame(EdgeRule.self)
    expectSame(RoundRobinRule.self)
    expectSame(GreedyRule.self)
  }

  /// A node's own tasks and what it takes from those who wanted the same processors.
  @Test func `difference rewards are the sum less that of a copy in which the node does nothing`() throws {
    var scene = RoadsideScene()
    scene.steps = 30
    var world = try scene.world(seed: 6).differenceRewarded()
    var chance = RandomController(for: world)
    chance.begin(seed: 6)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 4)
    func total(_ start: RoadsideOffloading, _ joint: JointAction) -> Double {
      var (copy, imagined) = (start, StepOutcome(agents: 4))
      copy.step(joint, outcome: &imagined)
      return imagined.rewards.reduce(0, +)
    }
    var made = 0
    repeat {
      chance.act(in: world, &action)
      let before = world.world
      world.step(action, outcome: &outcome)
      for node in 0..<4 {
        var without = action
        for seat in node * 3..<node * 3 + 3 { without.discrete[seat] = 0 }
        #expect((outcome.rewards[node] - (total(before, action) - total(before, without))).magnitude < 1e-12)
        if outcome.rewards[node] != 0 { made += 1 }
      }
    } while !outcome.episodeOver
    #expect(made > 30)
  }

  @Test func `wrong constants are told in one sentence`() throws {
    let scene = RoadsideScene()
    for (path, value, sentence) in [
      ("tasks.timeout_s", "8", "is after the timeout"), ("nodes.rows", "40", "nodes.rows"),
      ("mobility.vehicles", "100000", "vehicles"), ("nodes.cpu_max_hz", "1.0e9", "is less than cpu_min_hz"),
      ("tasks.request_probability", "1.5", "request_probability"), ("radio.fading_mean", "0", "fading_mean"),
      ("actions", "hybrid", "one of 'discrete', 'continuous'"), ("wire.speed", "3", "speed"),
    ] {
      let error = #expect(throws: (any Error).self) { try scene.parameters([(path, value)]) }
      #expect(error.map { "\($0)" }?.contains(sentence) == true, "\(path): \(error as Any)")
    }
  }

  @Test func `a step allocates nothing`() throws {
    var world = try RoadsideScene().world(seed: 4)
    var action = JointAction(for: world.groups)
    for index in action.discrete.indices { action.discrete[index] = Int32(1 + index % 5) }
    var outcome = StepOutcome(agents: world.agentCount)
    for _ in 0..<10 { world.step(action, outcome: &outcome) }
    let before = edgewise_allocations()
    for _ in 0..<40 { world.step(action, outcome: &outcome) }
    #expect(edgewise_allocations() - before == 0)
  }
}
