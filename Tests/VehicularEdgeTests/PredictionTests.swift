import Baselines
import EdgeCloud
import Glibc
import Randomness
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing
import VehicularEdge

@Suite struct PredictionTests {
  /// The latency of an option as the card defines the prediction, from nothing but an observation and the constants.
  private func predicted_s(_ option: Int, _ seen: [Double], _ scene: Scene) -> Double {
    let (bits, cycles, deadline_s, clock_Hz, wait_s) = (seen[1], seen[2], seen[3], seen[4], seen[5])
    let meaning = scene.meaning(of: option)
    switch meaning.place {
    case "none": return .infinity
    case "full": return wait_s + cycles / clock_Hz
    case "economical":
      let left_s = deadline_s - wait_s
      return wait_s + cycles / (left_s > 0 ? min(max(cycles / left_s, scene.slowest_Hz), clock_Hz) : clock_Hz)
    default:
      let unit = Array(seen[6 + 4 * meaning.rank..<10 + 4 * meaning.rank])
      let sharers = unit[2] + 1
      let share_Hz = scene.band_Hz / sharers
      let noise_W = pow(10, (-174 + scene.noiseFigure_dB - 30) / 10) * share_Hz
      let signal_W = pow(10, (scene.powers_dBm[meaning.power] + unit[0] - 30) / 10)
      let sinr = signal_W / (noise_W + pow(10, (unit[3] - 30) / 10) / sharers)
      let upload_s = bits / (share_Hz * min(log2(1 + sinr), scene.cap))
      if upload_s > min(scene.step_s, deadline_s) { return .infinity }
      if meaning.place == "edge" { return max(upload_s, unit[1]) + cycles / scene.unitClock_Hz }
      let arrival_s = upload_s + bits / scene.backhaul_bps + scene.roundTrip_s / 2
      return max(arrival_s, seen.last ?? 0) + scene.roundTrip_s / 2 + cycles / scene.cloudClock_Hz
    }
  }

  @Test func `greedy follows from the observation vector alone`() throws {
    var scene = Scene()
    scene.unitClock_Hz = 3e9
    scene.bits = 8192...2_000_000
    let start = try scene.world()
    var greedy = RuleController(GreedyRule.self, for: start)
    var chosen: Set<Int32> = []
    var decisions = 0
    for seed in 0..<3 as Range<UInt64> {
      _ = Episode(start, seed: seed) { world, action in
        greedy.act(in: world, &action)
        let observations = world.observations
        for agent in 0..<40 where world.isDeciding(agent) {
          let seen = observations[agent].map { Double($0) }
          let costs = Dictionary(
            uniqueKeysWithValues: world.permitted(agent).map { ($0, predicted_s($0, seen, scene)) })
          let least = costs.values.min() ?? .infinity
          let cost = costs[Int(action.discrete[agent])] ?? .nan
          #expect(cost == least || agree(cost, least, within: 1e-5))
          chosen.insert(action.discrete[agent])
          decisions += 1
        }
      }
    }
    #expect(decisions > 3000 && chosen.count > 8, "\(decisions) decisions among \(chosen.sorted())")
  }

  @Test func `greedy does not see the true queues and the fading, the oracle does`() throws {
    let scene = Scene()
    var world = try scene.world(seed: 3)
    var greedy = RuleController(GreedyRule.self, for: world)
    var oracle = RuleController(GreedyOracleRule.self, for: world)
    var stream = RandomStream(seed: 1)
    var action = JointAction(for: world.groups)
    var differences = 0
    for _ in 0..<40 {
      greedy.act(in: world, &action)
      var other = world
      var snapshot = world.snapshot()
      snapshot.set("link_fading", (0..<240).map { _ in stream.uniform() + 0.01 })
      snapshot.set("unit_free_s", (0..<6).map { _ in 30 * stream.uniform() })
      snapshot.set("cloud_free_s", (0..<16).map { _ in 30 * stream.uniform() })
      try other.restore(from: snapshot)
      #expect(other.observations == world.observations)
      var again = action
      greedy.act(in: other, &again)
      #expect(again == action)
      var (here, there) = (action, action)
      oracle.act(in: world, &here)
      oracle.act(in: other, &there)
      if here != there { differences += 1 }
      world.play(action.discrete)
    }
    #expect(differences > 30)
  }

  @Test func `the oracle predicts exactly what happens to who is alone`() throws {
    let folder = try TemporaryFolder()
    var scene = Scene()
    let places = [Place("a", 40, 0)]
    scene.mobility =
      "model: trace, slots: 1, antenna_setback_m: 0, fcd_file: \(try folder.writeTrace([(0, places), (60, places)]))"
    scene.placement = "positions: [{x_m: 0, y_m: 0}]"
    scene.choices = 1
    scene.rate_Hz = 8
    scene.bits = 20_000...1_000_000
    scene.unitClock_Hz = 1e9
    scene.cloudServers = 1
    scene.cloudClock_Hz = 1e9
    scene.deadline_s = 4...9
    var world = try scene.world(seed: 2)
    var stream = RandomStream(seed: 5)
    var checked = 0
    for _ in 0..<200 {
      let options = world.permitted(0)
      let option = options[stream.integer(below: options.count)]
      let isDeciding = world.isDeciding(0)
      let predicted_s = world.predictedLatency_s(of: option, for: 0, from: .trueState)
      world.play([Int32(option)])
      guard isDeciding else { continue }
      let row = world.rows[0]
      if row.fate == "cut" {
        #expect(predicted_s == .infinity)
      } else if row.fate != "expired" {
        // The interference floor of −130 dBm shown to predictions is 20 dB below the noise.
        #expect((predicted_s - row["latency_s"]).magnitude <= 1e-9 + 0.01 * row["upload_s"])
        checked += 1
      }
    }
    #expect(checked > 60)
  }

  @Test func `no rule ever chooses what is forbidden`() throws {
    let folder = try TemporaryFolder()
    var trace = Scene()
    trace.mobility = "model: trace, slots: 6, fcd_file: \(try folder.writeTraffic())"
    trace.placement = "columns: 3, rows: 1"
    trace.reach_m = 40
    trace.rate_Hz = 20
    for scene in [Scene(), trace] {
      for seed in 0..<2 as Range<UInt64> {
        try expectPermitted(LocalRule.self, scene, seed)
        try expectPermitted(EconomicalLocalRule.self, scene, seed)
        try expectPermitted(EdgeRule.self, scene, seed)
        try expectPermitted(CloudRule.self, scene, seed)
        try expectPermitted(RoundRobinRule.self, scene, seed)
        try expectPermitted(LeastLoadedRule.self, scene, seed)
        try expectPermitted(GreedyRule.self, scene, seed)
        try expectPermitted(GreedyCostRule.self, scene, seed)
        try expectPermitted(GreedyOracleRule.self, scene, seed)
      }
    }
  }

  private func expectPermitted<Rule: OffloadingRule>(_ rule: Rule.Type, _ scene: Scene, _ seed: UInt64) throws {
    let world = try scene.world()
    var controller = RuleController(rule, for: world)
    controller.begin(seed: seed)
    var forbidden = 0
    var decisions = 0
    _ = Episode(world, seed: seed) { world, action in
      controller.act(in: world, &action)
      for agent in action.discrete.indices {
        if !world.isPermitted(Int(action.discrete[agent]), for: agent) { forbidden += 1 }
        if world.isDeciding(agent) { decisions += 1 }
      }
    }
    #expect(forbidden == 0 && decisions > 300, "\(Rule.name): \(forbidden) of \(decisions)")
  }
}
