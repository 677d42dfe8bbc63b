import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning
import Snapshots

/// A factory hall: control loops, robots and inspection stations that share one radio network and a few servers.
///
/// Time runs in steps. At the start of each, every control loop decides how often its messages are repeated and how
/// strongly they are sent, and every robot and station with a task that is ready decides where it runs. The blocks that
/// loops and monitoring leave carry the uploads, first come first served; servers and cloud queue; servers and stations
/// break down. The card (`Environments/industrial/README.md`) has observations, actions, reward, sources, the bound and
/// what is simplified.
///
/// Positions, movements, breakdowns, arrivals, sizes, monitoring, and the numbers that decide losses and fading are
/// functions of (seed, device, time), the same under every policy.
public struct IndustrialHall: Environment {
  /// The constants of the scenario.
  public let parameters: HallParameters
  public let groups: [AgentGroup]
  public let rewardTerms: [RewardTerm]

  /// The role of each group, its first agent, its size, and its numbers in an action.
  let roles: [HallActions.Role]
  let firstOf: [Int]
  let countOf: [Int]
  let integersOf: [Int]
  let realsOf: [Int]
  let actions: HallActions
  let radio: HallRadio
  /// The kind of each loop; robots have the last.
  let kindOf: [Int]
  /// Of each kind.
  let loopPlans: [LoopPlan]
  /// The jobs of robots and of stations.
  let plans: [HallPlan]
  /// Loops are agents 0 ..< loopCount; computing devices are agents firstComputing ... in their order.
  let loopCount: Int
  let firstComputing: Int

