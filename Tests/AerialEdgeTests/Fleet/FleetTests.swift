import AerialEdge
import AllocationCounting
import EdgeCloud
import ReinforcementLearning
import Snapshots
import Testing

@Suite struct FleetTests {
  @Test(arguments: FleetScene.shippedNames)
  func `scenarios that ship keep every promise of an environment`(name: String) throws {
    let world = try FleetScene.shipped(name, [("time.steps", "60")])
    #expect(checkEnvironment(world, seeds: [0, 5], steps: 60).map(\.description) == [])
  }

  @Test(arguments: ["discrete", "continuous", "hybrid"])
  func `every form of action keeps every promise, with walks, waypoints, landings and every discipline`(
    actions: String
  ) throws {
    var scene = FleetScene()
    scene.actions = actions
    scene.steps = 40
    scene.capacity_J = 3_000
    scene.users =
      "count: 9, movement: random-waypoint, speed_min_mps: 1, speed_max_mps: 9, pause_min_s: 0, pause_max_s: 5"
    for discipline in ["fifo", "equal", "square-root"] {
      scene.discipline = discipline
      scene.spectrum = discipline == "fifo" ? "shared" : "orthogonal"
      #expect(checkEnvironment(try scene.world(), seeds: [1], steps: 40).map(\.description) == [])
    }
    scene.users = "count: 1, movement: gauss-markov, speed_mps: 3, speed_deviation_mps: 1, memory_s: 4"
    scene.uavs = 1
    #expect(checkEnvironment(try scene.world(), seeds: [2], steps: 40).map(\.description) == [])
  }

  @Test func `observations lie in their ranges under random actions to the end of batteries`() throws {
    var scene = FleetScene()
    scene.uavs = 3
    scene.capacity_J = 8_000
    scene.steps = 400
    var world = try scene.world()
    let fields = world.groups[0].observation
    var values = [Float](repeating: .nan, count: 3 * fields.count)
    var outside = 0
    for seed in 0..<10 as Range<UInt64> {
      _ = world.play(seed: seed, RandomController(for: world)) { world, _ in
        var span = values.mutableSpan
        world.observe(group: 0, into: &span)
        for aircraft in 0..<3 {
          let own = values.span.extracting(aircraft * fields.count..<(aircraft + 1) * fields.count)
          outside += fields.firstViolation(own) == nil ? 0 : 1
        }
      }
    }
    #expect(outside == 0)
  }

  /// What no decision may change: users, tasks and links as a function of place.
  @Test func `the world is the same bit for bit whatever is done in it`() throws {
    var scene = FleetScene()
    scene.radio = "line_of_sight: drawn, fading: rician, rician_k_db: 6"
    scene.users = "count: 12, movement: gauss-markov, speed_mps: 3, speed_deviation_mps: 1, memory_s: 10"
    let start = try scene.world()
    func exogenous(_ name: String, seed: UInt64) throws -> [[UInt64]] {
      var seen: [[UInt64]] = []
      _ = start.playAll(seed: seed) { player, world, _ in
        guard player == name else { return }
        for row in world.rows("task") {
          seen.append(["user", "x_m", "y_m", "task_bits", "task_cycles", "deadline_s"].map { row[$0].bitPattern })
        }
      }
      return seen
    }
    let idle = try exogenous("stay", seed: 4)
    #expect(idle.count > 300)
    #expect(try exogenous("random", seed: 4) == idle && exogenous("hover", seed: 4) == idle)
    #expect(try exogenous("stay", seed: 5) != idle)
  }

