import AerialEdge
import AllocationCounting
import EdgeCloud
import Glibc
import ReinforcementLearning
import Snapshots
import Testing

@Suite struct AerialChannelsTests {
  @Test(arguments: ["discrete", "hybrid"]) func `either form keeps every promise of an environment`(form: String) throws
  {
    var scene = ChannelScene()
    (scene.actions, scene.steps, scene.efficiencyWeight, scene.energyWeight) = (form, 100, 0.1, 0.2)
    #expect(checkEnvironment(try scene.world(), seeds: [0, 7]).map(\.description) == [])
    scene.clusters = 3
    (scene.orbit_m, scene.speed_mps) = (0, 0)
    #expect(checkEnvironment(try scene.world(), seeds: [1]).map(\.description) == [])
  }

  @Test func `one device, relay and channel are a world too, and so are two hundred`() throws {
    for (devices, cells, channels) in [(1, 1, 1), (4, 2, 2), (200, 5, 6)] {
      var scene = ChannelScene()
      (scene.devices, scene.columns, scene.rows, scene.channels, scene.steps) = (devices, cells, cells, channels, 40)
      #expect(checkEnvironment(try scene.world(), seeds: [3]).map(\.description) == [])
    }
  }

  static func episodes(_ world: AerialChannels, seed: UInt64) -> [(String, ChannelEpisode)] {
    [
      ("random", ChannelEpisode(world, seed: seed, RandomController(for: world))),
      ("silent", ChannelEpisode(world, seed: seed, ChannelController(SilentDeviceRule.self, for: world))),
      ("fixed", ChannelEpisode(world, seed: seed, ChannelController(FixedChannelRule.self, for: world))),
      ("round-robin", ChannelEpisode(world, seed: seed, ChannelController(RoundRobinChannelRule.self, for: world))),
      ("aloha", ChannelEpisode(world, seed: seed, ChannelController(AlohaRule.self, for: world))),
      ("min-conflict", ChannelEpisode(world, seed: seed, ChannelController(MinimumConflictRule.self, for: world))),
      ("dsatur", ChannelEpisode(world, seed: seed, ChannelController(SaturationRule.self, for: world))),
      ("hypergraph", ChannelEpisode(world, seed: seed, ChannelController(HypergraphRule.self, for: world))),
      ("greedy", ChannelEpisode(world, seed: seed, ChannelController(GreedyAdmissionRule.self, for: world))),
    ]
  }

  @Test(arguments: ["discrete", "hybrid"])
  func `no policy passes the bound, books balance, and the world is the same for all`(form: String) throws {
    var scene = ChannelScene()
    scene.actions = form
    scene.steps = 120
    let world = try scene.world()
    for seed in [3, 4] as [UInt64] {
      let bound = try #require(world.returnBound(seed: seed))
      var gains: [String: Double] = [:]
      var exogenous: Set<String> = []
      for (name, episode) in Self.episodes(world, seed: seed) {
        #expect(episode.brokenInvariants == [], "\(name)")
        #expect(episode.gain <= bound + 1e-9, "\(name) \(episode.gain), bound \(bound)")
        gains[name] = episode.gain
        let columns = ["step", "agent", "x_m", "y_m", "relay", "ground_distance_m", "path_loss_db", "degree"]
        exogenous.insert(
          episode.rows.flatMap { $0 }.map { row in columns.map { "\(row.number($0).bitPattern)" }.joined() }.joined())
      }
      #expect(exogenous.count == 1)
      #expect(gains["silent"] == 0)
      #expect((gains["greedy"] ?? 0) > 0.85 * bound, "\(gains)")
      #expect((gains["min-conflict"] ?? 0) > (gains["random"] ?? 0), "\(gains)")
    }
  }

  /// The mean loss in dB over a ground distance to a relay at 100 m, at 2 GHz over a city.
  private func loss_dB(_ ground_m: Double) -> Double {
    let d = hypot(ground_m, 100)
    let angle = atan2(100, ground_m) * 180 / Double.pi
    let clear = 1 / (1 + 9.61 * exp(-0.16 * (angle - 9.61)))
    return 20 * log10(4 * Double.pi * d * 2e9 / 3e8) + clear * 1 + 20 * (1 - clear)
  }

