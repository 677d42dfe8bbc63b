import EdgeCloud

/// What no policy can exceed.
///
/// Uploads do not depend on decisions, so they are as they will be. Each task alone then takes the quickest way that
/// there is if nobody else were computing: idle processors, whole clocks.
extension RoadsideOffloading {
  public func returnBound(seed: UInt64) -> Double? {
    var copy = self
    copy.reset(seed: seed)
    var bound = 0.0
    while copy.step < parameters.time.steps {
      bound += copy.greatestMeanReward()
      copy.step += 1
      copy.refresh()
    }
    return bound
  }

  /// The greatest mean reward of the present slot with idle processors.
  private func greatestMeanReward() -> Double {
    let seats = parameters.nodes.vehicles
    var sum = 0.0
    for node in 0..<nodes {
      var tasks = 0.0
      var reward = 0.0
      for seat in node * seats..<(node + 1) * seats {
        guard let task = uplink.members[seat].task else { continue }
        tasks += 1
        let latency = quickest_s(task, seat: seat, node: node)
        let isInTime = latency <= task.deadline_s + Self.tolerance_s
        reward +=
          (isInTime ? parameters.reward.inTimeWeight : 0) - parameters.reward.latencyWeight
          * (min(latency, parameters.timeout_s) / parameters.timeout_s)
      }
      if tasks > 0 { sum += reward / tasks }
    }
    return sum / Double(nodes)
  }

  /// The least latency of a task; infinite if its upload is cut.
  private func quickest_s(_ task: ComputeTask, seat: Int, node: Int) -> Double {
    let upload = upload_s(of: seat, task)
    if upload.needed_s > upload.limit_s { return .infinity }
    var least = transfer_s(task, from: node, to: .cloud) + backhaul.oneWayDelay_s
    least += task.cycles / parameters.cloud.cpu_Hz
    for other in 0..<nodes {
      least = min(least, transfer_s(task, from: node, to: .node(other)) + task.cycles / clock_Hz[other])
    }
    return upload.needed_s + least
  }
}
