import EdgeCloud
import Glibc
public import ReinforcementLearning

/// What happened to one agent in a step: what a doubter needs to recompute its reward.
struct HallRow: Sendable, Equatable {
  /// What became of a job.
  enum Fate: String, Sendable {
    case none = ""
    case done, late
    /// Its time was over before its last task could begin.
    case expired
    /// Its time was over during an upload.
    case cut
  }

  // The loop.
  var messages = 0
  var copies = 0
  var granted = 0
  var power_dBm = Double.nan
  var snr_dB = Double.nan
  var loss = Double.nan
  var lost = 0
  var outages = 0
  var down = 0
  var loopEnergy_J = 0.0
  // The task that was placed, and the one whose fate became known.
  var task = -1
  var place = -1
  var upload_bits = Double.nan
  var fading = Double.nan
  var blockBits = Double.nan
  var uploadBlocks = Double.nan
  var doneTask = -1
  var donePlace = -1
  var taskArrival_s = Double.nan
  var wait_s = Double.nan
  var clock_Hz = Double.nan
  var finish_s = Double.nan
  var jobEnergy_J = 0.0
  // The job that ended.
  var fate = Fate.none
  var jobArrival_s = Double.nan
  var latency_s = Double.nan
  var reward = 0.0
}

/// What an episode adds up.
struct HallTally: Sendable, Equatable {
  var steps = 0.0
  var reserved = 0.0
  var messages = 0.0
  var lost = 0.0
  var outages = 0.0
  var down = 0.0
  var loopEnergy_J = 0.0
  var monitoringWanted = 0.0
  var monitoringServed = 0.0
  var arrived = 0.0
  var done = 0.0
  var late = 0.0
  var dropped = 0.0
  var jobEnergy_J = 0.0
  var onDevice = 0.0
  var atEdge = 0.0
  var inCloud = 0.0
  /// The work that servers took in.
  var serverBusy_s = 0.0

  /// All sums in a fixed order.
  var sums: [Double] {
    [
      steps, reserved, messages, lost, outages, down, loopEnergy_J, monitoringWanted, monitoringServed, arrived, done,
      late, dropped, jobEnergy_J, onDevice, atEdge, inCloud, serverBusy_s,
    ]
  }

  init() {}

  /// The tally of ``sums``.
  init(sums: [Double]) {
    (steps, reserved, messages, lost, outages) = (sums[0], sums[1], sums[2], sums[3], sums[4])
    (down, loopEnergy_J, monitoringWanted, monitoringServed) = (sums[5], sums[6], sums[7], sums[8])
    (arrived, done, late, dropped, jobEnergy_J) = (sums[9], sums[10], sums[11], sums[12], sums[13])
    (onDevice, atEdge, inCloud, serverBusy_s) = (sums[14], sums[15], sums[16], sums[17])
  }
}

extension IndustrialHall {
  public func metrics() -> [Metric] {
    let finished = Double(latencies_s.count)
    let closed = tally.done + tally.late + tally.dropped
    let tasks = tally.onDevice + tally.atEdge + tally.inCloud
    let time = tally.steps * parameters.time.step_s
    let edge = parameters.edge
    let load = time > 0 ? tally.serverBusy_s / (time * Double(edge.count * edge.servers)) : 0
    return [
      Metric("latency_mean_s", .ratio(latencies_s.reduce(0, +), finished)),
      Metric("latency_p95_s", .quantile(0.95, latencies_s)),
      Metric("deadline_miss_ratio", .ratio(tally.late + tally.dropped, closed)),
      Metric("energy_per_task_j", .ratio(tally.jobEnergy_J, closed)),
      Metric("availability", .ratio(tally.messages - tally.down, tally.messages)),
      Metric("outages_per_message", .ratio(tally.outages, tally.messages)),
      Metric("message_loss_ratio", .ratio(tally.lost, tally.messages)),
      Metric("energy_per_message_j", .ratio(tally.loopEnergy_J, tally.messages)),
      Metric("reserved_share", .ratio(tally.reserved, tally.steps)),
      Metric("monitoring_loss_ratio", .ratio(tally.monitoringWanted - tally.monitoringServed, tally.monitoringWanted)),
      Metric("device_share", .ratio(tally.onDevice, tasks)),
      Metric("edge_share", .ratio(tally.atEdge, tasks)),
      Metric("cloud_share", .ratio(tally.inCloud, tasks)),
      Metric("server_load", .ratio(load * tally.steps, tally.steps)),
      Metric("server_power_w", .ratio(edge.power.power_W(load: load) * tally.steps, tally.steps)),
      Metric("jobs_per_step", .ratio(tally.arrived, tally.steps)),
    ]
  }

