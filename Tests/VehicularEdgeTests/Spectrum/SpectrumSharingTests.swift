import AllocationCounting
import Baselines
import EdgeCloud
import Randomness
import ReinforcementLearning
import Snapshots
import Testing
import VehicularEdge

@Suite struct SpectrumSharingTests {
  @Test(arguments: ["discrete", "hybrid", "continuous"], ["tr36885", "liang2019-compat"])
  func `every form of actions keeps every promise of an environment`(actions: String, channel: String) throws {
    var scene = channel == "tr36885" ? SpectrumScene() : SpectrumScene.compat
    scene.actions = actions
    scene.periodSlots = 20
    scene.periods = 3
    scene.energyWeight = 2
    #expect(checkEnvironment(try scene.world(), seeds: [0, 7]).map(\.description) == [])
  }

  @Test func `a crowd with a range, own rewards and fewer blocks than links keeps them too`() throws {
    var scene = SpectrumScene()
    scene.mobility = "model: manhattan, columns: 3, rows: 3"
    scene.vehicles = 60
    scene.blocks = 5
    scene.extra = ", range_m: 120"
    scene.periodSlots = 8
    scene.periods = 5
    scene.isShared = false
    #expect(checkEnvironment(try scene.world(), seeds: [3]).map(\.description) == [])
  }

  @Test func `two vehicles, one block and more blocks than vehicles are worlds too`() throws {
    for (vehicles, blocks) in [(2, 1), (2, 7)] {
      var scene = SpectrumScene()
      scene.vehicles = vehicles
      scene.blocks = blocks
      #expect(checkEnvironment(try scene.world(), seeds: [1], steps: 120).map(\.description) == [])
    }
  }

  @Test func `an episode ends with its periods, and every period ends every trajectory`() throws {
    var scene = SpectrumScene()
    scene.periodSlots = 5
    scene.periods = 3
    var world = try scene.world()
    for slot in 1...15 {
      let outcome = world.play([0, 0, 0, 0])
      #expect(outcome.terminated == [Bool](repeating: slot % 5 == 0, count: 4))
      #expect(outcome.truncated == [false, false, false, false])
      #expect(outcome.episodeOver == (slot == 15))
    }
    #expect(world.metric("payload_success_ratio") == 0 && world.metric("energy_per_task_j") == 0)
  }

  /// What no decision may change: who is where, who sends to whom, every gain now.
  private func exogenous(_ world: SpectrumSharing) throws -> [UInt64] {
    let saved = world.snapshot()
    var bits = try saved.doubles("pair_shadowing").map(\.bitPattern)
    bits += try saved.doubles("base_shadowing").map(\.bitPattern)
    for link in 0..<world.agentCount {
      for block in 0..<world.blockCount {
        bits.append(world.observedGain(link: link, block: block).bitPattern)
        bits.append(world.trueFloor_W(link: link, block: block).bitPattern)
        bits.append(world.trueGain(from: (link + 1) % world.agentCount, to: link, block: block).bitPattern)
      }
    }
    return bits
  }

  @Test(arguments: ["tr36885", "liang2019-compat"])
  func `the world is the same bit for bit whatever is done in it`(channel: String) throws {
    var scene = channel == "tr36885" ? SpectrumScene() : SpectrumScene.compat
    scene.periodSlots = 10
    scene.periods = 4
    for seed in [4, 5] as [UInt64] {
      var silent = try scene.world(seed: seed)
      var loud = silent
      var other = try scene.world(seed: seed + 2)
      var chance = RandomController(for: loud)
      chance.begin(seed: 1)
      var action = JointAction(for: loud.groups)
      var outcome = StepOutcome(agents: 4)
      for _ in 0..<40 {
        #expect(try exogenous(silent) == exogenous(loud))
        #expect(try exogenous(silent) != exogenous(other))
        silent.play([0, 0, 0, 0])
        other.play([0, 0, 0, 0])
        chance.act(in: loud, &action)
        loud.step(action, outcome: &outcome)
      }
    }
  }

