import EdgeCloud
import Glibc
import IndustrialEdge
import ReinforcementLearning
import Testing

/// Rewards and times recomputed from the published rows.
@Suite struct HallAuditTests {
  @Test(arguments: ["inf-sl", "inf-dl"])
  func `a reward is what the row's losses, latencies, misses and joules make it`(name: String) throws {
    let scene = HallScene([("time.steps", "250")], name: name)
    let reward = try scene.parameters().reward
    let world = try scene.world()
    for (rule, make) in hallRules where ["round-robin", "frugal", "selfish"].contains(rule) {
      let episode = HallEpisode(world, seed: 3, make(world), keepsRows: true)
      var charged: [Double: Double] = [:]
      var closed = 0
      for row in episode.rows {
        func value(_ column: String) -> Double { row[column]?.number ?? .nan }
        let messages = value("messages")
        let outage = messages > 0 ? value("down") / messages : 0
        #expect(value("outage_share") == outage)
        let joules = [value("loop_energy_j"), value("job_energy_j")].filter { !$0.isNaN }.reduce(0, +)
        #expect((value("energy_j") - joules).magnitude < 1e-12)
        if messages > 0 {
          let watts = pow(10, (value("tx_power_dbm") - 30) / 10)
          #expect((value("loop_energy_j") - watts * 0.0005 * messages * value("granted_copies")).magnitude < 1e-12)
        }
        let expected =
          -(reward.outageWeight * outage + reward.latencyWeight * value("latency_share")
          + reward.missWeight * value("missed") + reward.energyWeight * joules / reward.energyReference_J)
        #expect((value("reward") - expected).magnitude < 1e-9)
        // What a job has been charged by its end is its latency over its deadline, or all of it.
        let agent = value("agent")
        charged[agent, default: 0] += value("latency_share")
        let fate = row["outcome"]?.word ?? ""
        guard !fate.isEmpty, value("missed") <= 1 else { continue }
        closed += 1
        let share = fate == "done" ? value("latency_s") / value("deadline_s") : 1
        #expect((charged[agent, default: 0] - share).magnitude < 1e-9 || value("missed") == 1 && fate == "done")
        #expect(fate != "done" || value("latency_s") <= value("deadline_s") + 1e-9)
        charged[agent] = 0
      }
      #expect(closed > 20)
    }
  }

