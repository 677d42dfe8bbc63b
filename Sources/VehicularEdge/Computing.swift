public import EdgeCloud
import Glibc

/// The computers of this world: the units, then the cloud.
extension VehicularOffloading: ComputingView {
  public var computerCount: Int { unitQueues.count + 1 }

  public func computer(of option: Int, for agent: Int) -> Int? {
    guard case .upload(let rank, let toCloud, _) = actions.meanings[option] else { return nil }
    if toCloud { return unitQueues.count }
    let unit = choices[agent * parameters.units.choices + rank].unit
    return unit >= 0 ? Int(unit) : nil
  }

  public func cycles(for agent: Int) -> Double { waiting[agent]?.cycles ?? 0 }

  public func freeCycles(at computer: Int, within time_s: Double) -> Double {
    if computer == unitQueues.count {
      return Double(parameters.cloud.servers) * parameters.cloud.cpu_Hz * max(0, time_s - reportedCloudBacklog_s)
    }
    return Double(parameters.units.servers) * parameters.units.cpu_Hz * max(0, time_s - reportedBacklog_s[computer])
  }

  public var bandCount: Int { unitQueues.count }

  public func band(of option: Int, for agent: Int) -> Int? {
    guard case .upload(let rank, _, _) = actions.meanings[option] else { return nil }
    let unit = choices[agent * parameters.units.choices + rank].unit
    return unit >= 0 ? Int(unit) : nil
  }

  public func airtime_s(of option: Int, for agent: Int) -> Double {
    guard let task = waiting[agent], case .upload(let rank, _, let power) = actions.meanings[option] else { return 0 }
    let seen = seenUnit(agent, rank: rank)
    let sharers = seen.uploads + 1
    let share_Hz = parameters.radio.bandwidth_Hz / sharers
    let sinr = Link.sinr(
      signal_W: actions.powers[power].power_W * exp(seen.gain_dB * (0.1 * M_LN10)),
      interference_W: Watts(DecibelMilliwatts(seen.interference_dBm)).value / sharers,
      noise_W: receiver.noise_W(bandwidth_Hz: share_Hz))
    let rate = receiver.rate_bps(bandwidth_Hz: share_Hz, sinr: sinr)
    return rate > 0 ? task.bits / rate / sharers : .infinity
  }

  public var bandTime_s: Double { parameters.time.step_s }

  public func freeDeviceCycles(for agent: Int, within time_s: Double) -> Double {
    cpu_Hz[agent] * max(0, time_s - seenDeviceWait_s(agent))
  }
}
