import EdgeCloud
import Baselines
import Randomness
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing
import VehicularEdge

@Suite struct VehicularOffloadingTests {
  @Test(arguments: [false, true])
  func `a highway keeps every promise of an environment`(isHybrid: Bool) throws {
    var scene = Scene()
    scene.isHybrid = isHybrid
    scene.steps = 120
    #expect(checkEnvironment(try scene.world(), seeds: [0, 7]).map(\.description) == [])
  }

  @Test(arguments: [false, true])
  func `a trace with comings and goings keeps every promise of an environment`(isHybrid: Bool) throws {
    let folder = try TemporaryFolder()
    var scene = Scene()
    scene.isHybrid = isHybrid
    scene.mobility = "model: trace, slots: 6, fcd_file: \(try folder.writeTraffic())"
    scene.placement = "columns: 2, rows: 1"
    scene.steps = 80
    #expect(checkEnvironment(try scene.world()).map(\.description) == [])
  }

  @Test func `one vehicle, one unit and one power are a world too`() throws {
    var scene = Scene()
    scene.mobility = Scene.highway.replacing("slots: 40", with: "slots: 1")
    scene.placement = "columns: 1, rows: 1"
    scene.powers_dBm = [10]
    scene.choices = 1
    scene.steps = 50
    #expect(checkEnvironment(try scene.world(), seeds: [1]).map(\.description) == [])
  }

  /// What no decision may change: who is where with which task, and every link.
  private struct Exogenous: Equatable {
    var tasks: [[UInt64]] = []
    var links: [[UInt64]] = []
    var active: [[Bool]] = []
    var ends: [[Bool]] = []

    init(_ episode: Episode) throws {
      let columns = ["agent", "vehicle", "time_s", "x_m", "y_m", "task_bits", "task_cycles", "deadline_s"]
      for moment in episode.moments {
        tasks += moment.rows.map { row in columns.map { row[$0].bitPattern } }
        let names = ["link_distance_m", "link_shadowing", "link_line_of_sight", "link_fading", "device_cpu_hz"]
        for name in names { links.append(try moment.before.doubles(name).map(\.bitPattern)) }
        active.append(moment.active)
        ends.append(moment.outcome.terminated)
      }
    }
  }

  @Test func `the world is the same bit for bit whatever is done in it`() throws {
    let folder = try TemporaryFolder()
    var trace = Scene()
    trace.mobility = "model: trace, slots: 5, fcd_file: \(try folder.writeTraffic())"
    trace.placement = "columns: 2, rows: 1"
    var hybrid = trace
    hybrid.isHybrid = true
    for scene in [Scene(), trace, hybrid] {
      let world = try scene.world()
      for seed in [4, 5] as [UInt64] {
        let idle = try Exogenous(
          Episode(world, seed: seed) { _, action in action.discrete.indices.forEach { action.discrete[$0] = 0 } })
        #expect(idle.tasks.count > 100)
        #expect(try Exogenous(Episode(carelessly: world, seed: seed)) == idle)
        #expect(try Exogenous(Episode(world, seed: seed, RuleController(CloudRule.self, for: world))) == idle)
        #expect(try Exogenous(Episode(world, seed: seed, RuleController(GreedyRule.self, for: world))) == idle)
        #expect(try Exogenous(Episode(carelessly: world, seed: seed + 2)) != idle)
      }
    }
  }