  @Test(arguments: ["inf-sl", "inf-dl"])
  func `no step uses more blocks than there are, and energy is power times the blocks' share of the time`(
    name: String
  ) throws {
    let scene = HallScene([("time.steps", "250")], name: name)
    let parameters = try scene.parameters()
    let pool = Double(parameters.blocksPerStep)
    let world = try scene.world()
    for (rule, make) in hallRules where ["cloud", "selfish", "robust"].contains(rule) {
      let episode = HallEpisode(world, seed: 9, make(world), keepsRows: true)
      var blocks: [Double: Double] = [:]
      var shares: [Double: Double] = [:]
      for row in episode.rows {
        func value(_ column: String) -> Double { row[column]?.number ?? .nan }
        shares[value("step")] = value("reserved_share") + value("monitored_share")
        if !value("upload_blocks").isNaN { blocks[value("step"), default: 0] += value("upload_blocks") }
        if !value("block_bits").isNaN, value("cpu_hz").isNaN {
          let watts = pow(10, (parameters.radio.uploadPower_dBm - 30) / 10)
          let expected = watts * value("upload_blocks") / pool * parameters.time.step_s
          #expect((value("job_energy_j") - expected).magnitude < 1e-12)
        }
      }
      for (step, share) in shares { #expect(share + blocks[step, default: 0] / pool <= 1 + 1e-9) }
      #expect(blocks.values.contains { $0 > 0 } || rule == "robust")
    }
  }

  /// One station, one server: camera 10 Mcycle on the device, 2 bits of image, detection at the server.
  @Test func `a job of one station goes through its steps as computed by hand`() throws {
    let world = try HallScene(
      [
        ("loops", "[]"), ("robots", "null"), ("monitoring", "null"), ("inspectors.mttf_s", "null"),
        ("inspectors.mttr_s", "null"), ("edge.mttf_s", "null"), ("edge.mttr_s", "null"), ("edge.count", "1"),
        ("edge.cpu_hz", "2e9"), ("inspectors.device.cpu_min_hz", "1e9"), ("inspectors.device.cpu_max_hz", "1e9"),
        ("inspectors.job.size_min", "1"), ("inspectors.job.size_max", "1"), ("inspectors.job.period_s", "1"),
        ("inspectors.job.deadline_s", "0.15"), ("radio.noise_rise_db", "0"), ("time.steps", "100"),
      ], name: "inf-sl"
    ).world()
    let episode = HallEpisode(world, seed: 1, HallRule(.edge, for: world), keepsRows: true)
    let tasks = episode.rows.filter { !($0["task"]?.word ?? "").isEmpty }
    #expect(tasks.map { $0["task"]?.word } == ["camera", "detect", "decide"])
    let done = episode.rows.filter { !($0["done_task"]?.word ?? "").isEmpty }
    func value(_ row: [String: RecordValue], _ column: String) -> Double { row[column]?.number ?? .nan }
    // The camera starts at the first step after the part came and takes 10 ms at 1 GHz: 10⁻²⁷ · 10¹⁸ · 10⁷ J.
    let start = value(tasks[0], "time_s")
    #expect((value(done[0], "finish_s") - start - 0.01).magnitude < 1e-12)
    #expect((value(done[0], "job_energy_j") - 0.01).magnitude < 1e-15)
    // Detection is decided ten or twenty milliseconds later, and its image uploaded with the whole pool.
    let decided = value(tasks[1], "time_s")
    #expect(decided >= start + 0.01 - 1e-12 && decided <= start + 0.02 + 1e-12)
    var sent = 0.0
    var end = 0.0
    for row in episode.rows where !value(row, "upload_blocks").isNaN {
      sent += value(row, "upload_blocks") * value(row, "block_bits")
      end = value(row, "time_s") + 0.01 * value(row, "upload_blocks") / 220
    }
    #expect((sent - 400_000).magnitude < 1e-3)
    let arrival = end + 400_000 / 1e9 + 0.0005
    #expect((value(done[1], "task_arrival_s") - arrival).magnitude < 1e-9)
    // MobileNet v2 takes 2.5 ms on the server's board; then 1 Mcycle at 2 GHz where the result is.
    #expect((value(done[1], "finish_s") - arrival - 0.0025).magnitude < 1e-9)
    let last = value(tasks[2], "time_s")
    #expect(last >= arrival + 0.0025 - 1e-9 && last < arrival + 0.0025 + 0.01 + 1e-9)
    #expect((value(done[2], "finish_s") - last - 0.0005).magnitude < 1e-12)
    // The result comes back over network and downlink.
    let latency = last + 0.0005 + 0.0005 + 0.001 - value(done[2], "job_arrival_s")
    #expect((value(done[2], "latency_s") - latency).magnitude < 1e-12)
    #expect(done[2]["outcome"] == .text("done"))
  }

  /// With real numbers, the energy-greedy rule computes at f = C / (deadline − waiting), so that E = κ C³ / T².
  @Test func `the slowest clock that meets the deadline costs kappa C cubed over T squared`() throws {
    let world = try HallScene(
      [
        ("actions", "hybrid"), ("loops", "[]"), ("inspectors", "null"), ("monitoring", "null"),
        ("robots.device.cpu_min_hz", "1.5e9"), ("robots.device.cpu_max_hz", "1.5e9"),
        ("robots.device.clock_shares", "[0.1, 1]"), ("robots.job.size_min", "1"), ("robots.job.size_max", "1"),
        ("radio.upload_power_dbm", "40"), ("radio.noise_rise_db", "60"), ("time.steps", "60"),
        ("radio.antenna_gain_db", "-30"),
      ], name: "inf-sl"
    ).world()
    let episode = HallEpisode(world, seed: 2, HallRule(.leastEnergy, for: world), keepsRows: true)
    var seen = 0
    for row in episode.rows where row["done_target"] == .text("device") {
      func value(_ column: String) -> Double { row[column]?.number ?? .nan }
      let time = value("job_arrival_s") + 0.1 - value("task_arrival_s")
      #expect((value("job_energy_j") / (1e-27 * pow(6e7, 3) / (time * time)) - 1).magnitude < 1e-5)
      #expect((value("latency_s") - 0.1).magnitude < 1e-6)
      seen += 1
    }
    #expect(seen >= 3)
  }
}