  @Test func `a place has the same line of sight and shadowing whenever one comes back`() throws {
    let link = ["los", "shadowing_db", "path_loss_db"]
    var world = try FleetScene.shipped(
      "tr36777-uma", [("fleet.count", "1"), ("fleet.start", "grid"), ("tasks.rate_hz", "50"), ("users.count", "10")])
    world.fly([[0, 0, 0]])
    let before = world.rows("task").map { row in link.map { row[$0] } }
    for _ in 0..<10 { world.fly([[2, 0, 0]]) }
    let away = world.rows("task").map { row in link.map { row[$0] } }
    for _ in 0..<10 { world.fly([[-2, 0, 0]]) }
    world.fly([[0, 0, 0]])
    let after = world.rows("task").map { row in link.map { row[$0] } }
    #expect(before.count == 10 && away != before)
    for (a, b) in zip(before, after) { for (x, y) in zip(a, b) { #expect(near(x, y, within: 1e-6)) } }
  }

  @Test(arguments: FleetScene.shippedNames)
  func `conservation, Little's identity and the energy books hold at every step under every rule`(name: String) throws {
    let world = try FleetScene.shipped(name, [("time.steps", "80")])
    var broken: [String] = []
    _ = world.playAll(seed: 3) { player, world, _ in broken += world.brokenInvariants().map { "\(player): \($0)" } }
    #expect(broken == [])
  }

  @Test(arguments: FleetScene.shippedNames)
  func `no rule passes the bound`(name: String) throws {
    let world = try FleetScene.shipped(name, [("time.steps", "100")])
    for seed in 0..<2 as Range<UInt64> {
      let bound = try #require(world.returnBound(seed: seed))
      for (player, gain) in world.playAll(seed: seed, { _, _, _ in }) { #expect(gain <= bound, "\(player)") }
    }
  }

  /// One user below one aircraft, everything ample: what the bound allows is nearly reached.
  @Test func `the bound is near where nothing disturbs`() throws {
    var scene = FleetScene()
    scene.uavs = 1
    scene.users = "count: 1"
    scene.fleet = "start_altitude_m: 50"
    scene.width_m = 20
    scene.weights = [1, 2, 1, 0.5, 0, 0.01, 0, 0, 0]
    scene.deadline_s = 0.8...0.9
    scene.band_Hz = 20e6
    let start = try scene.world()
    for seed in 0..<3 as Range<UInt64> {
      let bound = try #require(start.returnBound(seed: seed))
      let best = start.playAll(seed: seed, { _, _, _ in }).map(\.gain).max() ?? -.infinity
      #expect(best <= bound && bound - best < 0.03 * max(bound.magnitude, 1), "\(best) below \(bound)")
    }
  }

  @Test func `an episode ends by truncation after its steps`() throws {
    var scene = FleetScene()
    scene.steps = 7
    var world = try scene.world()
    var count = 0
    _ = world.play(seed: 0, StayRule(for: world)) { _, outcome in
      count += 1
      #expect(outcome.truncated == [Bool](repeating: count == 7, count: 2) && !outcome.terminated.contains(true))
    }
    #expect(count == 7)
  }

  @Test func `a reset leaves no trace of what was before, not even in a snapshot`() throws {
    var scene = FleetScene()
    scene.capacity_J = 4_000
    let fresh = try scene.world(seed: 9)
    var used = fresh
    _ = used.play(seed: 4, RandomController(for: used))
    used.reset(seed: 9)
    #expect(used.snapshot() == fresh.snapshot())
  }

  @Test(arguments: ["al-hourani-urban", "al-hourani-dense", "tr36777-uma"])
  func `steps, observations and masks ask for no memory`(name: String) throws {
    var world = try FleetScene.shipped(name)
    var chance = RandomController(for: world)
    var outcome = StepOutcome(agents: world.agentCount)
    var actions: [JointAction] = []
    chance.begin(seed: 1)
    for _ in 0..<8 {
      var action = JointAction(for: world.groups)
      chance.act(in: world, &action)
      actions.append(action)
    }
    var values = [Float](repeating: 0, count: world.agentCount * world.groups[0].observation.count)
    var mask = [Bool](repeating: false, count: world.agentCount * world.groups[0].action.maskCount)
    var terms = [Double](repeating: 0, count: world.agentCount * world.rewardTerms.count)
    func play() {
      for turn in 0..<150 {
        world.step(actions[turn & 7], outcome: &outcome)
        var span = values.mutableSpan
        world.observe(group: 0, into: &span)
        var masks = mask.mutableSpan
        world.writeActionMask(group: 0, into: &masks)
        var parts = terms.mutableSpan
        world.writeRewardTerms(into: &parts)
      }
    }
    world.reset(seed: 1)
    play()
    world.reset(seed: 1)
    let before = edgewise_allocations()
    play()
    #expect(edgewise_allocations() - before == 0)
  }

  @Test func `becoming a copy asks for no memory`() throws {
    var world = try FleetScene.shipped("al-hourani-urban")
    var other = world
    _ = other.play(seed: 3, RandomController(for: other))
    world.assign(from: other)
    let before = edgewise_allocations()
    world.assign(from: other)
    #expect(edgewise_allocations() - before == 0)
    #expect(world.snapshot() == other.snapshot())
  }

  @Test func `a landed aircraft can only stay`() throws {
    var scene = FleetScene()
    scene.actions = "discrete"
    scene.capacity_J = 1_000
    var world = try scene.world()
    _ = world.play(seed: 0, StayRule(for: world)) { _, _ in }
    var mask = [Bool](repeating: false, count: 2 * world.groups[0].action.maskCount)
    var span = mask.mutableSpan
    world.writeActionMask(group: 0, into: &span)
    #expect(mask.count { $0 } == 2 && mask[0] && mask[mask.count / 2])
    #expect(world.seen("altitude_m", by: 0) == 0 && world.seen("charge_j", by: 1) == 0)
    #expect(world.rows("task").allSatisfy { $0.text("target") == "device" })
  }
}
