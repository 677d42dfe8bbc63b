import EdgeCloud
import Snapshots
import Baselines
import ReinforcementLearning
import TestSupport
import Testing
import VehicularEdge

/// The whole table is recomputed by ``Audit``; here are the worlds in which it is, and examples by hand.
@Suite struct SettlementTests {
  @Test(arguments: [false, true])
  func `every record of careless chance on a highway follows from the formulas`(isHybrid: Bool) throws {
    var scene = Scene()
    scene.isHybrid = isHybrid
    let episode = Episode(carelessly: try scene.world(), seed: 3)
    let audit = try Audit(episode, of: scene)
    #expect(audit.faults.prefix(5) == [])
    #expect(audit.comparisons > 20_000)
    #expect(Set(episode.rows.map(\.target)) == ["none", "device", "edge", "cloud"])
    #expect(Set(episode.rows.map(\.fate)).isSuperset(of: ["done", "late", "expired", "cut", "withdrawn"]))
  }

  @Test(arguments: [false, true])
  func `every record of rules on a highway follows from the formulas`(isHybrid: Bool) throws {
    var scene = Scene()
    scene.isHybrid = isHybrid
    let world = try scene.world()
    #expect(try Audit(Episode(world, seed: 1, RuleController(GreedyRule.self, for: world)), of: scene).faults == [])
    #expect(try Audit(Episode(world, seed: 2, RuleController(EdgeRule.self, for: world)), of: scene).faults == [])
    let economical = RuleController(EconomicalLocalRule.self, for: world)
    #expect(try Audit(Episode(world, seed: 3, economical), of: scene).faults == [])
  }

