import Baselines
import Glibc
import Randomness
import ReinforcementLearning
import Testing
import VehicularEdge

/// The table of road-side nodes, recomputed in plain formulas.
@Suite struct RoadsideSettlementTests {
  private func episodes(_ scene: RoadsideScene) throws -> [RoadsideEpisode] {
    let world = try scene.world()
    var all = [RoadsideEpisode(carelessly: world, seed: 1)]
    all.append(RoadsideEpisode(world, seed: 1, RuleController(EdgeRule.self, for: world)))
    all.append(RoadsideEpisode(world, seed: 1, RuleController(CloudRule.self, for: world)))
    all.append(RoadsideEpisode(world, seed: 1, RuleController(RoundRobinRule.self, for: world)))
    all.append(RoadsideEpisode(world, seed: 1, RuleController(LeastLoadedRule.self, for: world)))
    all.append(RoadsideEpisode(world, seed: 1, RuleController(GreedyRule.self, for: world)))
    all.append(RoadsideEpisode(world, seed: 1, RuleController(GreedyOracleRule.self, for: world)))
    return all
  }

  @Test func `conservation and Little's identity hold at every step under every rule`() throws {
    for episode in try episodes(RoadsideScene()) { #expect(episode.brokenInvariants == []) }
  }

  @Test func `uploads, ways, times and fates follow from the row's own columns`() throws {
    let scene = RoadsideScene()
    var fates: [String: Int] = [:]
    for episode in try episodes(scene) {
      for row in episode.rows {
        fates[row.fate, default: 0] += 1
        let needed_s = row["task_bits"] / row["rate_bps"]
        #expect(agree(row["upload_s"], min(needed_s, 1)))
        #expect(agree(row["energy_j"], row["tx_power_w"] * row["upload_s"]))
        #expect(row["task_cycles"] / row["task_bits"] >= 400 && row["task_cycles"] / row["task_bits"] <= 600)
        if row.action == 0 {
          #expect(row.fate == "withdrawn" && row.target == "none" && row["latency_s"] == row["upload_s"])
          continue
        }
        if needed_s > 1 {
          #expect(row.fate == "cut" && row["latency_s"] == 1 && row["counted_s"] == 30)
          continue
        }
        let way_s =
          row.target == "cloud"
          ? row["task_bits"] / 100e6 + 0.04 : row["task_bits"] / 50e6 * row["wire_m"] / 1500
        #expect(agree(row["transfer_s"], way_s))
        let latency_s = row["upload_s"] + way_s + row["wait_s"] + (row["compute_s"].isNaN ? 0 : row["compute_s"])
        #expect(agree(row["latency_s"], min(latency_s, 30)))
        switch row.fate {
        case "done": #expect(latency_s <= row["deadline_s"] + 2e-9)
        case "late": #expect(latency_s > row["deadline_s"] && latency_s <= 30)
        case "expired": #expect(row["compute_s"] == 0 && latency_s >= row["deadline_s"] - 1e-9)
        case "timeout": #expect(row["latency_s"] == 30)
        default: Issue.record("an unknown fate: \(row.fate)")
        }
        let isFinished = row.fate == "done" || row.fate == "late"
        #expect(row["counted_s"] == (isFinished ? row["latency_s"] : 30))
      }
    }
    for fate in ["done", "late", "expired", "cut", "withdrawn"] { #expect((fates[fate] ?? 0) > 5, "\(fate)") }
  }

  @Test func `a node's tasks of a slot share its clock by the root of their work and wait for the batch before`() throws
  {
    for episode in try episodes(RoadsideScene()) {
      let clocks = try clocks(of: episode)
      var free_s = [Double](repeating: 0, count: clocks.count)
      for (step, rows) in episode.steps.enumerated() {
        for node in clocks.indices {
          let here = rows.filter { $0.target == "node" && Int($0["target_node"]) == node && $0.fate != "cut" }
          var batch: [(Row, Double)] = []
          for row in here {
            let there_s = Double(step) + row["upload_s"] + row["transfer_s"]
            let start_s = max(there_s, free_s[node])
            if start_s > Double(step) + row["deadline_s"] + 1e-9 {
              #expect(row.fate == "expired" && row["cpu_hz"].isNaN)
            } else {
              #expect(agree(row["wait_s"], start_s - there_s, absolute: 1e-9))
              batch.append((row, start_s))
            }
          }
          let roots = batch.reduce(0) { $0 + $1.0["task_cycles"].squareRoot() }
          for (row, start_s) in batch {
            let clock = clocks[node] * row["task_cycles"].squareRoot() / roots
            #expect(agree(row["cpu_hz"], clock))
            if row.fate != "timeout" { #expect(agree(row["compute_s"], row["task_cycles"] / clock)) }
            free_s[node] = max(free_s[node], start_s + row["compute_s"])
          }
        }
      }
    }
  }

  /// The clocks of the nodes in the episode of seed 1, which every episode here has.
  private func clocks(of episode: RoadsideEpisode) throws -> [Double] {
    let space = episode.world.groups[0].observation
    let field = try #require(space.fields.firstIndex { $0.name == "node_1_cpu_hz" })
    var values = [Float](repeating: 0, count: episode.world.agentCount * space.count)
    var span = values.mutableSpan
    episode.world.observe(group: 0, into: &span)
    return (0..<episode.world.agentCount).map { node in
      let draw = WorldDraws(seed: 1).uniform(WorldDraws.Purpose(rawValue: 0x121), entity: UInt64(node))
      let clock = 3e9 + 7e9 * draw
      #expect(values[node * space.count + field] == Float(clock))
      return clock
    }
  }

  @Test func `no processor is ever booked beyond its clock`() throws {
    for episode in try episodes(RoadsideScene()) {
      let clocks = try clocks(of: episode)
      for node in clocks.indices {
        var events: [(time_s: Double, change_Hz: Double)] = []
        for row in episode.rows where row.target == "node" && Int(row["target_node"]) == node && !row["cpu_hz"].isNaN {
          let start_s = Double(row.step) + row["upload_s"] + row["transfer_s"] + row["wait_s"]
          events += [(start_s, row["cpu_hz"]), (start_s + row["compute_s"] - 1e-9, -row["cpu_hz"])]
        }
        var used_Hz = 0.0
        for event in events.sorted(by: { ($0.time_s, $0.change_Hz) < ($1.time_s, $1.change_Hz) }) {
          used_Hz += event.change_Hz
          #expect(used_Hz <= clocks[node] * (1 + 1e-6))
        }
      }
    }
  }

  @Test func `the square-root shares are the best of all constant shares`() {
    let cycles = [1e9, 4e9, 9e9]
    let roots = cycles.reduce(0) { $0 + $1.squareRoot() }
    func time(_ shares: [Double]) -> Double { zip(cycles, shares).reduce(0) { $0 + $1.0 / $1.1 } }
    let best = cycles.map { 6e9 * $0.squareRoot() / roots }
    #expect(agree(best.reduce(0, +), 6e9))
    // (Σ√C)²/F by Cauchy and Schwarz.
    #expect(agree(time(best), roots * roots / 6e9))
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
      var other = best
      other[from] -= 1e7
      other[to] += 1e7
      #expect(time(other) > time(best))
    }
  }

  @Test func `the cloud serves in the order of arrival`() throws {
    let scene = RoadsideScene()
    for episode in try episodes(scene) {
      var jobs: [Audit.Job] = []
      let rows = episode.rows
      for (step, inStep) in episode.steps.enumerated() {
        let first = episode.steps[..<step].reduce(0) { $0 + $1.count }
        let arriving = inStep.indices.filter { inStep[$0].target == "cloud" && inStep[$0].fate != "cut" }.map { index in
          let row = inStep[index]
          return Audit.Job(
            row: first + index, arrival_s: Double(step) + row["upload_s"] + row["task_bits"] / 100e6 + 0.02,
            service_s: row["task_cycles"] / 5e9, latestStart_s: Double(step) + row["deadline_s"])
        }
        jobs += arriving.sorted { ($0.arrival_s, $0.row) < ($1.arrival_s, $1.row) }
      }
      let waits = Audit.committed(jobs, servers: scene.cloudServers)
      for (index, wait) in waits {
        #expect(agree(rows[index]["wait_s"], wait.waited_s, absolute: 1e-9))
        #expect(wait.isServed == (rows[index].fate != "expired"))
      }
    }
  }

  @Test func `a node earns its share of tasks in time less their time, and metrics are those of the table`() throws {
    for episode in try episodes(RoadsideScene()) {
      for (step, rows) in episode.steps.enumerated() {
        for node in 0..<episode.world.agentCount {
          let own = rows.filter { $0.agent == node }
          let count = Double(max(own.count, 1))
          let inTime = Double(own.count { $0.fate == "done" }) / count
          let share = own.reduce(0) { $0 + $1["counted_s"] / 30 } / count
          #expect(agree(episode.terms[step][node * 2], inTime) && agree(episode.terms[step][node * 2 + 1], share))
          #expect(agree(episode.outcomes[step].rewards[node], inTime - 0.5 * share, absolute: 1e-12))
        }
      }
      let rows = episode.rows
      let count = Double(rows.count)
      let finished = rows.filter { ["done", "late"].contains($0.fate) }.map { $0["latency_s"] }
      let metrics = Dictionary(uniqueKeysWithValues: episode.world.metrics().map { ($0.name, $0.value) })
      #expect(agree(metrics["deadline_miss_ratio"]! ?? .nan, 1 - Double(rows.count { $0.fate == "done" }) / count))
      #expect(agree(metrics["processing_time_mean_s"]! ?? .nan, rows.reduce(0) { $0 + $1["counted_s"] } / count))
      #expect(agree(metrics["energy_per_task_j"]! ?? .nan, rows.reduce(0) { $0 + $1["energy_j"] } / count))
      if !finished.isEmpty {
        #expect(agree(metrics["latency_mean_s"]! ?? .nan, finished.reduce(0, +) / Double(finished.count)))
      }
      let elsewhere = rows.count { $0.target == "node" && Int($0["target_node"]) != $0.agent }
      #expect(agree(metrics["other_share"]! ?? .nan, Double(elsewhere) / count))
    }
  }
}