  @Test(arguments: [false, true])
  func `conservation and Little's identity hold at every step under every rule`(isHybrid: Bool) throws {
    var scene = Scene()
    scene.isHybrid = isHybrid
    let world = try scene.world()
    var episodes = [Episode(carelessly: world, seed: 1)]
    episodes.append(Episode(world, seed: 1, RandomController(for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(LocalRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(EconomicalLocalRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(EdgeRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(CloudRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(RoundRobinRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(LeastLoadedRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(GreedyRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(GreedyCostRule.self, for: world)))
    episodes.append(Episode(world, seed: 1, RuleController(GreedyOracleRule.self, for: world)))
    for episode in episodes {
      #expect(episode.brokenInvariants == [])
      try expectBooks(of: episode)
    }
  }

  /// The account's books against the table: every task once, and the time that each was inside.
  private func expectBooks(of episode: Episode) throws {
    let words = try episode.world.snapshot().uint64s("flow_account")
    let end_s = Double(bitPattern: words[0])
    var counts = [0, 0, 0, 0]
    var inside_s = 0.0
    for row in episode.rows {
      let arrival_s = Double(row.step) * 0.1
      let exit_s = arrival_s + row["latency_s"]
      inside_s += min(exit_s, end_s) - arrival_s
      if exit_s > end_s {
        counts[3] += 1
      } else {
        counts[row.fate == "done" ? 0 : row.fate == "late" ? 1 : 2] += 1
      }
    }
    #expect(Int(words[1]) == episode.rows.count)
    #expect(words[2...5].map { Int($0) } == counts)
    let occupancy_s = Double(bitPattern: words[6]) + Double(bitPattern: words[7])
    #expect(agree(occupancy_s, inside_s))
  }

  @Test func `a broken account is caught`() throws {
    var world = try Scene().world(seed: 2)
    for _ in 0..<20 { world.play([Int32](repeating: 1, count: 40)) }
    var snapshot = world.snapshot()
    let words = try snapshot.uint64s("flow_account")
    for (index, change) in [(1, UInt64(1)), (3, 1), (5, 1)] {
      var wrong = words
      wrong[index] += change
      snapshot.set("flow_account", wrong)
      try world.restore(from: snapshot)
      if index == 5 { world.play([Int32](repeating: 1, count: 40)) }
      #expect(world.brokenInvariants().count == 1, "word \(index)")
    }
    var wrong = words
    wrong[6] = (Double(bitPattern: words[6]) * (1 + 1e-8)).bitPattern
    snapshot.set("flow_account", wrong)
    try world.restore(from: snapshot)
    #expect(world.brokenInvariants().count == 1)
    snapshot.set("flow_account", words)
    try world.restore(from: snapshot)
    #expect(world.brokenInvariants() == [])
  }

  @Test func `an episode ends by truncation after its steps`() throws {
    var scene = Scene()
    scene.steps = 7
    let episode = Episode(carelessly: try scene.world(), seed: 0)
    #expect(episode.moments.count == 7 && episode.world.episodeSteps == 7)
    #expect(episode.moments.dropLast().allSatisfy { !$0.outcome.truncated.contains(true) })
    let last = try #require(episode.moments.last)
    #expect(zip(last.active, zip(last.outcome.truncated, last.outcome.terminated)).allSatisfy { $0 == ($1.0 || $1.1) })
  }

  @Test func `a reset leaves no trace of what was before, not even in a snapshot`() throws {
    let fresh = try Scene().world(seed: 9)
    var used = fresh
    used.reset(seed: 4)
    for _ in 0..<100 { used.play([Int32](repeating: 3, count: 40)) }
    used.reset(seed: 9)
    #expect(used.snapshot() == fresh.snapshot())
  }

  @Test func `metrics are those of the table`() throws {
    let episode = Episode(carelessly: try Scene().world(), seed: 8)
    let rows = episode.rows
    let metrics = Dictionary(uniqueKeysWithValues: episode.world.metrics().map { ($0.name, $0.value ?? .nan) })
    let finished = rows.filter { ["done", "late"].contains($0.fate) }.map { $0["latency_s"] }.sorted()
    let count = Double(rows.count)
    let place = 0.95 * Double(finished.count - 1)
    let (low, rest) = (Int(place), place - place.rounded(.down))
    let expected = [
      "latency_mean_s": finished.reduce(0, +) / Double(finished.count),
      "latency_p95_s": finished[low] * (1 - rest) + finished[low + 1] * rest,
      "deadline_miss_ratio": Double(rows.count { $0.fate != "done" }) / count,
      "energy_per_task_j": rows.reduce(0) { $0 + $1["energy_j"] } / count,
      "lost_ratio": (count - Double(finished.count)) / count,
      "device_share": Double(rows.count { $0.target == "device" }) / count,
      "edge_share": Double(rows.count { $0.target == "edge" }) / count,
      "cloud_share": Double(rows.count { $0.target == "cloud" }) / count,
      "tasks_per_step": count / 200,
      "active_vehicles": Double(episode.moments.reduce(0) { $0 + $1.active.count { $0 } }) / 200,
    ]
    for (name, value) in expected { #expect(agree(metrics[name] ?? .nan, value), "\(name)") }
    #expect(Set(metrics.keys) == Set(expected.keys).union(["unserved_vehicles"]))
  }
}
