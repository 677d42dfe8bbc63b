import EdgeCloud
import ReinforcementLearning
import Glibc
import Snapshots
import VehicularEdge

/// An episode's table recomputed from its own columns, the links and the constants, in plain formulas.
struct Audit {
  let scene: Scene
  let episode: Episode
  /// Disagreements; none if the table is right.
  private(set) var faults: [String] = []
  /// How many numbers were compared.
  private(set) var comparisons = 0

  private let units: Int
  private let slots: Int

  /// A task on its way to a processor.
  struct Job {
    let row: Int
    let arrival_s: Double
    let service_s: Double
    let latestStart_s: Double
  }

  /// How long each task waited and whether it was served at all.
  typealias Waits = [Int: (waited_s: Double, isServed: Bool)]

  init(_ episode: Episode, of scene: Scene) throws {
    self.scene = scene
    self.episode = episode
    slots = episode.world.agentCount
    units = try episode.moments[0].before.doubles("reported_backlog_s").count
    var rows: [Row] = []
    var deviceFree_s = [Double](repeating: 0, count: slots)
    var jobs = [[Job]](repeating: [], count: units)
    var cloud: [Job] = []
    for (step, moment) in episode.moments.enumerated() {
      let links = try Links(moment.before, scene: scene, world: episode.world)
      auditRadio(moment.rows, moment.action, links)
      let clocks = try moment.before.doubles("device_cpu_hz")
      auditDevices(moment.rows, clocks, &deviceFree_s)
      let arriving = moment.rows.indices.filter { moment.rows[$0].isUpload && !isCut(moment.rows[$0]) }
        .sorted { arrivalKey(moment.rows[$0]) < arrivalKey(moment.rows[$1]) }
      for index in arriving {
        let row = moment.rows[index]
        let now_s = Double(step) * scene.step_s
        let isCloud = row.target == "cloud"
        let hop_s = isCloud ? row["task_bits"] / scene.backhaul_bps + scene.roundTrip_s / 2 : 0
        let job = Job(
          row: rows.count + index, arrival_s: now_s + row["upload_s"] + hop_s,
          service_s: row["task_cycles"] / (isCloud ? scene.cloudClock_Hz : scene.unitClock_Hz),
          latestStart_s: now_s + row["deadline_s"])
        if isCloud { cloud.append(job) } else { jobs[Int(row["unit"])].append(job) }
      }
      for slot in 0..<slots where moment.outcome.terminated[slot] { deviceFree_s[slot] = 0 }
      rows += moment.rows
    }
    var waits: Waits = [:]
    for unit in 0..<units { waits.merge(Self.firstComeFirstServed(jobs[unit], servers: scene.unitServers)) { $1 } }
    waits.merge(Self.committed(cloud, servers: scene.cloudServers)) { $1 }
    for (index, row) in rows.enumerated() { auditFate(row, waits[index], departure_s: departure(of: row)) }
    auditGain(rows)
  }

  private mutating func compare(_ row: Row, _ name: String, _ expected: Double) {
    comparisons += 1
    if !agree(row[name], expected, absolute: name.hasSuffix("_s") ? 1e-12 : 0) {
      faults.append("step \(row.step), agent \(row.agent), \(row.fate): \(name) is \(row[name]), not \(expected)")
    }
  }

  private mutating func require(_ condition: Bool, _ row: Row, _ sentence: String) {
    comparisons += 1
    if !condition { faults.append("step \(row.step), agent \(row.agent), \(row.fate): \(sentence)") }
  }

  private func arrivalKey(_ row: Row) -> (Double, Int) {
    (row["upload_s"] + (row.target == "cloud" ? row["task_bits"] / scene.backhaul_bps : 0), row.agent)
  }

  private func isCut(_ row: Row) -> Bool {
    row["task_bits"] / row["rate_bps"] > min(scene.step_s, row["deadline_s"])
  }

