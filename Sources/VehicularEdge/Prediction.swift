public import EdgeCloud
import Glibc

/// The choices and queues of this world as rules read them.
extension VehicularOffloading: OffloadingView {
  public var deciderCount: Int { parameters.slots }

  public var options: [OffloadingOption] { actions.options }

  public func isDeciding(_ agent: Int) -> Bool { waiting[agent] != nil }

  public func isPermitted(_ option: Int, for agent: Int) -> Bool {
    switch actions.meanings[option] {
    case .none: waiting[agent] == nil
    case .device: waiting[agent] != nil
    case .upload(let rank, _, _):
      waiting[agent] != nil && choices[agent * parameters.units.choices + rank].unit >= 0
    }
  }

  public func observedWait_s(at option: Int, for agent: Int) -> Double {
    switch actions.meanings[option] {
    case .none: 0
    case .device: seenDeviceWait_s(agent)
    case .upload(let rank, let toCloud, _): toCloud ? seenCloudWait_s : seenUnit(agent, rank: rank).backlog_s
    }
  }

  public func predictedLatency_s(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    guard let task = waiting[agent] else { return 0 }
    switch actions.meanings[option] {
    case .none: return .infinity
    case .device(let economical):
      let wait = knowledge == .observation ? seenDeviceWait_s(agent) : max(0, deviceFree_s[agent] - now_s)
      return wait + task.cycles / deviceClock_Hz(task, slot: agent, wait_s: wait, economical: economical)
    case .upload(let rank, let toCloud, let power):
      let upload = predictedUpload_s(task, agent: agent, rank: rank, power: power, knowledge)
      return toCloud
        ? predictedCloud_s(task, upload_s: upload, knowledge)
        : predictedEdge_s(task, agent: agent, rank: rank, upload_s: upload, knowledge)
    }
  }

  /// The negative reward that the predicted latency and energy would bring.
  public func predictedCost(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    guard let task = waiting[agent] else { return 0 }
    let latency = predictedLatency_s(of: option, for: agent, from: knowledge)
    let isMissed = latency > task.deadline_s
    let energy = predictedEnergy_J(of: option, for: agent, from: knowledge)
    let reward = parameters.reward
    return reward.latencyWeight * (isMissed ? 1 : latency / task.deadline_s)
      + reward.energyWeight * energy / reward.energyReference_J + (isMissed ? reward.missWeight : 0)
  }

  /// The upload if as many others use the unit, and disturb it, as in the last slot. Infinite if it would be cut.
  func predictedUpload_s(
    _ task: ComputeTask, agent: Int, rank: Int, power: Int, _ knowledge: OffloadingKnowledge
  ) -> Double {
    let seen = seenUnit(agent, rank: rank)
    var gain = exp(seen.gain_dB * (0.1 * M_LN10))
    if knowledge == .trueState {
      let link = agent * links.units + Int(choices[agent * parameters.units.choices + rank].unit)
      gain = links.gain(link) * links.fading(link)
    }
    let share = parameters.radio.bandwidth_Hz / (seen.uploads + 1)
    let interference = Watts(DecibelMilliwatts(seen.interference_dBm)).value / (seen.uploads + 1)
    let sinr = Link.sinr(
      signal_W: actions.powers[power].power_W * gain, interference_W: interference,
      noise_W: receiver.noise_W(bandwidth_Hz: share))
    let rate = receiver.rate_bps(bandwidth_Hz: share, sinr: sinr)
    let upload = rate > 0 ? task.bits / rate : .infinity
    return upload > min(parameters.time.step_s, task.deadline_s) ? .infinity : upload
  }

  /// Upload and computation at a unit, whose queue goes on while the upload lasts.
  private func predictedEdge_s(
    _ task: ComputeTask, agent: Int, rank: Int, upload_s: Double, _ knowledge: OffloadingKnowledge
  ) -> Double {
    let unit = Int(choices[agent * parameters.units.choices + rank].unit)
    let wait =
      knowledge == .observation ? seenUnit(agent, rank: rank).backlog_s : unitQueues[unit].backlog_s(at: now_s)
    return max(upload_s, wait) + task.cycles / parameters.units.cpu_Hz
  }

  /// Upload, the way to the cloud, computation there, and the way back.
  private func predictedCloud_s(_ task: ComputeTask, upload_s: Double, _ knowledge: OffloadingKnowledge) -> Double {
    let wait = knowledge == .observation ? seenCloudWait_s : cloudQueue.backlog_s(at: now_s)
    return max(upload_s + backhaul.transfer_s(bits: task.bits), wait) + backhaul.oneWayDelay_s
      + task.cycles / parameters.cloud.cpu_Hz
  }
}
