import EdgeCloud
import Glibc
public import ReinforcementLearning

/// Everything physical that happened to one task of a road-side node.
struct RoadsideRecord: Sendable, Equatable {
  /// What became of a task.
  enum Fate: String, Sendable {
    case done, late
    /// Its turn at the processor came after its deadline.
    case expired
    /// Its upload did not fit into the slot.
    case cut
    /// It was given up.
    case timeout
    /// The node chose to do nothing with it.
    case withdrawn
  }

  /// Where a task is computed.
  enum Target: Sendable, Equatable {
    case none
    case node(Int)
    case cloud
  }

  var node: Int
  var rank: Int
  var action: Int
  var member: RoadsideUplink.Member
  var task: ComputeTask
  var target = Target.none
  var upload_s = 0.0
  /// The way to another node, or to the cloud and back.
  var transfer_s = 0.0
  var wait_s = 0.0
  var cpu_Hz = Double.nan
  var compute_s = 0.0
  var energy_J = 0.0
  /// Time from the request to the end of whatever became of it.
  var latency_s = 0.0
  var fate = Fate.done

  /// Whether its result came back, in time or not.
  var isFinished: Bool { fate == .done || fate == .late }

  /// The time that it counts as: the timeout if no result came back.
  func counted_s(timeout_s: Double) -> Double { isFinished ? latency_s : timeout_s }
}

extension RoadsideOffloading {
  public var rewardTerms: [RewardTerm] {
    [
      RewardTerm(
        "in_time_share", weight: parameters.reward.inTimeWeight, "share of the node's tasks whose result is in time"),
      RewardTerm(
        "latency_share", weight: -parameters.reward.latencyWeight,
        "mean time of the node's tasks over the timeout, which a lost one counts as"),
    ]
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for index in 0..<values.count { values[index] = 0 }
    for record in settled {
      let share = 1 / Double(settledTasks[record.node])
      if record.fate == .done { values[record.node * 2] += share }
      values[record.node * 2 + 1] +=
        record.counted_s(timeout_s: parameters.timeout_s) / parameters.timeout_s * share
    }
  }

  public var recordColumns: [String] {
    [
      "step", "time_s", "agent", "rank", "vehicle", "x_m", "y_m", "node_x_m", "node_y_m", "distance_m",
      "fading_power", "power_gain", "tx_power_w", "own_interference_w", "other_interference_w", "noise_w", "sinr_db",
      "rate_bps", "task_bits", "task_cycles", "action", "target", "target_node", "wire_m", "upload_s", "transfer_s",
      "wait_s", "cpu_hz", "compute_s", "latency_s", "counted_s", "deadline_s", "energy_j", "outcome", "node_tasks",
    ]
  }

  public func records() -> [[RecordValue]] {
    settled.map { record in
      let member = record.member
      let place = parameters.nodes.positions_m[record.node]
      let (target, number): (String, Int?) =
        switch record.target {
        case .none: ("none", nil)
        case .node(let node): ("node", node)
        case .cloud: ("cloud", nil)
        }
      return [
        .integer(settledStep), .real(Double(settledStep) * parameters.time.step_s), .integer(record.node),
        .integer(record.rank), .integer(Int(member.vehicle)), .real(member.x_m), .real(member.y_m), .real(place.x),
        .real(place.y), .real(member.distance_m), .real(member.fading), .real(member.gain), .real(member.power_W),
        .real(member.ownInterference_W), .real(member.otherInterference_W), .real(parameters.radio.noise_W),
        .real(10 * log10(member.sinr)), .real(member.rate_bps), .real(record.task.bits), .real(record.task.cycles),
        .integer(record.action), .text(target), number.map { .integer($0) } ?? .text(""),
        .real(number.map { distances_m[record.node * nodes + $0] } ?? .nan), .real(record.upload_s),
        .real(record.transfer_s), .real(record.wait_s), .real(record.cpu_Hz), .real(record.compute_s),
        .real(record.latency_s), .real(record.counted_s(timeout_s: parameters.timeout_s)),
        .real(record.task.deadline_s), .real(record.energy_J), .text(record.fate.rawValue),
        .integer(settledTasks[record.node]),
      ]
    }
  }
}
