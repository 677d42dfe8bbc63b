import AerialEdge
import EdgeCloud
import Glibc
import ReinforcementLearning
import Testing

@Suite struct FleetServiceTests {
  /// Every quantity of an episode under chance, against formulas of the tests' own.
  @Test(arguments: [
    ("orthogonal", "equal", 1, "earliest"), ("orthogonal", "square-root", 2, "earliest"),
    ("shared", "equal", 1, "onboard"),
    ("shared", "square-root", 2, "cloud"),
  ])
  func `episodes are what their tables say`(spectrum: String, split: String, servers: Int, policy: String) throws {
    var scene = FleetScene()
    scene.uavs = 3
    scene.spectrum = spectrum
    scene.split = split
    scene.servers = servers
    scene.policy = policy
    scene.users = "count: 25"
    scene.leastSNR_dB = 8
    scene.deadline_s = 0.1...1.5
    scene.rate_Hz = 1
    scene.boardClock_Hz = 0.3e9...3e9
    scene.width_m = 2000
    if policy == "earliest" { scene.actions = "hybrid" }
    var world = try scene.world()
    var audit = FleetAudit(scene, law: .urban, users: 25)
    _ = world.play(seed: 6, RandomController(for: world)) { world, outcome in audit.check(world, outcome) }
    #expect(audit.tasks > 1_000)
    // Behind interference little is left to wait for.
    let fates = spectrum == "shared" ? ["done", "cut"] : ["done", "late", "expired", "cut"]
    for fate in fates { #expect(audit.fates[fate, default: 0] > 0, "\(fate)") }
  }

  /// A step by hand: one user straight below one aircraft at 101.5 m, suburban, 2 GHz, 1 MHz, 20 dBm.
  @Test func `a step computed by hand`() throws {
    var scene = FleetScene()
    scene.channel = "al-hourani-suburban"
    scene.uavs = 1
    scene.users = "count: 1"
    scene.width_m = 1
    scene.fleet = "start_altitude_m: 101.5"
    scene.altitude_m = 50...150
    scene.band_Hz = 1e6
    scene.cap = 100
    scene.rate_Hz = 1000
    scene.policy = "onboard"
    scene.deadline_s = 0.9...0.9
    var world = try scene.world()
    let outcome = world.fly([[0, 0, 0]])
    let row = world.rows("task")[0]
    // FSPL at 100 m and 2 GHz, c = 3e8: 20 log10(4π · 100 · 2e9 / 3e8) = 78.4630 dB; +0.1 dB with line of sight.
    #expect((row["path_loss_db"] - 78.563).magnitude < 2e-3)
    // 20 − 78.563 − (−174 + 9 + 60) = 46.437 dB.
    #expect((row["sinr_db"] - 46.437).magnitude < 2e-3)
    // log2(1 + 10^4.6437) = 15.4261 bit/s/Hz.
    #expect((row["rate_bps"] / 15.4261e6 - 1).magnitude < 1e-4)
    let upload = row["task_bits"] / row["rate_bps"]
    let latency = upload + row["task_cycles"] / 6e9
    #expect(near(row["latency_s"], latency))
    let hover_kJ = (168.4842 + 5) / 1e3
    let computing_J = 1e-28 * 36e18 * row["task_cycles"]
    let reward =
      -latency / 0.9 - 0.1 * upload + 0.5 * row["task_bits"] / 1e6 + 0.2 - 0.01 - 0.2 * hover_kJ - 0.01 * computing_J
    #expect(row.text("outcome") == "done" && (outcome.rewards[0] - reward).magnitude < 1e-6)
  }

  /// Tasks together on board: with shares by root the sum of the times is (Σ √C)²/f.
  @Test func `shares of the processor take the closed form`() throws {
    for (discipline, isRoot) in [("equal", false), ("square-root", true)] {
      var scene = FleetScene()
      scene.uavs = 1
      scene.users = "count: 6"
      scene.width_m = 100
      scene.discipline = discipline
      scene.policy = "onboard"
      scene.rate_Hz = 1000
      scene.band_Hz = 1e9
      scene.boardClock_Hz = 6e10...6e10
      var world = try scene.world()
      world.fly([[0, 0, 0]])
      let rows = world.rows("task")
      let cycles = rows.map { $0["task_cycles"] }
      #expect(rows.count == 6 && rows.allSatisfy { $0["wait_s"] == 0 })
      let total = rows.reduce(0) { $0 + $1["compute_s"] }
      let roots = cycles.reduce(0) { $0 + $1.squareRoot() }
      let expected = isRoot ? roots * roots / 6e10 : 6 * cycles.reduce(0, +) / 6e10
      #expect(near(total, expected))
      // The slot after waits until the last of these is finished.
      let end = rows.map { $0["upload_s"] + $0["compute_s"] }.max() ?? 0
      #expect(near(world.seen("onboard_wait_s", by: 0), max(end - 1, 0), within: 1e-6))
    }
  }

  @Test func `each term of the reward changes when its cause does`() throws {
    func mean(_ change: (inout FleetScene) -> Void) throws -> [Double] {
      var scene = FleetScene()
      scene.fleet = "start_altitude_m: 100, positions: [{x_m: 300, y_m: 500}, {x_m: 320, y_m: 500}]"
      scene.avoidance = "penalised"
      change(&scene)
      var world = try scene.world()
      var sums = [Double](repeating: 0, count: 9)
      _ = world.play(seed: 1, HoverRule(for: world)) { world, _ in
        var values = [Double](repeating: 0, count: 18)
        var span = values.mutableSpan
        world.writeRewardTerms(into: &span)
        for index in 0..<18 { sums[index % 9] += values[index] }
      }
      return sums
    }
    let base = try mean { _ in }
    #expect(base.count == 9 && base.dropLast().allSatisfy { $0 > 0 })
    let narrow = try mean { $0.band_Hz = 0.3e6 }
    #expect(narrow[0] > base[0] && narrow[1] > base[1] && narrow[3] < base[3] && narrow[5] > base[5])
    #expect(try mean { $0.userPower_dBm = 23 }[2] > base[2])
    #expect(try mean { $0.radio += ", user_gain_db: -25" }[4] < base[4])
    #expect(try mean { $0.energy = "propulsion: zeng2019, avionics_w: 50" }[6] > base[6])
    #expect(try mean { $0.boardClock_Hz = 7e9...7e9 }[7] > base[7])
    #expect(try mean { $0.separation_m = 0 }[8] == 0 && base[8] > 0 || base[8] == 0)
  }

  @Test(arguments: ["tr36777-uma", "tr36777-umi", "tr36777-rma", "al-hourani-dense"])
  func `the share of clear links and the deviations of shadowing are the law's within three deviations`(
    channel: String
  ) throws {
    var scene = FleetScene()
    scene.channel = channel
    scene.uavs = 1
    scene.users = "count: 4000"
    scene.width_m = 3000
    scene.altitude_m = 30...40
    scene.fleet = "start_altitude_m: 35"
    if channel == "tr36777-rma" {
      scene.altitude_m = 36...45
      scene.fleet = "start_altitude_m: 39"
    }
    scene.radio = "line_of_sight: drawn"
    scene.leastSNR_dB = -60
    scene.userPower_dBm = 60
    scene.rate_Hz = 1000
    scene.steps = 1
    var world = try scene.world()
    world.fly([[0, 0, 0]])
    let rows = world.rows("task").filter { !$0["agent"].isNaN }
    #expect(rows.count == 4000)
    let expected = rows.reduce(0) { $0 + $1["los_probability"] }
    let variance = rows.reduce(0) { $0 + $1["los_probability"] * (1 - $1["los_probability"]) }
    #expect((rows.reduce(0) { $0 + $1["los"] } - expected).magnitude < 3 * variance.squareRoot() && variance > 10)
    let height = world.seen("altitude_m", by: 0)
    let sigmas: [String: (Double, Double)] = [
      "tr36777-uma": (4.64 * exp(-0.0066 * height), 6), "tr36777-umi": (5 * exp(-0.01 * height), 8),
      "tr36777-rma": (4.2 * exp(-0.0046 * height), 6), "al-hourani-dense": (0, 0),
    ]
    for (state, sigma) in [(1.0, sigmas[channel]?.0 ?? .nan), (0, sigmas[channel]?.1 ?? .nan)] {
      let values = rows.filter { $0["los"] == state }.map { $0["shadowing_db"] }
      let count = Double(values.count)
      let square = values.reduce(0) { $0 + $1 * $1 } / count
      #expect((square - sigma * sigma).magnitude <= 3.5 * sigma * sigma * (2 / count).squareRoot())
    }
  }

  @Test func `a bias sheds users or takes them over`() throws {
    var scene = FleetScene()
    scene.fleet = "start_altitude_m: 100, positions: [{x_m: 300, y_m: 500}, {x_m: 700, y_m: 500}]"
    scene.users = "count: 60"
    scene.rate_Hz = 1000
    let start = try scene.world()
    func served(_ first: Float, _ second: Float) -> [Int] {
      var world = start
      world.fly([[0, 0, 0, first], [0, 0, 0, second]])
      let rows = world.rows("task")
      return [0, 1].map { aircraft in rows.count { $0["agent"] == Double(aircraft) } }
    }
    let (even, tilted) = (served(0, 0), served(10, -10))
    #expect(even[0] + even[1] == 60 && tilted[0] > even[0] && tilted[1] < even[1])
  }

  /// Little's law by the table: the tasks inside, integrated over slots, are the latencies added up.
  @Test func `metrics are those of the table`() throws {
    var world = try FleetScene.shipped("al-hourani-urban", [("time.steps", "120")])
    var rows: [FleetRow] = []
    _ = world.play(seed: 8, CircleRule(for: world)) { world, _ in rows += world.rows("task") }
    let metrics = Dictionary(uniqueKeysWithValues: world.metrics().map { ($0.name, $0.value ?? .nan) })
    let count = Double(rows.count)
    let finished = rows.filter { ["done", "late"].contains($0.text("outcome")) }.map { $0["latency_s"] }
    let energy = rows.reduce(0) { $0 + $1["user_energy_j"] + $1["computing_j"] }
    let expected = [
      "latency_mean_s": finished.reduce(0, +) / Double(finished.count),
      "deadline_miss_ratio": Double(rows.count { $0.text("outcome") != "done" }) / count,
      "energy_per_task_j": energy / count, "lost_ratio": (count - Double(finished.count)) / count,
      "onboard_share": Double(rows.count { $0.text("target") == "onboard" }) / count,
      "cloud_share": Double(rows.count { $0.text("target") == "cloud" }) / count, "tasks_per_step": count / 120,
      "throughput_bps": rows.reduce(0) {
        $0 + ($1.text("outcome") == "done" && !$1["agent"].isNaN ? $1["task_bits"] : 0)
      } / 120,
    ]
    for (name, value) in expected { #expect(near(metrics[name] ?? .nan, value), "\(name)") }
  }
}