  /// Links, shares, interference, rates and uploads of a slot.
  private mutating func auditRadio(_ rows: [Row], _ action: JointAction, _ links: Links) {
    let uploads = rows.filter(\.isUpload)
    for row in rows {
      let meaning = scene.meaning(of: row.action)
      guard row.isUpload else {
        for name in ["distance_m", "path_loss_db", "fading_power", "bandwidth_hz", "sinr_db", "rate_bps", "unit"] {
          require(row[name].isNaN, row, "\(name) of a task that was not sent")
        }
        continue
      }
      let unit = Int(row["unit"])
      let link = row.agent * units + unit
      require(row.target == meaning.place, row, "target \(row.target) by option \(row.action)")
      require(links.ranking(row.agent)[meaning.rank] == unit, row, "unit \(unit) at rank \(meaning.rank)")
      compare(row, "distance_m", hypot(row["x_m"] - row["unit_x_m"], row["y_m"] - row["unit_y_m"]))
      compare(row, "distance_m", links.distance_m[link])
      let ground = max(row["distance_m"], 10)
      compare(row, "distance_3d_m", hypot(ground, scene.unitHeight_m - scene.vehicleHeight_m))
      compare(row, "los", links.isClear[link] ? 1 : 0)
      compare(row, "path_loss_db", links.pathLoss_dB[link])
      compare(row, "shadowing_db", links.shadowing_dB[link])
      compare(row, "fading_power", links.fading[link])
      compare(row, "antenna_gain_db", scene.vehicleGain_dB + scene.unitGain_dB)
      compare(row, "tx_power_dbm", scene.power_dBm(of: row.agent, in: action))
      let share_Hz = scene.band_Hz / Double(uploads.count { Int($0["unit"]) == unit })
      compare(row, "bandwidth_hz", share_Hz)
      var interference_W = 0.0
      for other in uploads where Int(other["unit"]) != unit {
        interference_W += links.received_W(other["tx_power_dbm"], from: other.agent, at: unit)
      }
      compare(row, "interference_w", interference_W * share_Hz / scene.band_Hz)
      compare(row, "noise_w", pow(10, (-174 + scene.noiseFigure_dB) / 10) * 1e-3 * share_Hz)
      let loss_dB = row["path_loss_db"] + row["shadowing_db"] - row["antenna_gain_db"]
      let signal_W = pow(10, (row["tx_power_dbm"] - loss_dB - 30) / 10) * row["fading_power"]
      let sinr = signal_W / (row["interference_w"] + row["noise_w"])
      compare(row, "sinr_db", 10 * log10(sinr))
      compare(row, "rate_bps", share_Hz * min(log1p(sinr) / log(2), scene.cap))
      compare(row, "upload_s", min(row["task_bits"] / row["rate_bps"], scene.step_s, row["deadline_s"]))
      compare(row, "energy_j", pow(10, (row["tx_power_dbm"] - 30) / 10) * row["upload_s"])
      let hop_s = row["task_bits"] / scene.backhaul_bps + scene.roundTrip_s
      compare(row, "backhaul_s", row.target == "cloud" && !isCut(row) ? hop_s : 0)
    }
  }

  /// The vehicles' own computers: first come, first served, at the clock that the option asks for.
  private mutating func auditDevices(_ rows: [Row], _ clocks: [Double], _ free_s: inout [Double]) {
    for row in rows where row.target == "device" {
      let now_s = Double(row.step) * scene.step_s
      let wait_s = max(0, free_s[row.agent] - now_s)
      if wait_s > row["deadline_s"] {
        compare(row, "wait_s", row["deadline_s"])
        compare(row, "energy_j", 0)
        require(row.fate == "expired" || row.fate == "departed", row, "a turn after the deadline")
        continue
      }
      var clock = clocks[row.agent]
      if scene.meaning(of: row.action).place == "economical", wait_s < row["deadline_s"] {
        let wanted = row["task_cycles"] / (row["deadline_s"] - wait_s)
        clock = min(max(wanted, scene.slowest_Hz), clock)
      }
      compare(row, "wait_s", wait_s)
      compare(row, "cpu_hz", clock)
      compare(row, "compute_s", row["task_cycles"] / clock)
      compare(row, "energy_j", scene.capacitance * clock * clock * row["task_cycles"])
      free_s[row.agent] = now_s + wait_s + row["compute_s"]
    }
  }

