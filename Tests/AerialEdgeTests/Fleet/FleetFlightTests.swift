import AerialEdge
import EdgeCloud
import Glibc
import ReinforcementLearning
import Testing

@Suite struct FleetFlightTests {
  /// A lone aircraft and a lone user, far enough from each other that the best altitude lies within the limits.
  private func pair(_ channel: String, altitude_m: ClosedRange<Double>) throws -> AerialFleet {
    var scene = FleetScene()
    scene.channel = channel
    scene.uavs = 1
    scene.users = "count: 1"
    scene.steps = 4_000
    scene.altitude_m = altitude_m
    scene.fleet = "start_altitude_m: \(altitude_m.lowerBound + 1), positions: [{x_m: 500, y_m: 500}]"
    scene.climb_mps = 20
    scene.acceleration_mps2 = 1_000
    scene.capacity_J = 1e9
    return try scene.world()
  }

  /// Al-Hourani et al. (2014) derive these angles; here a rule that knows no law finds them by flying and measuring.
  @Test(arguments: [
    ("al-hourani-suburban", 20.34), ("al-hourani-urban", 42.44), ("al-hourani-dense", 54.62),
    ("al-hourani-highrise", 75.52),
  ])
  func `searching the altitude finds the elevation of least loss`(channel: String, angle: Double) throws {
    for seed in 0..<3 as Range<UInt64> {
      var world = try pair(channel, altitude_m: 10...5_000)
      _ = world.play(seed: seed, AltitudeSearchRule(for: world))
      let ground = hypot(world.seen("user_1_east_m", by: 0), world.seen("user_1_north_m", by: 0))
      let height = world.seen("altitude_m", by: 0) - 1.5
      let found = AirToGround.elevation_deg(ground_m: ground, height_m: height)
      #expect((found - angle).magnitude < 0.02, "seed \(seed), \(ground) m away")
    }
  }

  /// The mean power at a constant speed, from the battery alone.
  private func power_W(at speed: Double, model: String = "zeng2019") throws -> Double {
    var scene = FleetScene()
    scene.uavs = 1
    scene.users = "count: 1"
    scene.width_m = 100_000
    scene.speed_mps = 60
    scene.acceleration_mps2 = 1_000
    scene.energy = "propulsion: \(model), avionics_w: 0, airframe: {tip_speed_mps: 120, induced_speed_mps: 4.03}"
    scene.rate_Hz = 0
    var world = try scene.world()
    world.fly([[Float(speed), 0, 0]])
    let first = world.rows("uav")[0]
    for _ in 0..<20 { world.fly([[Float(speed), 0, 0]]) }
    let last = world.rows("uav")[0]
    #expect(near(last["to_x_m"] - first["to_x_m"], 20 * Double(Float(speed)), within: 1e-12))
    return (first["charge_j"] - last["charge_j"]) / 20
  }

  @Test func `the endurance speed comes out at 10.21 m/s and the range speed at 18.30 m/s`() throws {
    let endurance = try search { try power_W(at: $0) }
    #expect((endurance - 10.212).magnitude < 0.005)
    #expect((try power_W(at: endurance) - 126.003).magnitude < 2e-3)
    let range = try search { try power_W(at: $0) / $0 }
    #expect((range - 18.295).magnitude < 0.005)
    #expect((try power_W(at: range) / range - 8.8287).magnitude < 1e-4)
    // Hovering is not free.
    #expect((try power_W(at: 0) - 168.4842).magnitude < 1e-3)
  }

  /// The place of the least value by trisection; the noise of single precision in the speed ends it.
  private func search(_ value: (Double) throws -> Double) throws -> Double {
    var (low, high) = (1.0, 40.0)
    while high - low > 1e-3 {
      let (left, right) = (low + (high - low) / 3, high - (high - low) / 3)
      if try value(left) < value(right) { high = right } else { low = left }
    }
    return (low + high) / 2
  }

