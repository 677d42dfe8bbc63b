import Glibc
import Randomness
import ReinforcementLearning
import Testing
import VehicularEdge

/// Who is served, and the air, recomputed from positions and draws.
@Suite struct RoadsideUplinkTests {
  /// A slot's gain from a vehicle to a node.
  private func gain(_ row: Row, to node: (x: Double, y: Double), number: Int, seed: UInt64, _ scene: RoadsideScene)
    -> Double
  {
    let draws = WorldDraws(seed: seed).block(
      WorldDraws.Purpose(rawValue: 0x120), entity: UInt64(row["vehicle"]) * 64 + UInt64(number),
      time: UInt64(row.step))
    let z = Variate.normals(draws.0, draws.1).0
    let distance = max(hypot(row["x_m"] - node.x, row["y_m"] - node.y), scene.nearest_m)
    return (scene.fadingMean + scene.fadingDeviation * z) / pow(distance, scene.exponent)
  }

  /// SINRs at the given powers: rows of other nodes and the weaker of the own disturb.
  private func sinrs(_ rows: [Row], _ powers: [Double], _ gains: [[Double]], _ noise_W: Double) -> [Double] {
    rows.indices.map { k in
      let node = rows[k].agent
      var disturbance = noise_W
      for j in rows.indices where j != k {
        if rows[j].agent != node || gains[j][node] < gains[k][node] { disturbance += powers[j] * gains[j][node] }
      }
      return powers[k] * gains[k][node] / disturbance
    }
  }

  @Test func `powers, SINRs and rates are those of successive cancellation and the closed form`() throws {
    let scene = RoadsideScene()
    let world = try scene.world()
    let places = world.parameters.nodes.positions_m
    let noise_W = pow(10, scene.noise_dBm / 10 - 3)
    var compared = 0
    var crowded = 0
    for seed in [3, 4] as [UInt64] {
      for rows in RoadsideEpisode(world, seed: seed, RandomController(for: world)).steps where !rows.isEmpty {
        let gains = rows.map { row in
          places.indices.map { gain(row, to: places[$0], number: $0, seed: seed, scene) }
        }
        let mates = rows.map { row in rows.indices.filter { rows[$0].agent == row.agent } }
        let first = sinrs(rows, mates.map { scene.power_W / Double($0.count) }, gains, noise_W)
        let weights = first.map { $0 / (1 + $0) }
        let powers = rows.indices.map { k in
          scene.power_W * weights[k] / mates[k].reduce(0) { $0 + weights[$1] }
        }
        let last = sinrs(rows, powers, gains, noise_W)
        for k in rows.indices {
          #expect(agree(rows[k]["power_gain"], gains[k][rows[k].agent]))
          #expect(agree(rows[k]["tx_power_w"], powers[k]))
          #expect(agree(pow(10, rows[k]["sinr_db"] / 10), last[k]))
          #expect(agree(rows[k]["rate_bps"], scene.band_Hz * log2(1 + last[k])))
          let total = rows[k]["own_interference_w"] + rows[k]["other_interference_w"] + rows[k]["noise_w"]
          #expect(agree(total, powers[k] * gains[k][rows[k].agent] / last[k]))
          compared += 1
          if mates[k].count > 1 { crowded += 1 }
        }
      }
    }
    #expect(compared > 150 && crowded > 50)
  }

  @Test func `a vehicle belongs to the nearest node that hears it, and the nearest ones are served`() throws {
    var scene = RoadsideScene()
    scene.vehicles = 40
    scene.probability = 1
    scene.steps = 40
    let world = try scene.world()
    let places = world.parameters.nodes.positions_m
    #expect(places.map { $0.x } == [500, 1500, 500, 1500] && places.map { $0.y } == [500, 500, 1500, 1500])
    var full = 0
    for rows in RoadsideEpisode(world, seed: 2, RandomController(for: world)).steps {
      #expect(Set(rows.map { $0["vehicle"] }).count == rows.count)
      for row in rows {
        let distances = places.map { hypot(row["x_m"] - $0.x, row["y_m"] - $0.y) }
        #expect(agree(row["distance_m"], distances[row.agent]))
        #expect(distances[row.agent] == distances.min() && row["distance_m"] <= 500)
      }
      for node in places.indices {
        let own = rows.filter { $0.agent == node }
        #expect(own.map { $0["rank"] } == own.indices.map(Double.init))
        #expect(own.map { $0["distance_m"] } == own.map { $0["distance_m"] }.sorted())
        if own.count == 3 { full += 1 }
      }
    }
    #expect(full > 20)
  }

  @Test func `fading has the mean and the deviation that the scenario says`() throws {
    var scene = RoadsideScene()
    scene.probability = 1
    scene.steps = 300
    let world = try scene.world()
    let values = RoadsideEpisode(world, seed: 2, RandomController(for: world)).rows.map { $0["fading_power"] }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(n > 1000 && (mean - 2).magnitude < 4 * 0.4 / n.squareRoot())
    #expect((variance - 0.16).magnitude < 4 * 0.16 * (2 / n).squareRoot())
  }
}
