import Baselines
import Configuration
import EdgeCloud
import Glibc
import ReinforcementLearning
import TestSupport
import Testing
import VehicularEdge

/// No policy may pass the bound, and on instances small enough to try everything it is near the best.
@Suite struct ReturnBoundTests {
  /// The returns of all rules and of chance in an episode.
  private func returns(_ world: VehicularOffloading, seed: UInt64) -> [(name: String, gain: Double)] {
    func gain<Rule: OffloadingRule>(_ rule: Rule.Type) -> (String, Double) {
      (Rule.name, Episode(world, seed: seed, RuleController(rule, for: world)).gain)
    }
    return [
      gain(LocalRule.self), gain(EconomicalLocalRule.self), gain(EdgeRule.self), gain(CloudRule.self),
      gain(RoundRobinRule.self), gain(LeastLoadedRule.self), gain(GreedyRule.self), gain(GreedyCostRule.self),
      gain(GreedyOracleRule.self), gain(ShortestQueueRule.self), gain(EnergyGreedyRule.self),
      gain(DriftPlusPenaltyRule.self), gain(PrimalDualRule.self),
      ("random", Episode(world, seed: seed, RandomController(for: world)).gain),
      ("careless", Episode(carelessly: world, seed: seed).gain),
    ]
  }

  @Test func `every committed scenario keeps an environment's promises, and no rule passes its bound`() throws {
    var scenarios = 0
    for path in try committedScenarios(of: "vehicular-offloading") {
      var document = try ConfigurationDocument(contentsOf: path)
      try document.override("time.steps", with: "40")
      var root = document.root()
      let id = try root.text("id")
      _ = try root.text("environment")
      let world = VehicularOffloading(try VehicularParameters(id: id, from: &root))
      try root.finish()
      #expect(checkEnvironment(world, seeds: [5], steps: 12).map(\.description) == [], "\(id)")
      for seed in [0, 1] as [UInt64] {
        let bound = try #require(world.returnBound(seed: seed))
        for (name, gain) in returns(world, seed: seed) { #expect(gain <= bound + 1e-9, "\(id), \(name), seed \(seed)") }
      }
      scenarios += 1
    }
    #expect(scenarios >= 11)
  }

  @Test(arguments: VehicularParameters.Actions.allCases)
  func `no rule passes the bound, crowded or alone`(form: VehicularParameters.Actions) throws {
    var alone = Scene()
    alone.form = form
    alone.mobility = Scene.highway.replacing("slots: 40", with: "slots: 1")
    alone.steps = 60
    var crowd = Scene()
    crowd.form = form
    crowd.placement = "columns: 2, rows: 1"
    crowd.rate_Hz = 50
    crowd.steps = 40
    for scene in [alone, crowd] {
      let world = try scene.world()
      for seed in 0..<4 as Range<UInt64> {
        let bound = try #require(world.returnBound(seed: seed))
        #expect(bound < 0)
        for (name, gain) in returns(world, seed: seed) { #expect(gain <= bound + 1e-9, "\(name), seed \(seed)") }
      }
    }
  }

  /// Three standing vehicles with heavy tasks, one unit, one power, three slots: everything is tried.
  @Test func `the bound is not below the best of all action sequences, and equal to it where nobody shares`() throws {
    let folder = try TemporaryFolder()
    for vehicles in [1, 2, 3] {
      let places = (0..<vehicles).map { Place("v\($0)", 40 + 30 * Double($0), 3) }
      var scene = Scene()
      scene.mobility =
        "model: trace, slots: \(vehicles), antenna_setback_m: 0, fcd_file: "
        + "\(try folder.writeTrace([(0, places), (60, places)]))"
      scene.placement = "positions: [{x_m: 0, y_m: 0}]"
      scene.choices = 1
      scene.powers_dBm = [15]
      scene.steps = vehicles == 3 ? 2 : 3
      // Light tasks: nothing is left of a slot's work in the next, so that only the crowd makes a difference.
      scene.rate_Hz = 1e6
      scene.cyclesPerBit = 20...25
      scene.band_Hz = 2e6
      for seed in 0..<3 as Range<UInt64> {
        let world = try scene.world(seed: seed)
        let bound = try #require(world.returnBound(seed: seed))
        let best = optimum(from: world)
        #expect(best <= bound + 1e-9, "\(vehicles) vehicles, seed \(seed)")
        if vehicles == 1 { #expect((best - bound).magnitude < 1e-9, "seed \(seed): \(best), bound \(bound)") }
      }
    }
  }

  /// The best return by trying every sequence of joint actions.
  private func optimum(from world: VehicularOffloading) -> Double {
    let permitted = (0..<world.agentCount).map { world.permitted($0) }
    var best = -Double.infinity
    func tryAll(_ agent: Int, _ chosen: [Int32]) {
      if agent < permitted.count {
        for option in permitted[agent] { tryAll(agent + 1, chosen + [Int32(option)]) }
        return
      }
      var copy = world
      let outcome = copy.play(chosen)
      let reward = outcome.rewards.reduce(0, +) / Double(outcome.rewards.count)
      best = max(best, reward + (outcome.episodeOver ? 0 : optimum(from: copy)))
    }
    tryAll(0, [])
    return best
  }

  @Test func `the bound changes nothing and knows only the seed`() throws {
    var world = try Scene().world(seed: 3)
    let fresh = world.returnBound(seed: 8)
    for _ in 0..<30 { world.play([Int32](repeating: 4, count: 40)) }
    let before = world.snapshot()
    #expect(world.returnBound(seed: 8) == fresh)
    #expect(world.snapshot() == before)
    #expect(world.returnBound(seed: 9) != fresh)
  }
}
