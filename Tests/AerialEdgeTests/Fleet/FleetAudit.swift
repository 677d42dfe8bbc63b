import AerialEdge
import EdgeCloud
import Glibc
import ReinforcementLearning
import Testing

/// Recomputes every step of a fleet from its table: channel, shares, queues, fates and reward, by formulas of its own.
///
/// It knows scenes with Al-Hourani's law, averaged and without fading.
struct FleetAudit {
  let scene: FleetScene
  let law: AirToGround
  /// When each server of each aircraft, each relay and each user's device becomes free.
  private var boards: [[Double]]
  private var relays: [Double]
  private var devices: [Int: Double] = [:]
  private var delivered: [Double]
  private var ages: [Double]
  private(set) var tasks = 0
  private(set) var fates: [String: Int] = [:]

  init(_ scene: FleetScene, law: AirToGround.Surroundings, users: Int) {
    self.scene = scene
    self.law = AirToGround(carrier: Hertz(scene.carrier_Hz), over: law)
    boards = [[Double]](repeating: [Double](repeating: 0, count: scene.servers), count: scene.uavs)
    relays = [Double](repeating: 0, count: scene.uavs)
    delivered = [Double](repeating: 0, count: users)
    ages = [Double](repeating: 0, count: users)
  }

  private var power_W: Double { pow(10, (scene.userPower_dBm - 30) / 10) }

  private func gain(_ task: FleetRow, _ uav: FleetRow) -> Double {
    let ground = hypot(task["x_m"] - uav["uav_x_m"], task["y_m"] - uav["uav_y_m"])
    return pow(10, -law.meanPathLoss_dB(ground_m: ground, height_m: uav["uav_z_m"] - 1.5) / 10)
  }

  private func noise_W(_ band: Double) -> Double { pow(10, (-174 + scene.noiseFigure_dB - 30) / 10) * band }

  private func rate_bps(_ band: Double, _ sinr: Double) -> Double { band * min(log(1 + sinr) / log(2), scene.cap) }

  private func check(_ row: FleetRow, _ name: String, _ value: Double, within relative: Double = 1e-9) {
    #expect(near(row[name], value, within: relative), "\(name) \(row[name]), expected \(value)")
  }

  /// Checks a step by the world after it.
  mutating func check(_ world: AerialFleet, _ outcome: StepOutcome) {
    let (tasks, uavs) = (world.rows("task"), world.rows("uav"))
    self.tasks += tasks.count
    let uploads = tasks.filter { !$0["agent"].isNaN }
    for task in tasks { checkAssociation(task, uavs) }
    for task in uploads { checkLink(task, uploads, uavs) }
    serve(tasks, uavs)
    checkReward(tasks, uavs, outcome)
  }

  private func checkAssociation(_ task: FleetRow, _ uavs: [FleetRow]) {
    let least = pow(10, scene.leastSNR_dB / 10) * noise_W(scene.band_Hz) / power_W
    let biased = uavs.map { $0.text("outcome") == "flying" ? gain(task, $0) * pow(10, $0["bias_db"] / 10) : 0 }
    let best = biased.indices.max { biased[$0] < biased[$1] } ?? 0
    if task["agent"].isNaN {
      #expect(biased[best] <= least * (1 + 1e-9) && task.text("target") == "device")
    } else {
      #expect(biased[Int(task["agent"])] >= max(biased[best], least) * (1 - 1e-9))
    }
  }

  private func checkLink(_ task: FleetRow, _ uploads: [FleetRow], _ uavs: [FleetRow]) {
    let uav = Int(task["agent"])
    let flying = uavs.filter { $0.text("outcome") == "flying" }
    let isShared = scene.spectrum == "shared"
    let claims = flying.reduce(0) { $0 + $1["claim"] }
    let band = isShared ? scene.band_Hz : scene.band_Hz * uavs[uav]["claim"] / claims
    check(task, "bandwidth_hz", band)
    check(task, "noise_w", noise_W(band))
    check(task, "tx_power_dbm", scene.userPower_dBm)
    let own = gain(task, uavs[uav])
    check(task, "path_loss_db", -10 * log10(own))
    check(task, "los", task["los_probability"])
    func demand(_ other: FleetRow) -> Double {
      let clean = rate_bps(band, power_W * gain(other, uavs[uav]) / noise_W(band))
      return scene.split == "equal" ? 1 : (other["task_bits"] / clean).squareRoot()
    }
    let together = uploads.filter { $0["agent"] == task["agent"] }
    check(task, "time_share", demand(task) / together.reduce(0) { $0 + demand($1) })
    var interference = 0.0
    for other in uploads where isShared && other["agent"] != task["agent"] {
      interference += other["time_share"] * power_W * gain(other, uavs[uav])
    }
    check(task, "interference_w", interference, within: 1e-8)
    let sinr = power_W * own / (interference + noise_W(band))
    #expect((task["sinr_db"] - 10 * log10(sinr)).magnitude < 1e-7)
    check(task, "rate_bps", rate_bps(band, sinr), within: 1e-8)
    let needed = task["task_bits"] / (task["rate_bps"] * task["time_share"])
    let limit = min(scene.step_s, task["deadline_s"])
    check(task, "upload_s", min(needed, limit))
    #expect((task.text("outcome") == "cut") == (needed > limit))
    check(task, "user_energy_j", power_W * task["time_share"] * min(needed, limit))
  }

