import EdgeCloud

/// What rules expect of a placement: present queues, the pool as it was in the last step, fading averaged.
extension IndustrialHall {
  /// The wait at a server or in the cloud; a server that is down is expected back after its mean time to repair.
  func wait_s(at place: Int) -> Double {
    if place == cloudPlace { return cloudQueue.backlog_s(at: now_s) }
    let repair =
      serverMachines[place - 1].isUp(at: now_s) ? 0 : parameters.edge.breakdowns.meanTimeToRepair_s
    return serverQueues[place - 1].backlog_s(at: now_s) + repair
  }

  /// The rate of a device's upload over what loops and monitoring left of the pool in the last step.
  func freeUplink_bps(_ device: Int) -> Double {
    uplink_bps(device) * max(1 - reservedShare - monitoredShare, 0.02)
  }

  /// When a task would be done at a place, results at the device included if it is a last one.
  func predictedFinish_s(
    _ device: Int, task: Int, at place: Int, clock: Double, uplinkExtra_s: Double, placeExtra_s: Double
  ) -> Double {
    let index = plan(of: device)
    var way = 0.0
    for edge in plans[index].start[task]..<plans[index].start[task + 1] {
      let source = Int(jobs.place[device * jobs.tasks + plans[index].sources[edge]])
      if source == place || source == 0 { continue }
      way = max(way, wire_s(from: source, to: place, bits: plans[index].bits[edge] * jobs.size[device]))
    }
    if place == 0 {
      let start = max(now_s + way, deviceFree_s[device])
      return start + plans[index].cycles[task] * jobs.size[device] / (cpu_Hz[device] * clock)
    }
    let bits = inputBits(device, task: task, at: 0)
    if bits > 0 {
      let free = max(1 - reservedShare - monitoredShare, 0.02)
      let upload = uplinkWait_s / free + uplinkExtra_s + bits / freeUplink_bps(device)
      way = max(way, upload + behindNode_s(to: place, bits: bits))
    }
    let start = now_s + max(way, wait_s(at: place) + placeExtra_s)
    let end = start + service_s(device, task: task, at: place)
    return end + (plans[index].isLast[task] ? return_s(from: place) : 0)
  }

  /// The time that the undecided tasks after one take where they are fastest: what must be left of the deadline.
  func laterWork_s(_ device: Int, after task: Int) -> Double {
    let index = plan(of: device)
    var time = 0.0
    for other in 0..<plans[index].cycles.count
    where other != task && jobs.place[device * jobs.tasks + other] < 0 {
      let local = plans[index].cycles[other] * jobs.size[device] / cpu_Hz[device]
      let remote = plans[index].isPinned[other] ? .infinity : service_s(device, task: other, at: 1)
      // Each waits for the step after its predecessor is done.
      time += min(local, remote) + parameters.time.step_s
    }
    return time
  }
}
