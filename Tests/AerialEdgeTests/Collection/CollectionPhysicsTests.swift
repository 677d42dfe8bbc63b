import AerialEdge
import EdgeCloud
import Glibc
import ReinforcementLearning
import Snapshots
import Testing

@Suite struct CollectionPhysicsTests {
  /// A collector that hangs over one sensor, which has a packet in every slot, near the centre.
  private func lone(_ dynamics: String, actions: String = "multi-discrete") -> CollectionScene {
    var scene = CollectionScene()
    (scene.dynamics, scene.actions, scene.sharing) = (dynamics, actions, "equal")
    (scene.collectors, scene.sensors, scene.packetChance, scene.speed_mps) = (1, 1, 1, 0)
    (scene.side_m, scene.collectRadius_m, scene.noise_dBmPerHz) = (50, 200, -174)
    (scene.ageReference_s, scene.energyWeight) = (1, 0)
    return scene
  }

  private func ages(_ scene: CollectionScene, _ decisions: [[Int32]]) throws -> [Double] {
    var world = try scene.world(seed: 1)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 1)
    return decisions.map { decision in
      action.discrete = decision
      world.step(action, outcome: &outcome)
      return -outcome.rewards[0]
    }
  }

  @Test func `taken, processed and sent in one slot each: an age of three`() throws {
    let both: [Int32] = [0, 1, 1]
    #expect(try ages(lone("corrected"), [both, both, both, both, both]) == [1, 2, 3, 3, 3])
    // A batch that waits grows older by one a slot: made in slot 0, processed in 3, sent in 4.
    let wait: [Int32] = [0, 0, 0]
    #expect(try ages(lone("corrected"), [wait, wait, wait, [0, 1, 0], [0, 0, 1]]) == [1, 2, 3, 4, 5])
    // Sent from a slot on in which it is not there yet: nothing happens.
    #expect(try ages(lone("corrected"), [both, [0, 0, 1], [0, 0, 1], wait]) == [1, 2, 3, 4])
  }

  @Test func `the published code lets a waiting batch age twice, and overwrites what is fresher`() throws {
    let (wait, both): ([Int32], [Int32]) = ([0, 0, 0], [0, 1, 1])
    // Processed and sent in one slot: made in 0, known at the end of 1.
    #expect(try ages(lone("published"), [wait, both]) == [1, 2])
    // Made in 0, processed and sent in 3: (3 + 1 − 0) + (3 − 0 − 1) = 6 where the truth is 4.
    #expect(try ages(lone("published"), [wait, wait, wait, both]) == [1, 2, 3, 6])
  }

  @Test func `a lone collector that does all it can reaches the bound`() throws {
    var scene = lone("corrected", actions: "discrete")
    scene.steps = 50
    let world = try scene.world()
    let episode = CollectionEpisode(world, seed: 4, CollectionController(StationaryRule.self, for: world))
    #expect(episode.gain == world.returnBound(seed: 4))
    let ages: Double = 1 + 2 + 48 * 3
    #expect(episode.gain == -ages)
  }

  @Test func `taking data in takes bits over rate, and until then the collector stays`() throws {
    var scene = lone("corrected")
    (scene.packetBits, scene.speed_mps) = (20_000, 6)
    var world = try scene.world(seed: 3)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 1)
    func place() -> [Double] { world.records().first.map { row in row[3...4].map { ["": $0].number("") } } ?? [] }
    func mayMove() -> Bool {
      var mask = [Bool](repeating: false, count: 21)
      var span = mask.mutableSpan
      world.writeActionMask(group: 0, into: &span)
      return mask[1]
    }
    action.discrete = [1, 0, 0]
    world.step(action, outcome: &outcome)
    let first = place()
    // About 20,000 bits at 8,000 bit/s: three slots with the one in which it began.
    #expect(!mayMove())
    for _ in 0..<2 {
      world.step(action, outcome: &outcome)
      #expect(place() == first)
    }
    #expect(mayMove())
  }

  /// Mean losses of the two dynamics in plain formulas.
  private func loss_dB(_ ground_m: Double, published: Bool) -> Double {
    let k = 4 * Double.pi * 2.5e9 / 3e8
    if published {
      let clear = 1 / (1 + 9.61 * exp(-0.16 * (atan(5 / ground_m) - 9.61)))
      let free = k * ground_m * (k * ground_m)
      return 10 * log10(clear * free * pow(10, 1.0 / 20) + pow(10, 20.0 / 20) * free * (1 - clear))
    }
    let clear = 1 / (1 + 9.61 * exp(-0.16 * (atan(5 / ground_m) * 180 / Double.pi - 9.61)))
    return 20 * log10(k * hypot(ground_m, 5)) + clear + 20 * (1 - clear)
  }

  @Test(arguments: ["corrected", "published"])
  func `an episode's links, ages and rewards are recomputed from its table`(dynamics: String) throws {
    var scene = CollectionScene()
    scene.dynamics = dynamics
    let world = try scene.world()
    let isPublished = dynamics == "published"
    for controller in 0..<2 {
      let episode =
        controller == 0
        ? CollectionEpisode(world, seed: 6, RandomController(for: world))
        : CollectionEpisode(world, seed: 6, CollectionController(OldestOfAllRule.self, for: world))
      var ages = [Double](repeating: 0, count: 30)
      var (links, deliveries) = (0, 0)
      for moment in episode.moments {
        for sensor in ages.indices { ages[sensor] += 1 }
        var fresh: [Int: Double] = [:]
        for row in moment.rows {
          let sensor = row.number("delivered_sensor")
          if !sensor.isNaN {
            let counted = row.number("counted_age_s")
            #expect(counted >= row.number("delivered_age_s") - 1e-9)
            fresh[Int(sensor)] = min(fresh[Int(sensor)] ?? .infinity, counted)
            deliveries += 1
          }
          guard !row.number("sent_sensor").isNaN else { continue }
          let ground = row.number("ground_distance_m")
          #expect(abs(hypot(row.number("x_m") - 100, row.number("y_m") - 100) - ground) < 1e-9)
          let loss = loss_dB(ground, published: isPublished)
          #expect(abs(row.number("path_loss_db") - loss) < 1e-9)
          let band = row.number("share") * 1e6
          let snr = pow(10, (23.0103 - loss + 100 - 10 * log10(band)) / 10)
          let rate = band * min(log2(1 + snr), 7.40625)
          #expect(abs(row.number("rate_bps") - rate) <= 1e-9 * max(rate, 1))
          links += 1
        }
        for (sensor, age) in fresh { ages[sensor] = isPublished ? age : min(ages[sensor], age) }
        let mean = ages.reduce(0, +) / 30
        for (index, row) in moment.rows.enumerated() {
          #expect(abs(row.number("mean_age_s") - mean) < 1e-9)
          let reward = -(mean / 100 + 0.5 * row.number("energy_j") / 0.2)
          #expect(abs(moment.outcome.rewards[index] - reward) < 1e-9)
        }
        #expect(abs(moment.outcome.rewards[4] + mean / 100) < 1e-9)
        #expect(abs(moment.rows.reduce(0) { $0 + $1.number("share") } - 1) < 1e-9)
      }
      #expect(links > 100 && deliveries > 20, "\(links) links, \(deliveries) deliveries")
      // The metric of the rewarded age is the mean of the column.
      let metrics = Dictionary(uniqueKeysWithValues: episode.world.metrics().map { ($0.name, $0.value ?? .nan) })
      let column = episode.moments.reduce(0) { $0 + $1.rows[0].number("mean_age_s") } / 200
      #expect(abs((metrics["age_rewarded_mean_s"] ?? .nan) - column) < 1e-9)
      // In a slot an age rises by one from where the last slot left it: the sawtooth's mean is that of the values at the
      // ends of slots, the last left out and the first (0) put in, and a half.
      let last = ages.reduce(0, +) / 30
      let sawtooth = column - last / 200 + 0.5
      let mean = metrics["age_mean_s"] ?? .nan
      #expect(isPublished ? mean <= sawtooth + 1e-9 : abs(mean - sawtooth) < 1e-9)
    }
  }

  @Test func `packets come as often and as large as the scenario says`() throws {
    var scene = CollectionScene()
    (scene.sensors, scene.steps) = (200, 200)
    let world = try scene.world()
    let episode = CollectionEpisode(world, seed: 2, CollectionController(IdleCollectorRule.self, for: world))
    let trials = 200.0 * 201
    let made = Double(episode.moments.last?.made ?? 0)
    #expect(abs(made - 0.3 * trials) < 4 * (0.3 * 0.7 * trials).squareRoot())
    let bits = try episode.world.snapshot().doubles("sums")[0]
    #expect(abs(bits / made - 1000) < 4 * (1000 / made).squareRoot())
  }

  @Test func `a wrong count of packets is caught`() throws {
    let world = try CollectionScene().world()
    var broken = CollectionEpisode(world, seed: 1, RandomController(for: world)).world
    var snapshot = broken.snapshot()
    var counts = try snapshot.integers("counts")
    counts[1] += 1
    snapshot.set("counts", counts)
    try broken.restore(from: snapshot)
    #expect(!broken.brokenInvariants().isEmpty)
  }
}