  /// When the row's vehicle leaves its slot, as the outcomes of this and later steps say; nil if it stays.
  private func departure(of row: Row) -> Double? {
    for step in row.step..<episode.moments.count where episode.moments[step].outcome.terminated[row.agent] {
      return Double(step + 1) * scene.step_s
    }
    return nil
  }

  private mutating func auditFate(_ row: Row, _ wait: (waited_s: Double, isServed: Bool)?, departure_s: Double?) {
    var fate = "done"
    var latency_s = row["upload_s"] + row["backhaul_s"] + row["wait_s"] + row["compute_s"]
    if row.target == "none" {
      fate = "withdrawn"
      require(row.action == 0, row, "option \(row.action) without a target")
    } else if row.isUpload, isCut(row) {
      fate = "cut"
    } else if let wait {
      compare(row, "wait_s", wait.waited_s)
      let clock = row.target == "cloud" ? scene.cloudClock_Hz : scene.unitClock_Hz
      compare(row, "compute_s", wait.isServed ? row["task_cycles"] / clock : 0)
      if !wait.isServed { fate = "expired" }
    } else if row["energy_j"] == 0 {
      fate = "expired"
    }
    if fate == "done", latency_s > row["deadline_s"] + 1e-9 { fate = "late" }
    let now_s = Double(row.step) * scene.step_s
    if let departure_s, now_s + latency_s > departure_s + 1e-9 {
      fate = "departed"
      latency_s = departure_s - now_s
    } else if departure_s == nil, row.fate == "departed" {
      let instants = (now_s + row["latency_s"]) / scene.step_s
      require(
        instants > Double(episode.moments.count) && (instants - instants.rounded()).magnitude < 1e-6
          && row["latency_s"] < latency_s, row, "a departure after the episode")
      (fate, latency_s) = ("departed", row["latency_s"])
    }
    require(row.fate == fate, row, "the fate is \(row.fate), not \(fate)")
    compare(row, "latency_s", latency_s)
    let isMissed = fate != "done"
    let share = isMissed ? 1 : min(latency_s / row["deadline_s"], 1)
    let energy = row["energy_j"] / scene.energyReference_J
    compare(
      row, "reward",
      -(scene.latencyWeight * share + scene.energyWeight * energy + scene.missWeight * (isMissed ? 1 : 0)))
  }

  /// The rewards of the table against those of the outcomes.
  private mutating func auditGain(_ rows: [Row]) {
    var gain = 0.0
    for row in rows { gain += row["reward"] / row["active_agents"] }
    if !agree(gain, episode.gain) { faults.append("the table adds up to \(gain), the outcomes to \(episode.gain)") }
    for moment in episode.moments {
      var rewards = [Double](repeating: 0, count: slots)
      for row in moment.rows {
        rewards[row.agent] = row["reward"]
        require(Int(row["active_agents"]) == moment.active.count { $0 }, row, "active_agents")
      }
      if rewards != moment.outcome.rewards { faults.append("rewards without a row") }
    }
  }

  /// G/G/c, first come, first served, by stepping through arrivals and ends of service. Who is not served by its
  /// latest start leaves the line then.
  static func firstComeFirstServed(_ jobs: [Job], servers: Int) -> Waits {
    var waits: Waits = [:]
    var line: [Job] = []
    var ends_s: [Double] = []
    func serve(_ job: Job, at time_s: Double) {
      if time_s > job.latestStart_s {
        waits[job.row] = (max(job.latestStart_s - job.arrival_s, 0), false)
      } else {
        waits[job.row] = (time_s - job.arrival_s, true)
        ends_s.append(time_s + job.service_s)
      }
    }
    func run(until time_s: Double) {
      while let end_s = ends_s.min(), end_s <= time_s, let server = ends_s.firstIndex(of: end_s) {
        ends_s.remove(at: server)
        while !line.isEmpty, ends_s.count < servers { serve(line.removeFirst(), at: end_s) }
      }
    }
    for job in jobs {
      run(until: job.arrival_s)
      if ends_s.count < servers { serve(job, at: job.arrival_s) } else { line.append(job) }
    }
    run(until: .infinity)
    return waits
  }

