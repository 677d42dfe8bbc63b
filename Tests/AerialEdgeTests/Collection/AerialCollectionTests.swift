import AerialEdge
import AllocationCounting
import EdgeCloud
import Glibc
import ReinforcementLearning
import Snapshots
import Testing

@Suite struct AerialCollectionTests {
  static let forms = ["discrete", "multi-discrete", "continuous", "hybrid"]

  @Test(arguments: ["corrected", "published"], forms)
  func `every form of either dynamics keeps every promise of an environment`(dynamics: String, form: String) throws {
    for sharing in ["equal", "active", "centre"] {
      var scene = CollectionScene()
      (scene.dynamics, scene.actions, scene.sharing, scene.steps) = (dynamics, form, sharing, 90)
      #expect(checkEnvironment(try scene.world(), seeds: [0, 7]).map(\.description) == [])
    }
  }

  @Test func `one collector and one sensor are a world too, and so are many`() throws {
    for (collectors, sensors) in [(1, 1), (2, 1), (16, 120)] {
      var scene = CollectionScene()
      (scene.collectors, scene.sensors, scene.steps) = (collectors, sensors, 60)
      #expect(checkEnvironment(try scene.world(), seeds: [1]).map(\.description) == [])
    }
  }

  /// All rules by name, and chance.
  static func episodes(_ world: AerialCollection, seed: UInt64) -> [(String, CollectionEpisode)] {
    [
      ("random", CollectionEpisode(world, seed: seed, RandomController(for: world))),
      ("idle", CollectionEpisode(world, seed: seed, CollectionController(IdleCollectorRule.self, for: world))),
      ("hover", CollectionEpisode(world, seed: seed, CollectionController(StationaryRule.self, for: world))),
      ("circle", CollectionEpisode(world, seed: seed, CollectionController(RoundTripRule.self, for: world))),
      ("nearest", CollectionEpisode(world, seed: seed, CollectionController(NearestSensorRule.self, for: world))),
      ("oldest", CollectionEpisode(world, seed: seed, CollectionController(OldestSensorRule.self, for: world))),
      ("shuttle", CollectionEpisode(world, seed: seed, CollectionController(ShuttleRule.self, for: world))),
      ("tour", CollectionEpisode(world, seed: seed, CollectionController(TourRule.self, for: world))),
      ("all", CollectionEpisode(world, seed: seed, CollectionController(OldestOfAllRule.self, for: world))),
    ]
  }

  @Test(arguments: ["corrected", "published"], ["multi-discrete", "hybrid"])
  func `books balance, no age is below its account, and no policy passes the bound`(
    dynamics: String, form: String
  ) throws {
    var scene = CollectionScene()
    (scene.dynamics, scene.actions) = (dynamics, form)
    let world = try scene.world()
    for seed in [3, 4] as [UInt64] {
      let bound = try #require(world.returnBound(seed: seed))
      var made: Set<[Int]> = []
      var gains: [String: Double] = [:]
      for (name, episode) in Self.episodes(world, seed: seed) {
        #expect(episode.brokenInvariants == [], "\(name)")
        #expect(episode.gain <= bound + 1e-9, "\(name) \(episode.gain), bound \(bound)")
        made.insert(episode.moments.map(\.made))
        gains[name] = episode.gain
      }
      #expect(made.count == 1, "the same packets under every policy")
      // Doing nothing ages by one second a second: Σ (t + 1) over 200 slots.
      #expect(abs((gains["idle"] ?? 0) + 200 * 201 / 2 / 100) < 1e-9)
      #expect((gains["shuttle"] ?? -.infinity) > (gains["idle"] ?? 0), "\(gains)")
    }
  }

  @Test func `a snapshot is restored exactly and bad ones are refused`() throws {
    var world = try CollectionScene().world(seed: 5)
    var chance = RandomController(for: world)
    chance.begin(seed: 1)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    for _ in 0..<50 {
      chance.act(in: world, &action)
      world.step(action, outcome: &outcome)
    }
    let saved = world.snapshot()
    var other = try CollectionScene().world(seed: 9)
    try other.restore(from: saved)
    #expect(other.snapshot() == saved)
    for (name, count) in [("collected_count", 4), ("processed_count", 4)] {
      var wrong = saved
      wrong.set(name, [Int](repeating: 6, count: count))
      #expect(throws: SnapshotError.self) { try other.restore(from: wrong) }
    }
    #expect(other.snapshot() == saved)
  }

  @Test(arguments: ["corrected", "published"], forms) func `steps and views ask for no memory`(
    dynamics: String, form: String
  ) throws {
    var scene = CollectionScene()
    (scene.dynamics, scene.actions) = (dynamics, form)
    var world = try scene.world(seed: 2)
    var chance = RandomController(for: world)
    var actions: [JointAction] = []
    for seed in 0..<20 as Range<UInt64> {
      var action = JointAction(for: world.groups)
      chance.begin(seed: seed)
      chance.act(in: world, &action)
      actions.append(action)
    }
    var outcome = StepOutcome(agents: world.agentCount)
    var values = [Float](repeating: 0, count: world.stateCount)
    var mask = [Bool](repeating: false, count: max(1, world.groups[0].count * world.groups[0].action.maskCount))
    var twin = world
    func play() {
      for step in 0..<200 {
        world.step(actions[step % 20], outcome: &outcome)
        var span = values.mutableSpan
        world.state(into: &span)
        var maskSpan = mask.mutableSpan
        world.writeActionMask(group: 0, into: &maskSpan)
        twin.assign(from: world)
      }
    }
    play()
    world.reset(seed: 2)
    let before = edgewise_allocations()
    play()
    #expect(edgewise_allocations() - before == 0)
  }

  @Test func `a layout seed keeps the sensors in place`() throws {
    var scene = CollectionScene()
    scene.layoutSeed = 3
    scene.collectors = 1
    scene.observeRadius_m = 400
    var world = try scene.world()
    func places(_ seed: UInt64) -> Set<String> {
      world.reset(seed: seed)
      var values = [Float](repeating: 0, count: world.groups[0].observation.count)
      var span = values.mutableSpan
      world.observe(group: 0, into: &span)
      let names = world.groups[0].observation.fields.map(\.name)
      func value(_ name: String) -> Float { names.firstIndex(of: name).map { values[$0] } ?? .nan }
      return Set(
        (1...8).map { rank in
          let x = value("x_m") + value("sensor_\(rank)_dx_m")
          let y = value("y_m") + value("sensor_\(rank)_dy_m")
          return "\((x * 10).rounded()) \((y * 10).rounded())"
        })
    }
    #expect((0..<30 as Range<UInt64>).reduce(into: Set<String>()) { $0.formUnion(places($1)) }.count <= 34)
    scene.layoutSeed = nil
    world = try scene.world()
    #expect((0..<30 as Range<UInt64>).reduce(into: Set<String>()) { $0.formUnion(places($1)) }.count > 200)
  }
}