  @Test func `a reset leaves no trace of what was before, not even in a snapshot`() throws {
    let fresh = try SpectrumScene().world(seed: 9)
    var used = fresh
    used.reset(seed: 4)
    for _ in 0..<30 { used.play([3, 7, 11, 15]) }
    used.reset(seed: 9)
    #expect((used.snapshot() == fresh.snapshot()) as Bool)
  }

  @Test func `a broken snapshot is refused and changes nothing`() throws {
    var world = try SpectrumScene().world(seed: 2)
    let before = world.snapshot()
    for (name, values) in [("pair_start", [0, 9, 9, 9, 9]), ("pair_other", [0, 1, 2, 3, 4, 99])] as [(String, [Int32])]
    {
      var snapshot = before
      snapshot.set(name, values)
      #expect(throws: SnapshotError.self) { try world.restore(from: snapshot) }
    }
    var late = before
    late.set("step", integer: 101)
    #expect(throws: SnapshotError.self) { try world.restore(from: late) }
    #expect((world.snapshot() == before) as Bool)
  }

  @Test(arguments: ["discrete", "hybrid", "continuous"])
  func `a step, an observation, masks and a copy do not allocate`(actions: String) throws {
    var scene = SpectrumScene()
    scene.actions = actions
    scene.vehicles = 20
    scene.blocks = 10
    scene.periodSlots = 3
    scene.periods = 1000
    scene.extra = ", range_m: 200"
    var world = try scene.world(seed: 1)
    var twin = world
    twin.reset(seed: 2)
    var chance = RandomController(for: world)
    chance.begin(seed: 1)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 20)
    var observations = [Float](repeating: 0, count: 20 * world.groups[0].observation.count)
    var mask = [Bool](repeating: true, count: 20 * world.groups[0].action.maskCount)
    for _ in 0..<4 {
      world.step(action, outcome: &outcome)
      twin.assign(from: world)
    }
    var allocations = 0
    for _ in 0..<30 {
      chance.act(in: world, &action)
      let before = edgewise_allocations()
      world.step(action, outcome: &outcome)
      var span = observations.mutableSpan
      world.observe(group: 0, into: &span)
      var maskSpan = mask.mutableSpan
      world.writeActionMask(group: 0, into: &maskSpan)
      twin.assign(from: world)
      allocations += Int(edgewise_allocations() - before)
    }
    #expect(allocations == 0)
  }

  @Test func `metrics are those of the table`() throws {
    let world = try SpectrumScene().world()
    let (end, gain, rows) = world.episode(seed: 3, RandomController(for: world), rows: true)
    let all = rows.flatMap { $0 }
    #expect(agree(end.metric("energy_per_task_j"), all.reduce(0) { $0 + $1["energy_j"] } / 4))
    let uplinks = all.reduce(0) { $0 + ($1["uplink_rate_bps"].isNaN ? 0 : $1["uplink_rate_bps"]) }
    #expect(agree(end.metric("v2i_sum_rate_bps"), uplinks / 100))
    let first = rows[0]
    #expect(agree(end.metric("v2v_path_loss_mean_db"), first.reduce(0) { $0 + $1["path_loss_db"] } / 4))
    #expect(agree(end.metric("v2v_distance_mean_m"), first.reduce(0) { $0 + $1["distance_m"] } / 4))
    #expect(end.metric("v2v_los_ratio") == first.reduce(0) { $0 + $1["los"] } / 4)
    let rewards = rows.reduce(0) { $0 + $1.reduce(0) { $0 + $1["reward"] } / 4 }
    #expect(agree(gain, rewards))
    // Bits by the table against the payload, link by link.
    var delivered = 0.0
    var latency_s = 0.0
    for link in 0..<4 {
      var bits = 0.0
      for (slot, row) in rows.map({ $0[link] }).enumerated() where bits < 16960 {
        if !row["rate_bps"].isNaN { bits += row["rate_bps"] * 0.001 }
        if bits >= 16960 {
          delivered += 1
          latency_s += Double(slot + 1) * 0.001
        }
      }
    }
    #expect(delivered > 0)
    #expect(end.metric("payload_success_ratio") == delivered / 4)
    #expect(end.metric("deadline_miss_ratio") == 1 - delivered / 4)
    #expect(agree(end.metric("latency_mean_s"), latency_s / delivered))
  }
}
