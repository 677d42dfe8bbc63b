public import EdgeCloud

/// What rules ask beyond the latency: energy, deadlines, processor time and the number of tasks at a unit.
extension VehicularOffloading {
  public var energyReference_J: Double { parameters.reward.energyReference_J }

  /// What the vehicle spends: κ f² C on the device, radiated power times upload time else.
  public func predictedEnergy_J(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    guard let task = waiting[agent] else { return 0 }
    switch actions.meanings[option] {
    case .none: return 0
    case .device(let economical):
      let wait = knowledge == .observation ? seenDeviceWait_s(agent) : max(0, deviceFree_s[agent] - now_s)
      let clock = deviceClock_Hz(task, slot: agent, wait_s: wait, economical: economical)
      return wait > task.deadline_s ? 0 : processor.energy_J(cycles: task.cycles, clock_Hz: clock)
    case .upload(let rank, _, let power):
      let upload = predictedUpload_s(task, agent: agent, rank: rank, power: power, knowledge)
      return actions.powers[power].power_W * min(upload, parameters.time.step_s, task.deadline_s)
    }
  }

  public func deadline_s(for agent: Int) -> Double { waiting[agent]?.deadline_s ?? .infinity }

  public func service_s(of option: Int, for agent: Int) -> Double {
    guard let task = waiting[agent] else { return 0 }
    switch actions.meanings[option] {
    case .none: return 0
    case .device(let economical):
      let wait = seenDeviceWait_s(agent)
      return task.cycles / deviceClock_Hz(task, slot: agent, wait_s: wait, economical: economical)
    case .upload(_, let toCloud, _):
      return task.cycles / (toCloud ? parameters.cloud.cpu_Hz : parameters.units.cpu_Hz)
    }
  }

  /// Tasks at a unit; those on the device and in the cloud are not counted.
  public func tasksInside(at option: Int, for agent: Int) -> Int? {
    guard case .upload(let rank, toCloud: false, _) = actions.meanings[option] else { return nil }
    let unit = choices[agent * parameters.units.choices + rank].unit
    return unit >= 0 ? unitTasks.count(at: Int(unit), after: now_s) : nil
  }
}