  /// Serves the tasks once more, each aircraft's in the order of their arrival.
  private mutating func serve(_ tasks: [FleetRow], _ uavs: [FleetRow]) {
    for task in tasks where task["agent"].isNaN {
      let (now, user) = (task["time_s"], Int(task["user"]))
      let start = max(now, devices[user] ?? 0)
      let wait = start - now
      if wait > task["deadline_s"] {
        check(task, "latency_s", task["deadline_s"])
        #expect(task.text("outcome") == "expired")
      } else {
        let compute = task["task_cycles"] / task["cpu_hz"]
        devices[user] = start + compute
        check(task, "user_energy_j", 1e-27 * task["cpu_hz"] * task["cpu_hz"] * task["task_cycles"])
        conclude(task, wait + compute)
      }
    }
    let arrived = tasks.filter { !$0["agent"].isNaN && $0.text("outcome") != "cut" }
    for task in arrived.sorted(by: { ($0["upload_s"], $0["user"]) < ($1["upload_s"], $1["user"]) }) {
      let uav = Int(task["agent"])
      let arrival = task["time_s"] + task["upload_s"]
      let last = task["time_s"] + task["deadline_s"]
      let sending = task["task_bits"] / 20e6
      let clock = uavs[uav]["cpu_hz"]
      let board = max(arrival, boards[uav].min() ?? 0)
      let isLate = task.text("target") == "cloud" ? max(arrival, relays[uav]) > last : board > last
      if uavs[uav].text("policy") == "earliest" {
        let away = max(arrival, relays[uav]) + sending + 0.06 + task["task_cycles"] / 10e9
        let onBoard = board + task["task_cycles"] / clock
        if (away - onBoard).magnitude > 1e-9 { #expect((task.text("target") == "cloud") == (away < onBoard)) }
      } else {
        #expect(task.text("target") == uavs[uav].text("policy"))
      }
      if isLate {
        check(task, "latency_s", task["deadline_s"])
        #expect(task.text("outcome") == "expired")
      } else if task.text("target") == "cloud" {
        let start = max(arrival, relays[uav])
        relays[uav] = start + sending
        conclude(task, start + sending + 0.06 + task["task_cycles"] / 10e9 - task["time_s"])
      } else {
        // Of the servers that are idle the one that was so last, as good as any.
        let idle = boards[uav].indices.filter { boards[uav][$0] <= arrival }
        let server =
          idle.max { boards[uav][$0] < boards[uav][$1] } ?? boards[uav].indices.min {
            boards[uav][$0] < boards[uav][$1]
          }
          ?? 0
        boards[uav][server] = board + task["task_cycles"] / clock
        check(task, "cpu_hz", clock)
        check(task, "computing_j", 1e-28 * clock * clock * task["task_cycles"])
        conclude(task, board + task["task_cycles"] / clock - task["time_s"])
      }
    }
    for task in tasks { fates[task.text("outcome"), default: 0] += 1 }
  }

  private func conclude(_ task: FleetRow, _ latency: Double) {
    #expect((task["latency_s"] - latency).magnitude < 1e-9)
    if (latency - task["deadline_s"]).magnitude > 1e-8 {
      #expect(task.text("outcome") == (latency <= task["deadline_s"] ? "done" : "late"))
    }
  }

  private mutating func checkReward(_ tasks: [FleetRow], _ uavs: [FleetRow], _ outcome: StepOutcome) {
    let users = Double(delivered.count)
    for user in ages.indices { ages[user] += scene.step_s }
    var shared = [Double](repeating: 0, count: 6)
    for task in tasks {
      let isMissed = task.text("outcome") != "done"
      shared[0] += isMissed ? 1 : min(task["latency_s"] / task["deadline_s"], 1)
      shared[1] += isMissed ? 1 : 0
      shared[2] += task["user_energy_j"]
      guard !task["agent"].isNaN else { continue }
      if task.text("outcome") != "cut" { ages[Int(task["user"])] = scene.step_s }
      if !isMissed {
        shared[3] += task["task_bits"] / 1e6
        delivered[Int(task["user"])] += task["task_bits"]
      }
    }
    for index in 0..<4 { shared[index] /= users }
    let sum = delivered.reduce(0, +)
    shared[4] = sum > 0 ? sum * sum / (users * delivered.reduce(0) { $0 + $1 * $1 }) : 0
    shared[5] = ages.reduce(0, +) / users
    for (aircraft, uav) in uavs.enumerated() {
      let values =
        shared + [(uav["propulsion_j"] + uav["avionics_j"]) / 1e3, uav["computing_j"], uav["near_uavs"]]
      let signs = [-1.0, -1, -1, 1, 1, -1, -1, -1, -1]
      var reward = 0.0
      for index in values.indices { reward += signs[index] * scene.weights[index] * values[index] }
      #expect((outcome.rewards[aircraft] - reward).magnitude < 1e-9)
      check(uav, "reward", reward, within: 1e-7)
      check(uav, "fairness", shared[4])
      check(uav, "age_mean_s", shared[5])
    }
  }
}