  /// Servers that are committed in the order of decisions: the one idle for the shortest time, else the first to end.
  static func committed(_ jobs: [Job], servers: Int) -> Waits {
    var waits: Waits = [:]
    var free_s = [Double](repeating: 0, count: servers)
    for job in jobs {
      let idle = free_s.indices.filter { free_s[$0] <= job.arrival_s }
      let server = idle.max { free_s[$0] < free_s[$1] } ?? free_s.indices.min { free_s[$0] < free_s[$1] } ?? 0
      let start_s = max(job.arrival_s, free_s[server])
      if start_s > job.latestStart_s {
        waits[job.row] = (max(job.latestStart_s - job.arrival_s, 0), false)
      } else {
        waits[job.row] = (start_s - job.arrival_s, true)
        free_s[server] = start_s + job.service_s
      }
    }
    return waits
  }
}

/// The links of an instant by the tables of TR 38.901, from a snapshot's distances and Gaussian processes.
struct Links {
  let scene: Scene
  let units: Int
  let distance_m: [Double]
  let fading: [Double]
  var isClear: [Bool] = []
  var pathLoss_dB: [Double] = []
  var shadowing_dB: [Double] = []

  init(_ snapshot: Snapshot, scene: Scene, world: VehicularOffloading) throws {
    self.scene = scene
    units = world.parameters.units.positions_m.count
    distance_m = try snapshot.doubles("link_distance_m")
    fading = try snapshot.doubles("link_fading")
    let shadow = try snapshot.doubles("link_shadowing")
    let process = try snapshot.doubles("link_line_of_sight")
    for link in distance_m.indices {
      let d = distance_m[link]
      let probability = d <= 18 ? 1 : 18 / d + exp(-d / 36) * (1 - 18 / d)
      isClear.append(0.5 * (1 + erf(process[link] / 2.0.squareRoot())) < probability)
      pathLoss_dB.append(Self.pathLoss_dB(max(d, 10), isClear: isClear[link], scene))
      shadowing_dB.append((isClear[link] ? 4 : 7.82) * shadow[link])
    }
  }

  private static func pathLoss_dB(_ ground_m: Double, isClear: Bool, _ scene: Scene) -> Double {
    let rise = scene.unitHeight_m - scene.vehicleHeight_m
    let d = (ground_m * ground_m + rise * rise).squareRoot()
    let f = scene.carrier_Hz / 1e9
    let bend = 4 * (scene.unitHeight_m - 1) * (scene.vehicleHeight_m - 1) * scene.carrier_Hz / 3e8
    let clear =
      ground_m <= bend
      ? 32.4 + 21 * log10(d) + 20 * log10(f)
      : 32.4 + 40 * log10(d) + 20 * log10(f) - 9.5 * log10(bend * bend + rise * rise)
    if isClear { return clear }
    return max(clear, 22.4 + 35.3 * log10(d) + 21.3 * log10(f) - 0.3 * (scene.vehicleHeight_m - 1.5))
  }

  /// Antenna gains less losses.
  func gain_dB(_ slot: Int, _ unit: Int) -> Double {
    let link = slot * units + unit
    return scene.vehicleGain_dB + scene.unitGain_dB - pathLoss_dB[link] - shadowing_dB[link]
  }

  func received_W(_ power_dBm: Double, from slot: Int, at unit: Int) -> Double {
    pow(10, (power_dBm + gain_dB(slot, unit) - 30) / 10) * fading[slot * units + unit]
  }

  /// The units in reach, the strongest first.
  func ranking(_ slot: Int) -> [Int] {
    (0..<units).filter { distance_m[slot * units + $0] <= scene.reach_m }
      .sorted { gain_dB(slot, $0) > gain_dB(slot, $1) }
  }
}
