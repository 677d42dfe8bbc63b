import EdgeCloud
import Glibc
public import ReinforcementLearning

/// Everything physical that happened to one task: what a doubter needs to recompute its reward.
struct TaskRecord: Sendable, Equatable {
  /// What became of a task.
  enum Fate: String, Sendable {
    case done, late
    /// Its turn at the processor came after its deadline.
    case expired
    /// Its upload did not fit into the slot.
    case cut
    /// The vehicle left before the result was there.
    case departed
    /// The agent chose to do nothing with it.
    case withdrawn
  }

  /// Where a task was sent.
  enum Target: String, Sendable {
    case none, device, edge, cloud
  }

  var agent: Int
  var action: Int
  var vehicle: UInt64
  var x_m: Double
  var y_m: Double
  var task: ComputeTask
  /// The unit, −1 for the device.
  var unit = -1
  var target = Target.device
  var distance_m = Double.nan
  var distance3D_m = Double.nan
  var isClear = false
  var pathLoss_dB = Double.nan
  var shadowing_dB = Double.nan
  var fading = Double.nan
  var power_dBm = Double.nan
  var bandwidth_Hz = Double.nan
  var interference_W = Double.nan
  var noise_W = Double.nan
  var sinr = Double.nan
  var rate_bps = Double.nan
  var cpu_Hz = Double.nan
  var upload_s = 0.0
  var backhaul_s = 0.0
  var wait_s = 0.0
  var compute_s = 0.0
  var energy_J = 0.0
  /// Time from arrival to the end of whatever became of it.
  var latency_s = 0.0
  var fate = Fate.done
  var reward = 0.0

  /// Whether the task was of no use.
  var isMissed: Bool { fate != .done }

  /// What its reward is made of.
  struct Terms: Sendable, Equatable {
    /// The latency as a share of the deadline; 1 of a task that was of no use.
    var latencyShare: Double
    var energy_J: Double
    /// 1 for a task that was of no use.
    var missed: Double
  }

  var terms: Terms {
    isMissed
      ? Terms(latencyShare: 1, energy_J: energy_J, missed: 1)
      : Terms(latencyShare: min(latency_s / task.deadline_s, 1), energy_J: energy_J, missed: 0)
  }

  /// Whether its result came back, in time or not.
  var isFinished: Bool { fate == .done || fate == .late }
}

extension VehicularOffloading {
  public var rewardTerms: [RewardTerm] {
    let reward = parameters.reward
    return [
      RewardTerm(
        "latency_share", weight: -reward.latencyWeight, "latency over deadline of a task in time, 1 of any other"),
      RewardTerm(
        "energy_j", weight: -reward.energyWeight / reward.energyReference_J, "energy that the vehicle spent on the task"
      ),
      RewardTerm("missed", weight: -reward.missWeight, "whether the task came late or not at all"),
    ]
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for index in 0..<values.count { values[index] = 0 }
    for record in settled {
      let terms = record.terms
      values[record.agent * 3] = terms.latencyShare
      values[record.agent * 3 + 1] = terms.energy_J
      values[record.agent * 3 + 2] = terms.missed
    }
  }

  public var recordColumns: [String] {
    [
      "step", "time_s", "agent", "x_m", "y_m", "target", "distance_m", "los", "path_loss_db", "shadowing_db",
      "fading_power", "tx_power_dbm", "bandwidth_hz", "interference_w", "noise_w", "sinr_db", "rate_bps",
      "task_bits", "task_cycles", "cpu_hz", "upload_s", "backhaul_s", "wait_s", "compute_s", "latency_s",
      "deadline_s", "energy_j", "reward", "outcome", "action", "vehicle", "unit", "unit_x_m", "unit_y_m",
      "distance_3d_m", "antenna_gain_db", "active_agents",
    ]
  }

  public func records() -> [[RecordValue]] {
    settled.map { record in
      let hasLink = record.unit >= 0
      let unit = hasLink ? parameters.units.positions_m[record.unit] : (.nan, .nan)
      return [
        .integer(settledStep), .real(settledTime_s), .integer(record.agent), .real(record.x_m), .real(record.y_m),
        .text(record.target.rawValue), .real(record.distance_m), hasLink ? .integer(record.isClear ? 1 : 0) : .text(""),
        .real(record.pathLoss_dB), .real(record.shadowing_dB), .real(record.fading), .real(record.power_dBm),
        .real(record.bandwidth_Hz), .real(record.interference_W), .real(record.noise_W),
        .real(10 * log10(record.sinr)), .real(record.rate_bps),
        .real(record.task.bits), .real(record.task.cycles), .real(record.cpu_Hz), .real(record.upload_s),
        .real(record.backhaul_s), .real(record.wait_s), .real(record.compute_s), .real(record.latency_s),
        .real(record.task.deadline_s), .real(record.energy_J), .real(record.reward), .text(record.fate.rawValue),
        .integer(record.action), .integer(Int(record.vehicle)),
        hasLink ? .integer(record.unit) : .text(""), .real(unit.0), .real(unit.1), .real(record.distance3D_m),
        .real(hasLink ? parameters.radio.antennaGain_dB : .nan), .integer(settledActive),
      ]
    }
  }
}