  public var recordColumns: [String] {
    [
      "step", "time_s", "agent", "group", "x_m", "y_m", "node", "distance_m", "los", "path_loss_db", "shadowing_db",
      "gain_db", "messages", "copies", "granted_copies", "tx_power_dbm", "snr_db", "loss_probability", "lost",
      "losses_in_a_row", "outages", "down", "loop_energy_j", "task", "target", "upload_bits", "fading_power",
      "block_bits", "upload_blocks", "done_task", "done_target", "task_arrival_s", "wait_s", "cpu_hz", "finish_s",
      "job_energy_j", "outcome", "job_arrival_s", "latency_s", "deadline_s", "outage_share", "latency_share", "missed",
      "energy_j", "reward", "reserved_share", "monitored_share", "burst",
    ]
  }

  public func records() -> [[RecordValue]] {
    let time = Double(rowsStep) * parameters.time.step_s
    return rows.indices.map { agent in
      let row = rows[agent]
      let device = agent - firstComputing
      let isLoop = agent < loopCount
      let computes = device >= 0
      let names = computes ? job(of: device).names : []
      func count(_ number: Int, if isThere: Bool) -> RecordValue { isThere ? .integer(number) : .text("") }
      func name(_ task: Int) -> RecordValue { .text(names.indices.contains(task) ? names[task] : "") }
      func target(_ place: Int) -> RecordValue {
        .text(place < 0 ? "" : place == 0 ? "device" : place == cloudPlace ? "cloud" : "server \(place)")
      }
      var record: [RecordValue] = [
        .integer(rowsStep), .real(time), .integer(agent),
        .text(agent < firstComputing ? kind(of: agent).name : isLoop ? "robot" : "inspector"),
        .real(links.x_m[agent]), .real(links.y_m[agent]), .integer(Int(links.node[agent])),
        .real(links.distance_m[agent]), .integer(links.isClear[agent] ? 1 : 0), .real(links.pathLoss_dB[agent]),
        .real(links.shadowing_dB[agent]), .real(links.gain_dB[agent]),
      ]
      record += [
        count(row.messages, if: isLoop), count(row.copies, if: isLoop), count(row.granted, if: isLoop),
        .real(row.power_dBm), .real(row.snr_dB), .real(row.loss), count(row.lost, if: isLoop),
        count(isLoop ? Int(runs[agent]) : 0, if: isLoop), count(row.outages, if: isLoop), count(row.down, if: isLoop),
        .real(isLoop ? row.loopEnergy_J : .nan),
      ]
      record += [
        name(row.task), target(row.place), .real(row.upload_bits), .real(row.fading), .real(row.blockBits),
        .real(row.uploadBlocks), name(row.doneTask), target(row.donePlace), .real(row.taskArrival_s),
        .real(row.wait_s), .real(row.clock_Hz), .real(row.finish_s), .real(computes ? row.jobEnergy_J : .nan),
        .text(row.fate.rawValue), .real(row.jobArrival_s), .real(row.latency_s),
        .real(computes ? job(of: device).deadline_s : .nan),
      ]
      record += [
        .real(terms[agent * 4]), .real(terms[agent * 4 + 1]), .real(terms[agent * 4 + 2]),
        .real(terms[agent * 4 + 3] * parameters.reward.energyReference_J), .real(row.reward), .real(reservedShare),
        .real(monitoredShare), .integer(isBurst ? 1 : 0),
      ]
      return record
    }
  }
}
