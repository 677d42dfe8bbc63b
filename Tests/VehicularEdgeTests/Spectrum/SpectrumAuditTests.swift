import EdgeCloud
import Glibc
import ReinforcementLearning
import Testing
import VehicularEdge

/// Slots recomputed from their tables, in plain formulas.
@Suite struct SpectrumAuditTests {
  private static let vehicleNoise_W = pow(10, (-174 + 9 - 30) / 10.0) * 1e6
  private static let baseNoise_W = pow(10, (-174 + 5 - 30) / 10.0) * 1e6

  /// Signals, SINR, rates and rewards of a row from its own columns; interference at the base from all rows.
  @Test(arguments: ["tr36885", "liang2019-compat"], ["discrete", "hybrid", "continuous"])
  func `the table adds up`(channel: String, actions: String) throws {
    var scene = channel == "tr36885" ? SpectrumScene() : SpectrumScene.compat
    scene.actions = actions
    scene.vehicles = 8
    scene.blocks = 4
    scene.uplinkWeight = 0.3
    scene.energyWeight = 5
    let cap = channel == "tr36885" ? 7.40625 : .infinity
    let world = try scene.world()
    let played = world.episode(seed: 11, RandomController(for: world), rows: true)
    var sent = 0
    var left = [Double](repeating: 16960, count: 8)
    for (slot, rows) in played.rows.enumerated() {
      var efficiency = [Double](repeating: 0, count: 8)
      var power_W = [Double](repeating: 0, count: 8)
      for row in rows {
        guard !row["block"].isNaN else { continue }
        sent += 1
        let loss = row["path_loss_db"] + row["shadowing_db"] - row["antenna_gain_db"]
        let signal_W = row["tx_power_w"] * pow(10, -loss / 10) * row["fading_power"]
        let sinr = signal_W / (row["interference_w"] + Self.vehicleNoise_W)
        #expect(agree(pow(10, row["sinr_db"] / 10), sinr))
        #expect(agree(row["rate_bps"], 1e6 * min(log1p(sinr) / log(2), cap)))
        #expect(agree(row["energy_j"], row["tx_power_w"] * 1e-3))
        #expect(agree(row["noise_w"], Self.vehicleNoise_W))
        efficiency[row.agent] += row["rate_bps"] / 1e6
        power_W[row.agent] += row["tx_power_w"]
      }
      #expect(power_W.allSatisfy { $0 <= pow(10, -0.7) * (1 + 1e-9) })
      var uplinks = 0.0
      for row in rows where row["uplink_block"] >= 1 {
        let loss = row["uplink_path_loss_db"] + row["uplink_shadowing_db"] - 11
        let signal_W = pow(10, (23 - 30) / 10.0) * pow(10, -loss / 10) * row["uplink_fading_power"]
        let sinr = signal_W / (row["uplink_interference_w"] + Self.baseNoise_W)
        #expect(agree(row["uplink_rate_bps"], 1e6 * min(log1p(sinr) / log(2), cap)))
        #expect(agree(row["uplink_noise_w"], Self.baseNoise_W))
        // Once per vehicle, though with continuous actions it has a row for every transmission.
        if rows.first(where: { $0.agent == row.agent })?["block"].bitPattern == row["block"].bitPattern {
          uplinks += row["uplink_rate_bps"] / 1e6
        }
      }
      var parts = 0.0
      for link in 0..<8 {
        left[link] = max(0, left[link] - efficiency[link] * 1000)
        parts += left[link] <= 0 ? 1 : efficiency[link] / 10
        if slot < 99, let row = rows.first(where: { $0.agent == link }) {
          #expect(agree(row["payload_left_bits"], left[link], absolute: 1e-6))
        }
      }
      let energy_J = power_W.reduce(0, +) * 1e-3 / 8
      let expected = 0.3 * uplinks / 40 + (channel == "tr36885" ? 0.9 : 1) * parts / 8 - 5 * energy_J
      for row in rows { #expect(agree(row["reward"], expected)) }
    }
    #expect(sent > 50)
  }

  /// Interference from the true gains: all others on the block, and the uplink of the block.
  @Test func `everybody on a block disturbs everybody else on it and nobody on another`() throws {
    var world = try SpectrumScene().world(seed: 6)
    let powers_W = [0, pow(10, -2.5), pow(10, -1.5), pow(10, -0.7)]
    let choices: [(block: Int, power: Int)] = [(1, 3), (1, 2), (2, 3), (1, 1)]
    for _ in 0..<20 where (0..<4).allSatisfy(world.isSending) {
      var expected: [Double] = []
      for link in 0..<4 {
        let block = choices[link].block
        var sum = world.trueFloor_W(link: link, block: block) - Self.vehicleNoise_W
        for other in 0..<4 where other != link && choices[other].block == block {
          sum += powers_W[choices[other].power] * world.trueGain(from: other, to: link, block: block)
        }
        expected.append(sum)
      }
      world.play(choices.map { Int32($0.block * 4 + $0.power) })
      for (row, value) in zip(world.rows, expected) { #expect(agree(row["interference_w"], value)) }
      // What the receiver measured is what the link sees, in dBm.
      let level = 10 * log10(world.rows[2]["interference_w"] + Self.vehicleNoise_W) + 30
      #expect((world.seen("interference_3_dbm", by: 2) - min(max(level, -150), 10)).magnitude < 1e-3)
      #expect((world.seen("interference_1_dbm", by: 2) + 105).magnitude > 0)
    }
  }

  @Test func `what a link sees is the gain of its slot, its payload and its time`() throws {
    var world = try SpectrumScene().world(seed: 6)
    for slot in 0..<5 {
      for link in 0..<4 {
        for block in 0..<4 {
          let gain = 10 * log10(world.observedGain(link: link, block: block))
          #expect((world.seen("gain_\(block + 1)_db", by: link) - gain).magnitude < 1e-3)
        }
        #expect(agree(world.seen("time_left_s", by: link), 0.1 - 0.001 * Double(slot), within: 1e-6))
      }
      if slot == 0 {
        // Nothing has been measured: noise alone, −174 + 60 + 9 dBm.
        #expect((world.seen("interference_1_dbm", by: 0) + 105).magnitude < 1e-3)
      }
      world.play([3, 7, 11, 15])
      for link in 0..<4 {
        let left = world.rows[link]["payload_left_bits"]
        #expect(agree(world.seen("payload_left_bits", by: link), left, within: 1e-6))
      }
    }
  }

  /// A slot by hand: link 0 alone sends; its signal from the snapshot's own draws by the equations.
  @Test func `a silent world but for one link has no interference but the uplink's`() throws {
    var scene = SpectrumScene()
    scene.blocks = 6
    var world = try scene.world(seed: 1)
    // Block 6 has no uplink: four vehicles have those of blocks 1 to 4.
    world.play([Int32(5 * 4 + 3), 0, 0, 0])
    let row = world.rows[0]
    #expect(row["interference_w"] == 0 && row["block"] == 6)
    let loss = row["path_loss_db"] + row["shadowing_db"] - 6
    let snr = pow(10, (23 - loss - 30) / 10) * row["fading_power"] / Self.vehicleNoise_W
    #expect(agree(row["rate_bps"], 1e6 * min(log1p(snr) / log(2), 7.40625)))
    #expect(world.rows[1...].allSatisfy { $0["uplink_interference_w"] == 0 })
  }
}