  @Test func `an episode's table is recomputed from places and channels in plain formulas`() throws {
    var scene = ChannelScene()
    (scene.devices, scene.steps, scene.efficiencyWeight, scene.energyWeight) = (30, 60, 0.25, 0.5)
    let world = try scene.world()
    let episode = ChannelEpisode(world, seed: 8, RandomController(for: world))
    let noise_W = pow(10, (-174 + 10 * log10(scene.bandwidth_Hz) + 5 - 30) / 10)
    let power_W = pow(10, (scene.transmit_dBm - 30) / 10)
    let threshold = pow(10, scene.threshold_dB / 10)
    var (served, conflicts) = (0, 0)
    for (step, rows) in episode.rows.enumerated() {
      for row in rows {
        #expect(episode.outcomes[step].rewards[Int(row.number("agent"))] == row.number("reward"))
        // What arrives at this row's relay from the sender of another.
        func arriving(_ other: [String: RecordValue]) -> Double {
          let dx = row.number("relay_x_m") - other.number("x_m")
          let dy = row.number("relay_y_m") - other.number("y_m")
          return power_W * pow(10, -loss_dB(hypot(dx, dy)) / 10)
        }
        if row.word("outcome") == "silent" {
          #expect(row.number("reward") == 0)
          continue
        }
        let rivals = rows.filter {
          $0.number("channel") == row.number("channel") && $0.number("agent") != row.number("agent")
        }
        let sinr = arriving(row) / (rivals.reduce(0) { $0 + arriving($1) } + noise_W)
        #expect(abs(10 * log10(sinr) - row.number("sinr_db")) < 1e-9)
        let isServed = sinr >= threshold
        #expect(row.word("outcome") == (isServed ? "served" : "conflict"))
        let efficiency = isServed ? min(log2(1 + sinr), 7.40625) : 0
        let reward: Double = (isServed ? 1 : -0.5) + 0.25 * efficiency - 0.5 * (power_W * 0.1 / 0.02)
        #expect(abs(row.number("reward") - reward) < 1e-9)
        (served, conflicts) = (served + (isServed ? 1 : 0), conflicts + (isServed ? 0 : 1))
      }
    }
    #expect(served > 100 && conflicts > 100)
  }

  @Test func `relays keep to their circles at their speed`() throws {
    let scene = ChannelScene()
    let world = try scene.world()
    let episode = ChannelEpisode(world, seed: 5, ChannelController(SilentDeviceRule.self, for: world))
    var last: [Int: (x: Double, y: Double)] = [:]
    for rows in episode.rows {
      var now: [Int: (x: Double, y: Double)] = [:]
      for row in rows {
        let relay = Int(row.number("relay"))
        let (x, y) = (row.number("relay_x_m"), row.number("relay_y_m"))
        let (middleX, middleY) = ((Double(relay % 3) + 0.5) * 1000 / 3, (Double(relay / 3) + 0.5) * 1000 / 3)
        #expect(abs(hypot(x - middleX, y - middleY) - 40) < 1e-9)
        // A chord of an arc of 1.5 m.
        if let before = last[relay] { #expect(abs(hypot(x - before.x, y - before.y) - 80 * sin(1.5 / 80)) < 1e-9) }
        now[relay] = (x, y)
      }
      last = now
    }
    #expect(!last.isEmpty)
  }

  @Test func `observations say what the relay heard`() throws {
    var scene = ChannelScene()
    (scene.devices, scene.busy_s, scene.quiet_s, scene.columns, scene.rows) = (6, 1e9, 0.1, 1, 1)
    (scene.orbit_m, scene.speed_mps, scene.channels) = (0, 0, 2)
    var world = try scene.world(seed: 4)
    #expect((0..<6).allSatisfy { world.seen("has_packet", by: $0) == 1 && world.seen("relay_requests", by: $0) == 6 })
    #expect((0..<6).allSatisfy { world.seen("degree", by: $0) == 5 }, "one relay and 5 dB: no two can share")
    var action = JointAction(for: world.groups)
    action.discrete = [1, 1, 2, 0, 0, 0]
    var outcome = StepOutcome(agents: 6)
    world.step(action, outcome: &outcome)
    // Of two at one relay and above 0 dB one is served at most.
    let pair = outcome.rewards[0] + outcome.rewards[1]
    #expect(pair == -1 || pair == 0.5)
    #expect(outcome.rewards[2] == 1)
    #expect(world.seen("was_served", by: 2) == 1)
    #expect(world.seen("was_in_conflict", by: 2) == 0)
    func seen(_ field: String) -> [Double] { (0..<6).map { world.seen(field, by: $0) } }
    #expect(seen("channel_1_senders") == [1, 1, 2, 2, 2, 2])
    #expect(seen("channel_2_senders") == [1, 1, 0, 1, 1, 1])
    #expect(seen("channel_1_own") == [1, 1, 0, 0, 0, 0])
    let rows = world.records().map { Dictionary(uniqueKeysWithValues: zip(world.recordColumns, $0)) }
    let other = 23 - rows[1].number("path_loss_db")
    #expect(abs(world.seen("channel_1_interference_dbm", by: 0) - other) < 1e-3)
    #expect(world.seen("channel_2_interference_dbm", by: 2) == -140)
    #expect(abs(world.seen("channel_2_interference_dbm", by: 5) - (23 - rows[2].number("path_loss_db"))) < 1e-3)
  }

  /// The best of all joint actions of one slot, by trying them all through the world's own step.
  private func exhaustive(_ world: AerialChannels, channels: Int) -> Double {
    let count = world.agentCount
    var best = -Double.infinity
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: count)
    var total = 1
    for _ in 0..<count { total *= channels + 1 }
    for code in 0..<total {
      var rest = code
      for device in 0..<count {
        action.discrete[device] = Int32(rest % (channels + 1))
        rest /= channels + 1
      }
      var copy = world
      copy.step(action, outcome: &outcome)
      best = max(best, outcome.rewards.reduce(0, +) / Double(count))
    }
    return best
  }

