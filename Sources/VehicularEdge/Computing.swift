public import EdgeCloud

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

  public func freeDeviceCycles(for agent: Int, within time_s: Double) -> Double {
    cpu_Hz[agent] * max(0, time_s - seenDeviceWait_s(agent))
  }
}
