import EdgeCloud
import Glibc
public import ReinforcementLearning

/// Everything physical that happened to one task: what a doubter needs to recompute its part of the reward.
struct FleetTask: Sendable, Equatable {
  /// What became of a task.
  enum Fate: String, Sendable {
    case done, late
    /// Its turn came after its deadline.
    case expired
    /// Its upload did not fit into the slot or the deadline.
    case cut
  }

  /// Where a task was computed, or should have been.
  enum Target: String, Sendable {
    case device, onboard, cloud
  }

  var user: Int
  var task: ComputeTask
  var x_m: Double
  var y_m: Double
  /// The aircraft, −1 for none.
  var aircraft = -1
  var aircraft_m = SIMD3<Double>(repeating: .nan)
  var target = Target.device
  var gain = Double.nan
  var fading = Double.nan
  var bandwidth_Hz = Double.nan
  var interference_W = Double.nan
  var noise_W = Double.nan
  var sinr = Double.nan
  var rate_bps = Double.nan
  var share = Double.nan
  var cpu_Hz = Double.nan
  var upload_s = 0.0
  var relay_s = 0.0
  var wait_s = 0.0
  var compute_s = 0.0
  var userEnergy_J = 0.0
  var computingEnergy_J = 0.0
  /// Time from arrival to the end of whatever became of it.
  var latency_s = 0.0
  var fate = Fate.done

  /// Whether the task was of no use.
  var isMissed: Bool { fate != .done }
  /// Whether its result came back, in time or not.
  var isFinished: Bool { fate == .done || fate == .late }
}

/// What an aircraft did in a slot.
struct FleetFlight: Sendable, Equatable {
  var before_m = SIMD3<Double>(repeating: 0)
  var after_m = SIMD3<Double>(repeating: 0)
  var command = FleetCommand(velocity_mps: .zero, bias_dB: 0, clock_Hz: 0, claim: 0, policy: .onboard)
  var propulsion_W = 0.0
  var spent = AerialFleet.Spending()
  var charge_J = 0.0
  var breaches = 0
  var isFlying = false
}

extension AerialFleet {
  public var recordColumns: [String] {
    [
      "step", "time_s", "kind", "agent", "user", "x_m", "y_m", "target", "outcome", "uav_x_m", "uav_y_m", "uav_z_m",
      "distance_2d_m", "distance_3d_m", "los_probability", "los", "path_loss_db", "shadowing_db", "antenna_gain_db",
      "fading_power", "tx_power_dbm", "bandwidth_hz", "time_share", "interference_w", "noise_w", "sinr_db", "rate_bps",
      "task_bits", "task_cycles", "cpu_hz", "upload_s", "relay_s", "wait_s", "compute_s", "latency_s", "deadline_s",
      "user_energy_j", "computing_j", "to_x_m", "to_y_m", "to_z_m", "bias_db", "claim", "policy", "propulsion_w",
      "propulsion_j", "avionics_j", "charge_j", "near_uavs", "fairness", "age_mean_s", "reward",
    ]
  }

  public func records() -> [[RecordValue]] {
    let time = Double(settledStep) * parameters.time.step_s
    var rows: [[RecordValue]] = []
    let width = rewardTerms.count
    for (aircraft, flight) in settledFlights.enumerated() {
      var reward = 0.0
      for (index, term) in rewardTerms.enumerated() { reward += term.weight * terms[aircraft * width + index] }
      rows.append(
        [.integer(settledStep), .real(time), .text("uav"), .integer(aircraft), .text("")]
          + [RecordValue](repeating: .text(""), count: 2)
          + [.text(""), .text(flight.isFlying ? "flying" : "landed")]
          + [.real(flight.before_m.x), .real(flight.before_m.y), .real(flight.before_m.z)]
          + [RecordValue](repeating: .text(""), count: 17) + [.real(flight.command.clock_Hz)]
          + [RecordValue](repeating: .text(""), count: 7)
          + [
            .real(flight.spent.computing_J), .real(flight.after_m.x), .real(flight.after_m.y),
            .real(flight.after_m.z), .real(flight.command.bias_dB), .real(flight.command.claim),
            .text(flight.command.policy.rawValue), .real(flight.propulsion_W), .real(flight.spent.propulsion_J),
            .real(flight.spent.avionics_J), .real(flight.charge_J), .integer(flight.breaches),
            .real(terms[aircraft * width + Term.fairness.rawValue]), .real(terms[aircraft * width + Term.age.rawValue]),
            .real(reward),
          ])
    }
    for task in settled { rows.append(row(task, time_s: time)) }
    return rows
  }

  private func row(_ task: FleetTask, time_s: Double) -> [RecordValue] {
    let hasLink = task.aircraft >= 0
    let nothing = FleetChannel.Picture(
      ground_m: .nan, distance_m: .nan, clearProbability: .nan, clear: .nan, pathLoss_dB: .nan, shadowing_dB: .nan)
    let link =
      hasLink
      ? channel.picture(user: task.user, x_m: task.x_m, y_m: task.y_m, aircraft: task.aircraft_m, in: world) : nothing
    return [
      .integer(settledStep), .real(time_s), .text("task"), hasLink ? .integer(task.aircraft) : .text(""),
      .integer(task.user), .real(task.x_m), .real(task.y_m), .text(task.target.rawValue), .text(task.fate.rawValue),
      .real(task.aircraft_m.x), .real(task.aircraft_m.y), .real(task.aircraft_m.z), .real(link.ground_m),
      .real(link.distance_m), .real(link.clearProbability), .real(link.clear), .real(link.pathLoss_dB),
      .real(link.shadowing_dB), .real(hasLink ? parameters.radio.antennaGain_dB : .nan), .real(task.fading),
      .real(hasLink ? parameters.users.power_dBm : .nan), .real(task.bandwidth_Hz), .real(task.share),
      .real(task.interference_W), .real(task.noise_W), .real(10 * log10(task.sinr)), .real(task.rate_bps),
      .real(task.task.bits), .real(task.task.cycles), .real(task.cpu_Hz), .real(task.upload_s), .real(task.relay_s),
      .real(task.wait_s), .real(task.compute_s), .real(task.latency_s), .real(task.task.deadline_s),
      .real(task.userEnergy_J), .real(task.computingEnergy_J),
    ] + [RecordValue](repeating: .text(""), count: 14)
  }
}