  @Test func `on tiny instances the bound lies above the exhaustive optimum, and often on it`() throws {
    var scene = ChannelScene()
    (scene.devices, scene.side_m, scene.columns, scene.rows, scene.channels, scene.steps) = (6, 500, 2, 1, 2, 1)
    (scene.busy_s, scene.quiet_s) = (4, 1)
    var tight = 0
    for seed in 0..<20 as Range<UInt64> {
      let world = try scene.world(seed: seed)
      let bound = try #require(world.returnBound(seed: seed))
      let best = exhaustive(world, channels: 2)
      #expect(best <= bound + 1e-12)
      // What a relay's devices alone allow: one a channel.
      #expect(bound <= 4.0 / 6 + 1e-12)
      tight += abs(best - bound) < 1e-12 ? 1 : 0
    }
    #expect(tight >= 10, "\(tight) of 20")
  }

  @Test func `activity is on and off for the times that the scenario says`() throws {
    var scene = ChannelScene()
    (scene.devices, scene.busy_s, scene.quiet_s, scene.steps) = (200, 1, 3, 1000)
    let world = try scene.world()
    let episode = ChannelEpisode(world, seed: 1, ChannelController(SilentDeviceRule.self, for: world))
    let busy = Double(episode.rows.reduce(0) { $0 + $1.count }) / (200 * 1000)
    // A share of 1/4; the correlation time is 1/(1/1 + 1/3) = 0.75 s, 7.5 slots: 200 · 1000/15 independent samples.
    let variance: Double = 0.25 * 0.75 / (200 * 1000 / 15)
    #expect(abs(busy - 0.25) < 4 * variance.squareRoot())
    var (ends, slots) = (0.0, 0.0)
    for step in 0..<999 {
      let now = Set(episode.rows[step].map { $0.number("agent") })
      let next = Set(episode.rows[step + 1].map { $0.number("agent") })
      slots += Double(now.count)
      ends += Double(now.subtracting(next).count)
    }
    #expect(abs(ends / slots - 0.1) < 4 * (0.1 * 0.9 / slots).squareRoot())
  }

  @Test(arguments: ["discrete", "hybrid"]) func `steps and views ask for no memory`(form: String) throws {
    var scene = ChannelScene()
    scene.actions = form
    var world = try scene.world(seed: 2)
    var chance = RandomController(for: world)
    var actions: [JointAction] = []
    for seed in 0..<20 as Range<UInt64> {
      var action = JointAction(for: world.groups)
      chance.begin(seed: seed)
      chance.act(in: world, &action)
      for device in action.discrete.indices { action.discrete[device] = Int32((UInt64(device) + seed) % 5) }
      actions.append(action)
    }
    var outcome = StepOutcome(agents: world.agentCount)
    var values = [Float](repeating: 0, count: world.stateCount)
    var mask = [Bool](repeating: false, count: world.groups[0].count * world.groups[0].action.maskCount)
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
}