  @Test func `climbing costs the weight times the speed upwards where the model says so`() throws {
    for (model, extra) in [("zeng2019", 0.0), ("zeng2019-climb", 20 * 5.0)] {
      var scene = FleetScene()
      scene.energy = "propulsion: \(model)"
      scene.acceleration_mps2 = 1_000
      var world = try scene.world()
      world.fly([[0, 0, 5], [0, 0, -5]])
      let rows = world.rows("uav")
      let hover = RotaryWing(.zeng2019).power_W(speed_mps: 0)
      #expect(near(rows[0]["propulsion_w"], hover + extra) && near(rows[1]["propulsion_w"], hover))
    }
  }

  @Test func `no aircraft leaves the fence and none comes nearer than the separation where they are held`() throws {
    var scene = FleetScene()
    scene.uavs = 8
    scene.width_m = 200
    scene.separation_m = 30
    scene.altitude_m = 50...60
    scene.fleet = "start_altitude_m: 55"
    scene.acceleration_mps2 = 100
    scene.steps = 300
    var world = try scene.world()
    var (least, touches) = (Double.infinity, 0)
    for seed in 0..<6 as Range<UInt64> {
      let isChance = seed % 2 == 0
      func look(_ world: AerialFleet, _ outcome: StepOutcome) {
        let rows = world.rows("uav")
        for (index, row) in rows.enumerated() {
          #expect((0...200).contains(row["to_x_m"]) && (0...200).contains(row["to_y_m"]))
          #expect((50...60).contains(row["to_z_m"]) && row["near_uavs"] == 0)
          for other in rows[..<index] {
            let apart = hypot(
              hypot(row["to_x_m"] - other["to_x_m"], row["to_y_m"] - other["to_y_m"]), row["to_z_m"] - other["to_z_m"])
            least = min(least, apart)
            touches += apart < 30.001 ? 1 : 0
          }
        }
      }
      if isChance {
        _ = world.play(seed: seed, RandomController(for: world), look)
      } else {
        _ = world.play(seed: seed, NearestUserRule(for: world), look)
      }
    }
    #expect(least >= 30 && touches > 50)
  }

  @Test func `aircraft that come too near pay for it where they are not held`() throws {
    var scene = FleetScene()
    scene.avoidance = "penalised"
    scene.rate_Hz = 0
    scene.acceleration_mps2 = 100
    scene.fleet = "start_altitude_m: 100, positions: [{x_m: 100, y_m: 100}, {x_m: 130, y_m: 100}]"
    var world = try scene.world()
    var outcome = world.fly([[20, 0, 0], [0, 0, 0]])
    #expect(world.rows("uav").map { $0["near_uavs"] } == [0, 0])
    let before = outcome.rewards
    outcome = world.fly([[5, 0, 0], [0, 0, 0]])
    #expect(world.rows("uav").map { $0["near_uavs"] } == [1, 1])
    // One near aircraft weighs 1; flight and age change by far less.
    #expect((outcome.rewards[1] - before[1] + 1).magnitude < 0.05)
  }

  @Test func `a battery is drawn to nothing and not below, and its aircraft lands`() throws {
    var scene = FleetScene()
    scene.capacity_J = 2_000
    scene.energy = "propulsion: zeng2019, avionics_w: 5, charge_min: 0.5, charge_max: 1"
    var world = try scene.world()
    var drawn = [0.0, 0.0]
    var charges: [[Double]] = []
    _ = world.play(seed: 2, CircleRule(for: world)) { world, _ in
      for (aircraft, row) in world.rows("uav").enumerated() {
        drawn[aircraft] += row["propulsion_j"] + row["avionics_j"] + row["computing_j"]
      }
      charges.append(world.rows("uav").map { $0["charge_j"] })
      #expect(world.brokenInvariants() == [])
    }
    #expect(charges.allSatisfy { $0.allSatisfy { $0 >= 0 } } && charges.last == [0, 0])
    for amount in drawn { #expect(amount >= 1_000 - 1e-6 && amount <= 2_000 + 1e-6) }
    #expect((0..<2).allSatisfy { world.seen("altitude_m", by: $0) == 0 })
  }
}