  var world = WorldDraws(seed: 0)
  var step = 0
  var links: HallLinks
  /// Where the monitoring traffic is on its path, and whether the last step was one of a burst.
  var walk: MarkovModulated.Walk
  var isBurst = false
  /// Losses in a row of each loop.
  var runs: [Int32]
  /// Of each loop in the last step: messages lost, and copies granted of those asked for.
  var lostShare: [Double]
  var grantedShare: [Double]
  /// Of the pool in the last step.
  var reservedShare = 0.0
  var monitoredShare = 0.0
  var jobs: HallJobs
  var uplink: UplinkQueue
  var cpu_Hz: [Double]
  /// What a device's upload would carry with the whole pool, fading averaged.
  var meanRate_bps: [Double]
  var deviceFree_s: [Double]
  var serverQueues: [ComputeQueue]
  var serverMachines: [Machine]
  var stationMachines: [Machine]
  var cloudQueue: ComputeQueue
  var account: FlowAccount
  var latencies_s: [Double] = []
  var tally = HallTally()
  /// The task that each computing device may decide on now, −1 if there is none.
  var ready: [Int32]
  /// Row-major [agents × terms].
  var terms: [Double]
  var rows: [HallRow]
  var rowsStep = 0
  var decisions: [HallActions.Decision]

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: HallParameters) {
    self.parameters = parameters
    actions = HallActions(parameters)
    radio = HallRadio(parameters)
    let controllers = parameters.controllerCount
    loopCount = controllers + parameters.robots.count
    firstComputing = controllers
    var kindOf: [Int] = []
    for (kind, loop) in parameters.loops.enumerated() { kindOf += [Int](repeating: kind, count: loop.count) }
    kindOf += [Int](repeating: parameters.loops.count, count: parameters.robots.count)
    self.kindOf = kindOf
    loopPlans = (parameters.loops + [parameters.robotLoop]).map(LoopPlan.init)
    plans = [HallPlan(parameters.robots.job), HallPlan(parameters.inspectors.job)]
    links = HallLinks(parameters)
    walk = parameters.monitoring.stream.walk(in: world, entity: 0, slot: 0)
    runs = [Int32](repeating: 0, count: loopCount)
    lostShare = [Double](repeating: 0, count: loopCount)
    grantedShare = [Double](repeating: 1, count: loopCount)
    jobs = HallJobs(parameters)
    let devices = jobs.devices
    uplink = UplinkQueue(devices: devices)
    cpu_Hz = [Double](repeating: 0, count: devices)
    meanRate_bps = cpu_Hz
    deviceFree_s = [Double](repeating: 0, count: devices)
    serverQueues = [ComputeQueue](
      repeating: ComputeQueue(servers: parameters.edge.servers), count: parameters.edge.count)
    serverMachines = (0..<parameters.edge.count).map {
      Machine(parameters.edge.breakdowns, entity: UInt64($0), in: WorldDraws(seed: 0))
    }
    stationMachines = (0..<parameters.inspectors.count).map {
      Machine(parameters.inspectors.machines, entity: UInt64(1000 + $0), in: WorldDraws(seed: 0))
    }
    cloudQueue = ComputeQueue(servers: parameters.cloud.servers)
    account = FlowAccount(capacity: devices * (jobs.capacity + 4) + 64)
    ready = [Int32](repeating: -1, count: devices)
    var roles: [HallActions.Role] = []
    var groups: [AgentGroup] = []
    let counts: [(HallActions.Role, String, Int)] = [
      (.controller, "controller", controllers), (.robot, "robot", parameters.robots.count),
      (.inspector, "inspector", parameters.inspectors.count),
    ]
    for (role, name, count) in counts where count > 0 {
      roles.append(role)
      groups.append(
        AgentGroup(
          name: name, count: count, observation: Self.observationSpace(role, parameters),
          action: actions.space(of: role)))
    }
    self.roles = roles
    self.groups = groups
    countOf = groups.map(\.count)
    firstOf = groups.indices.map { groups[..<$0].reduce(0) { $0 + $1.count } }
    integersOf = groups.map(\.action.discreteCount)
    realsOf = groups.map(\.action.continuousCount)
    let agents = loopCount + parameters.inspectors.count
    let reward = parameters.reward
    rewardTerms = [
      RewardTerm("outage", weight: -reward.outageWeight, "share of the loop's messages after which it is down"),
      RewardTerm("latency", weight: -reward.latencyWeight, "growth of the job's latency as a share of its deadline"),
      RewardTerm("miss", weight: -reward.missWeight, "jobs that came late or were lost"),
      RewardTerm("energy", weight: -reward.energyWeight, "the device's energy in units of the reference"),
    ]
    terms = [Double](repeating: 0, count: agents * 4)
    rows = [HallRow](repeating: HallRow(), count: agents)
    decisions = [HallActions.Decision](repeating: HallActions.Decision(), count: agents)
    latencies_s.reserveCapacity(expectedJobs)
    reset(seed: 0)
  }

  /// More jobs than an episode can bring.
  private var expectedJobs: Int {
    let length = parameters.time.step_s * Double(parameters.time.steps)
    let robots = Double(parameters.robots.count) * (length / parameters.robots.job.period_s + 1)
    let stations = Double(parameters.inspectors.count) * (length / parameters.inspectors.job.period_s + 1)
    return Int(min(robots + stations, 1e6))
  }

  /// The present moment since the episode began.
  var now_s: Double { Double(step) * parameters.time.step_s }

  /// The plan of a computing device's jobs: of a robot the first, of a station the second.
  func plan(of device: Int) -> Int { device < parameters.robots.count ? 0 : 1 }

  func readyTask(_ device: Int) -> Int32 {
    Int32(jobs.readyTask(device, of: plans[plan(of: device)], at: now_s))
  }

  /// The job of a computing device, for what is not done in every step.
  func job(of device: Int) -> HallParameters.Job {
    device < parameters.robots.count ? parameters.robots.job : parameters.inspectors.job
  }

  func computer(of device: Int) -> HallParameters.Device {
    device < parameters.robots.count ? parameters.robots.device : parameters.inspectors.device
  }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    step = 0
    links.reset(in: world)
    refreshRates(of: 0..<jobs.devices)
    walk = parameters.monitoring.stream.walk(in: world, entity: 0, slot: 0)
    isBurst = false
    for loop in 0..<loopCount {
      runs[loop] = 0
      lostShare[loop] = 0
      grantedShare[loop] = 1
    }
    (reservedShare, monitoredShare) = (0, 0)
    jobs.reset()
    uplink.reset()
    for device in 0..<jobs.devices {
      let words = world.block(.hallDevice, entity: UInt64(firstComputing + device))
      let range = computer(of: device).cpu_Hz
      cpu_Hz[device] = range.lowerBound + (range.upperBound - range.lowerBound) * Variate.uniform(words.2)
      jobs.offset_s[device] = plans[plan(of: device)].period_s * Variate.positiveUniform(words.3)
      deviceFree_s[device] = 0
    }
    for server in serverQueues.indices {
      serverQueues[server].reset()
      serverMachines[server].reset(in: world)
    }
    for station in stationMachines.indices { stationMachines[station].reset(in: world) }
    cloudQueue.reset()
    account.reset()
    latencies_s.removeAll(keepingCapacity: true)
    tally = HallTally()
    for index in terms.indices { terms[index] = 0 }
    for agent in rows.indices { rows[agent] = HallRow() }
    rowsStep = 0
    refreshJobs()
  }

  public mutating func step(_ joint: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    for index in terms.indices { terms[index] = 0 }
    rowsStep = step
    decide(joint)
    let pool = Double(parameters.blocksPerStep)
    let reserved = runLoops()
    let monitored = serveMonitoring(left: parameters.blocksPerStep - reserved)
    reservedShare = Double(reserved) / pool
    monitoredShare = Double(monitored) / pool
    place()
    drainUplink(blocks: Double(parameters.blocksPerStep - reserved - monitored))
    step += 1
    links.refresh(step: step, time_s: now_s, in: world)
    refreshRates(of: 0..<parameters.robots.count)
    refreshJobs()
    closeBooks()
    for agent in outcome.rewards.indices {
      var reward = 0.0
      for term in 0..<4 { reward += rewardTerms[term].weight * terms[agent * 4 + term] }
      outcome.rewards[agent] = reward
      rows[agent].reward = reward
      outcome.truncated[agent] = step >= parameters.time.steps
    }
    outcome.episodeOver = step >= parameters.time.steps
    tally.steps += 1
    tally.reserved += reservedShare
  }

  /// Reads what every agent decided.
  private mutating func decide(_ joint: borrowing JointAction) {
    var agent = 0
    for (group, role) in roles.enumerated() {
      for slot in 0..<countOf[group] {
        let device = agent - firstComputing
        let isPinned =
          role != .controller && ready[device] >= 0
          && plans[plan(of: device)].isPinned[Int(ready[device])]
        decisions[agent] = actions.decision(
          of: role, in: joint, integer: joint.discreteStart[group] + slot * integersOf[group],
          real: joint.continuousStart[group] + slot * realsOf[group], isPinned: isPinned)
        rows[agent] = HallRow()
        agent += 1
      }
    }
  }

  /// The messages of all sensors that the blocks left can carry; the others are lost.
  private mutating func serveMonitoring(left: Int) -> Int {
    isBurst = walk.phase == 1
    let messages = parameters.monitoring.stream.count(&walk, in: world, entity: 0)
    let wanted = messages * parameters.monitoring.blocks
    tally.monitoringWanted += Double(wanted)
    let served = min(wanted, left)
    tally.monitoringServed += Double(served)
    return served
  }

  /// Advances the account to the oldest job whose fate is not known yet.
  private mutating func closeBooks() {
    var oldest = now_s
    for device in 0..<jobs.devices {
      if jobs.isOpen[device] { oldest = min(oldest, jobs.arrival_s[device]) }
      if let waiting = jobs.oldestWaiting_s(device) { oldest = min(oldest, waiting) }
    }
    account.advance(to: max(oldest, account.now_s))
  }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for index in terms.indices { values[index] = terms[index] }
  }

  public func brokenInvariants() -> [String] {
    var broken: [String] = []
    let balance = account.check()
    if !balance.isSound {
      broken.append(
        "jobs arrived less those done, dropped and at hand: \(balance.unaccountedTasks); integral of the number in the "
          + "hall \(balance.occupancy_s) s against residence times \(balance.residence_s) s")
    }
    var open = 0.0
    for device in 0..<jobs.devices { open += Double(jobs.waitingCount[device]) + (jobs.isOpen[device] ? 1 : 0) }
    if tally.arrived != tally.done + tally.late + tally.dropped + open {
      broken.append(
        "\(tally.arrived) jobs arrived, but \(tally.done) were done, \(tally.late) late, \(tally.dropped) dropped and "
          + "\(open) are at hand")
    }
    if reservedShare + monitoredShare > 1 + 1e-12 {
      broken.append("loops and monitoring took \(reservedShare + monitoredShare) of the pool")
    }
    return broken
  }
}