  @Test func `every record follows from the formulas where units have two servers and the cloud is narrow`() throws {
    var scene = Scene()
    scene.unitServers = 2
    scene.cloudServers = 2
    scene.unitClock_Hz = 2.5e9
    scene.backhaul_bps = 20e6
    scene.unitHeight_m = 6
    scene.vehicleHeight_m = 2.2
    scene.cap = 5
    scene.energyWeight = 2
    scene.choices = 6
    scene.reach_m = 3000
    scene.powers_dBm = [-10, 20]
    let world = try scene.world()
    let audits = [
      try Audit(Episode(carelessly: world, seed: 5), of: scene),
      try Audit(Episode(world, seed: 6, RuleController(CloudRule.self, for: world)), of: scene),
    ]
    for audit in audits { #expect(audit.faults.prefix(5) == []) }
  }

  @Test(arguments: [false, true])
  func `every record follows from the formulas where vehicles of a trace come and go`(isHybrid: Bool) throws {
    let folder = try TemporaryFolder()
    var scene = Scene()
    scene.isHybrid = isHybrid
    scene.mobility = "model: trace, slots: 6, fcd_file: \(try folder.writeTraffic())"
    scene.rate_Hz = 20
    scene.deadline_s = 0.3...1.5
    scene.placement = "columns: 2, rows: 2"
    scene.steps = 60
    let world = try scene.world()
    var fates: Set<String> = []
    for seed in 0..<4 as Range<UInt64> {
      let episode = Episode(carelessly: world, seed: seed)
      #expect(try Audit(episode, of: scene).faults.prefix(5) == [])
      #expect(episode.moments.contains { $0.outcome.terminated.contains(true) })
      fates.formUnion(episode.rows.map(\.fate))
    }
    #expect(fates.contains("departed"))
  }

  // MARK: By hand

  /// Vehicles that stand 15 m from a unit, where the rate is the cap; every slot brings a task of 400,000 bits.
  private func standing(_ places: [Place], in folder: TemporaryFolder, _ change: (inout Scene) -> Void = { _ in })
    throws -> VehicularOffloading
  {
    var scene = Scene()
    scene.mobility =
      "model: trace, slots: \(places.count), antenna_setback_m: 0, "
      + "fcd_file: \(try folder.writeTrace([(0, places), (60, places)]))"
    scene.placement = "positions: [{x_m: 0, y_m: 0}]"
    scene.choices = 1
    scene.step_s = 1
    scene.steps = 20
    scene.rate_Hz = 1e6
    scene.band_Hz = 1e6
    scene.bits = 400_000...400_000
    scene.cyclesPerBit = 100...100
    scene.deadline_s = 0.5...0.5
    scene.deviceClock_Hz = 0.4e9...0.4e9
    scene.slowest_Hz = 0.1e9
    scene.unitClock_Hz = 1e9
    scene.powers_dBm = [23]
    change(&scene)
    return try scene.world()
  }

  @Test func `what is best for one alone is worse for both when both do it`() throws {
    let folder = try TemporaryFolder()
    let start = try standing([Place("a", 15, 0), Place("b", 0, 15)], in: folder)
    let edge: Int32 = 3
    let device: Int32 = 1
    let alone_s = 400_000 / (1e6 * 7.40625)

    var world = start
    world.play([device, device])
    #expect(world.rows.allSatisfy { agree($0["latency_s"], 4e7 / 0.4e9) })

    world = start
    world.play([edge, device])
    #expect(agree(world.rows[0]["bandwidth_hz"], 1e6))
    #expect(agree(world.rows[0]["rate_bps"], 7.40625e6))
    #expect(agree(world.rows[0]["latency_s"], alone_s + 0.04))
    #expect(alone_s + 0.04 < 0.1, "the unit is better for one alone")

    world = start
    world.play([edge, edge])
    for row in world.rows {
      #expect(agree(row["bandwidth_hz"], 0.5e6))
      #expect(agree(row["rate_bps"], 3.703125e6))
      #expect(agree(row["upload_s"], 2 * alone_s))
      #expect(row["latency_s"] > 0.1, "the device would have been better")
    }
    #expect(agree(world.rows[0]["latency_s"], 2 * alone_s + 0.04))
    #expect(agree(world.rows[1]["wait_s"], 0.04), "of equal arrivals the lower agent is served first")
    #expect(agree(world.rows[1]["latency_s"], 2 * alone_s + 0.08))
  }

  @Test func `two units use the same band, and each hears the other's upload`() throws {
    let folder = try TemporaryFolder()
    var scene = Scene()
    let places = [Place("a", 15, 0), Place("b", 185, 0)]
    scene.mobility =
      "model: trace, slots: 2, antenna_setback_m: 0, fcd_file: \(try folder.writeTrace([(0, places), (9, places)]))"
    scene.placement = "positions: [{x_m: 0, y_m: 0}, {x_m: 200, y_m: 0}]"
    scene.rate_Hz = 1e6
    scene.steps = 50
    for seed in 0..<20 as Range<UInt64> {
      var world = try scene.world(seed: seed)
      let links = try Links(world.snapshot(), scene: scene, world: world)
      let own = (0...1).map { links.ranking($0).firstIndex(of: $0) ?? 0 }
      world.play([scene.upload(rank: own[0]), scene.upload(rank: own[1], power: 0)])
      let rows = world.rows
      #expect(rows.map { $0["unit"] } == [0, 1])
      #expect(rows.map { $0["bandwidth_hz"] } == [10e6, 10e6])
      #expect(agree(rows[0]["interference_w"], links.received_W(5, from: 1, at: 0)))
      #expect(agree(rows[1]["interference_w"], links.received_W(23, from: 0, at: 1)))
      #expect(rows[0]["interference_w"] > 0 && rows[1]["interference_w"] > 0)
    }
  }

  @Test func `the device meets the deadline exactly at least energy, or runs at full speed`() throws {
    let folder = try TemporaryFolder()
    let start = try standing([Place("a", 15, 0)], in: folder) { scene in
      scene.step_s = 0.1
      scene.cyclesPerBit = 500...500
      scene.deviceClock_Hz = 1e9...1e9
    }
    var world = start
    world.play([2])
    var row = world.rows[0]
    #expect(agree(row["cpu_hz"], 2e8 / 0.5))
    #expect(agree(row["latency_s"], 0.5))
    #expect(agree(row["energy_j"], 1e-27 * 0.4e9 * 0.4e9 * 2e8))
    #expect(agree(row["reward"], -(0.5 + 0.25 * 0.32)))
    #expect(row.fate == "done")

    // The next task finds the computer taken until 0.5 s: 0.1 s are left for 0.2 s of work at full speed.
    world.play([2])
    row = world.rows[0]
    #expect(agree(row["wait_s"], 0.4) && row["cpu_hz"] == 1e9)
    #expect(agree(row["latency_s"], 0.6) && row.fate == "late")
    #expect(agree(row["reward"], -(0.5 + 0.25 * 2 + 1)))

    // The third waits for more than its deadline of 0.5 s and is never begun.
    world.play([1])
    row = world.rows[0]
    #expect(row.fate == "late" && agree(row["wait_s"], 0.5))
    world.play([1])
    row = world.rows[0]
    #expect(row.fate == "expired" && row["energy_j"] == 0 && agree(row["latency_s"], 0.5))
    #expect(agree(row["reward"], -1.5))

    world = start
    world.play([1])
    row = world.rows[0]
    #expect(row["cpu_hz"] == 1e9 && agree(row["latency_s"], 0.2))
    #expect(agree(row["energy_j"], 0.2) && agree(row["reward"], -(0.5 * 0.4 + 0.25 * 2)))
  }

  @Test func `a clock below the slowest setting is not used`() throws {
    let folder = try TemporaryFolder()
    var world = try standing([Place("a", 15, 0)], in: folder)
    world.play([2])
    #expect(world.rows[0]["cpu_hz"] == 0.1e9, "40 million cycles in 0.5 s would need 80 MHz")
    #expect(agree(world.rows[0]["latency_s"], 0.4))
  }

  @Test func `an upload that does not fit into the slot is cut, paid for and lost`() throws {
    let folder = try TemporaryFolder()
    var world = try standing([Place("a", 15, 0)], in: folder) { $0.step_s = 0.05 }
    world.play([3])
    let row = world.rows[0]
    #expect(row.fate == "cut" && row["upload_s"] == 0.05 && row["latency_s"] == 0.05)
    #expect(row["wait_s"] == 0 && row["compute_s"] == 0 && row["cpu_hz"].isNaN)
    #expect(agree(row["energy_j"], 0.19952623149688797 * 0.05))
    #expect(agree(row["reward"], -(0.5 + 0.25 * row["energy_j"] / 0.1 + 1)))
    #expect(world.play([1]).rewards[0] < 0)
    #expect(world.seen("unit_1_backlog_s", by: 0) == 0, "the unit never saw the task")
  }

  @Test func `the cloud costs the hop both ways and no wait before the second task too many`() throws {
    let folder = try TemporaryFolder()
    var world = try standing([Place("a", 15, 0), Place("b", 0, 15)], in: folder) { scene in
      scene.cloudServers = 1
      scene.cloudClock_Hz = 2e9
      scene.backhaul_bps = 40e6
    }
    world.play([4, 4])
    let upload_s = 2 * 400_000 / (1e6 * 7.40625)
    for row in world.rows {
      #expect(row.target == "cloud" && agree(row["backhaul_s"], 0.01 + 0.04) && agree(row["compute_s"], 0.02))
    }
    #expect(agree(world.rows[0]["latency_s"], upload_s + 0.05 + 0.02))
    #expect(agree(world.rows[1]["latency_s"], upload_s + 0.05 + 0.04))
  }

  @Test func `doing nothing drops the task and costs the miss`() throws {
    let folder = try TemporaryFolder()
    var world = try standing([Place("a", 15, 0)], in: folder)
    let idle = world.idleAction(for: 0)
    #expect(idle == AgentAction(discrete: [0]))
    let outcome = world.play(idle.discrete)
    let row = world.rows[0]
    #expect(row.fate == "withdrawn" && row.target == "none" && row["latency_s"] == 0 && row["energy_j"] == 0)
    #expect(outcome.rewards == [-1.5])
    #expect(world.brokenInvariants() == [])
  }

  @Test func `an option out of range or out of reach is doing nothing`() throws {
    let folder = try TemporaryFolder()
    let start = try standing([Place("a", 15, 0)], in: folder) { scene in
      scene.choices = 2
      scene.reach_m = 20
    }
    for option in [-1, 5, 6, 99] as [Int32] {
      var world = start
      #expect(world.play([option]).rewards == [-1.5])
      #expect(world.rows[0].fate == "withdrawn")
    }
  }

  @Test func `who leaves before the result is there loses the task, and the slot's trajectory ends`() throws {
    let folder = try TemporaryFolder()
    let (a, b) = (Place("a", 15, 0), Place("b", 0, 15))
    var scene = Scene()
    let trace = try folder.writeTrace([(0, [a, b]), (1, [a, b]), (2, [b]), (3, [a, b]), (4, [a, b])])
    scene.mobility = "model: trace, slots: 2, antenna_setback_m: 0, fcd_file: \(trace)"
    scene.placement = "positions: [{x_m: 0, y_m: 0}]"
    scene.choices = 1
    scene.rate_Hz = 1e6
    scene.steps = 40
    scene.bits = 400_000...400_000
    scene.cyclesPerBit = 250...250
    scene.deviceClock_Hz = 0.4e9...0.4e9
    scene.deadline_s = 0.9...0.9
    var world = try scene.world()
    var outcome = StepOutcome(agents: 2)
    // a is seen for the last time at 1.0 s, instant 10; a task of 0.25 s at instant 9 ends after instant 11.
    for step in 0..<9 {
      outcome = world.play([0, 0])
      #expect(outcome.terminated == [false, false], "step \(step)")
    }
    outcome = world.play([1, 1])
    #expect(world.rows.map(\.fate) == ["departed", "done"])
    #expect(agree(world.rows[0]["latency_s"], 0.2) && agree(world.rows[1]["latency_s"], 0.25))
    #expect(agree(world.rows[0]["reward"], -(0.5 + 0.25 * 1e-27 * 0.16e18 * 1e8 / 0.1 + 1)))
    #expect(outcome.terminated == [false, false])
    outcome = world.play([0, 0])
    #expect(outcome.terminated == [true, false] && outcome.truncated == [false, false])
    #expect(world.active == [false, true] && world.permitted(0) == [0])
    #expect(world.observations[0].allSatisfy { $0 == 0 })
    outcome = world.play([1, 1])
    #expect(outcome.rewards[0] == 0 && outcome.terminated == [false, false])
    let words = try world.snapshot().uint64s("flow_account")
    // Until 1.2 s: 12 and 11 tasks; done is b's of instant 9 only at 1.15 s; dropped are all the idle ones and a's.
    #expect(words[1...5].map { Int($0) } == [23, 1, 0, 21, 1])
    for _ in 12..<30 { outcome = world.play([0, 0]) }
    #expect(world.active == [true, true])
    #expect(world.seen("device_wait_s", by: 0) == 0)
    for _ in 30..<40 { outcome = world.play([0, 0]) }
    #expect(outcome.episodeOver && outcome.truncated == [true, true] && outcome.terminated == [false, false])
    #expect(world.brokenInvariants() == [])
  }
}
