import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning
import Snapshots

/// Vehicles on a road that place their tasks on themselves, on a road-side unit in reach, or in the cloud.
///
/// Time runs in slots. At the start of a slot every vehicle that has a task decides; the band of each unit is shared
/// equally by the slot's uploads to it, uploads to other units interfere, and the tasks queue first-come-first-served
/// at the processors. What becomes of a task is fully determined by the decisions of its slot and the queues, so it
/// is settled, and rewarded, at once. The card (`Environments/vehicular/README.md`) has observations, actions,
/// reward, sources and what is simplified.
///
/// Movement is computed at reset (nothing decided here influences it). Channels, tasks and movements are functions of
/// (seed, vehicle, time), the same under every policy.
public struct VehicularOffloading: Environment {
  /// The constants of the scenario.
  public let parameters: VehicularParameters
  public let groups: [AgentGroup]

  let actions: OffloadingActions
  let processor: ScalableProcessor
  let receiver: Link
  let backhaul: Backhaul
  private let steps: Int

  var world = WorldDraws(seed: 0)
  var plan: MobilityPlan
  var origin_s = 0.0
  var step = 0
  var links: LinkField
  /// Per slot.
  var waiting: [ComputeTask?]
  var cpu_Hz: [Double]
  var deviceFree_s: [Double]
  /// The unit of the slot's last upload if it was made in the slot before, else −1.
  var lastUnit: [Int32]
  /// Units in reach, the strongest first; [slots × choices].
  var choices: [LinkField.Choice]
  /// Processors.
  var unitQueues: [ComputeQueue]
  /// The tasks at units.
  var unitTasks: OpenTasks
  var cloudQueue: ComputeQueue
  /// What units and cloud reported one slot ago.
  var reportedBacklog_s: [Double]
  var reportedCloudBacklog_s = 0.0
  var reportedUploads: [Int32]
  var reportedInterference_W: [Double]
  var reportedLevel_dBm: [Double]
  var account: FlowAccount
  var latencies_s: [Double] = []
  var tally = Tally()
  var settled: [TaskRecord] = []
  var settledStep = 0
  var settledTime_s = 0.0
  var settledActive = 0
  var scratch: Scratch

  /// What an episode adds up.
  struct Tally: Sendable, Equatable {
    var present = 0.0
    var arrived = 0.0
    var missed = 0.0
    var energy_J = 0.0
    var onDevice = 0.0
    var atEdge = 0.0
    var inCloud = 0.0
    var lost = 0.0
  }

  /// Working memory of a step.
  struct Scratch: Sendable {
    var uploads: [Int32]
    var interference_W: [Double]
    var order: [Int]
    var times_s: [Double]
    /// The vehicles that are present.
    var arrivals: [LinkField.Arrival]
  }

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: VehicularParameters) {
    self.parameters = parameters
    let slots = parameters.slots
    let units = parameters.units.positions_m.count
    actions = OffloadingActions(
      parameters.actions, choices: parameters.units.choices, powers_dBm: parameters.radio.powers_dBm)
    processor = ScalableProcessor(
      switchedCapacitance: parameters.device.switchedCapacitance,
      minimumClock: Hertz(parameters.device.slowest_Hz), maximumClock: Hertz(parameters.device.cpu_Hz.upperBound))
    receiver = Link(
      noiseFigure: Decibels(parameters.radio.noiseFigure_dB),
      spectralEfficiencyCap: parameters.radio.spectralEfficiencyCap)
    backhaul = Backhaul(
      rate: BitsPerSecond(parameters.cloud.backhaul_bps), roundTripDelay: Seconds(parameters.cloud.roundTrip_s))
    switch parameters.mobility {
    case .trace(let replay): steps = replay.episodeSteps(parameters.time.steps, interval_s: parameters.time.step_s)
    case .highway, .manhattan: steps = parameters.time.steps
    }
    plan = MobilityPlan.Builder(slots: slots, interval_s: parameters.time.step_s).finish()
    links = LinkField(parameters)
    waiting = [ComputeTask?](repeating: nil, count: slots)
    cpu_Hz = [Double](repeating: parameters.device.cpu_Hz.upperBound, count: slots)
    deviceFree_s = [Double](repeating: 0, count: slots)
    lastUnit = [Int32](repeating: -1, count: slots)
    choices = [LinkField.Choice](repeating: LinkField.Choice(), count: slots * parameters.units.choices)
    unitQueues = [ComputeQueue](repeating: ComputeQueue(servers: parameters.units.servers), count: units)
    unitTasks = OpenTasks(capacity: slots * parameters.tasksAtOnce)
    cloudQueue = ComputeQueue(servers: parameters.cloud.servers)
    reportedBacklog_s = [Double](repeating: 0, count: units)
    reportedUploads = [Int32](repeating: 0, count: units)
    reportedInterference_W = [Double](repeating: 0, count: units)
    reportedLevel_dBm = reportedInterference_W
    account = FlowAccount(capacity: slots * parameters.tasksAtOnce)
    scratch = Scratch(
      uploads: reportedUploads, interference_W: reportedInterference_W, order: [],
      times_s: [Double](repeating: 0, count: slots), arrivals: [])
    scratch.arrivals.reserveCapacity(slots)
    scratch.order.reserveCapacity(slots)
    settled.reserveCapacity(slots)
    latencies_s.reserveCapacity(steps * slots)
    groups = [
      AgentGroup(
        name: "vehicle", count: slots, observation: Self.observationSpace(parameters),
        action: actions.space)
    ]
    reset(seed: 0)
  }

  /// The number of steps in an episode: the scenario's, or as many as the trace's window holds.
  public var episodeSteps: Int { steps }

  /// The present moment since the episode began.
  var now_s: Double { Double(step) * parameters.time.step_s }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    makePlan()
    step = 0
    links.reset()
    for slot in 0..<parameters.slots {
      cpu_Hz[slot] = parameters.device.cpu_Hz.upperBound
      deviceFree_s[slot] = 0
      lastUnit[slot] = -1
    }
    for rank in choices.indices { choices[rank] = LinkField.Choice() }
    for unit in unitQueues.indices {
      unitQueues[unit].reset()
      reportedBacklog_s[unit] = 0
      reportedUploads[unit] = 0
      report(interference_W: 0, at: unit)
    }
    unitTasks.reset()
    cloudQueue.reset()
    reportedCloudBacklog_s = 0
    account.reset()
    tally = Tally()
    latencies_s.removeAll(keepingCapacity: true)
    settled.removeAll(keepingCapacity: true)
    refresh(isFirst: true)
  }

  /// Computes the movements of the episode from the seed.
  private mutating func makePlan() {
    let interval = parameters.time.step_s
    let lookahead = Int((parameters.tasks.deadline_s.upperBound / interval).rounded(.up)) + 1
    switch parameters.mobility {
    case .trace(let replay):
      origin_s = replay.start_s(world: world, steps: steps, interval_s: interval)
      plan = replay.plan(
        start_s: origin_s, slots: parameters.slots, steps: steps, interval_s: interval, lookahead: lookahead)
    case .highway(let traffic):
      origin_s = 0
      plan = traffic.plan(
        world: world, slots: parameters.slots, steps: steps, interval_s: interval, lookahead: lookahead)
    case .manhattan(let traffic):
      origin_s = 0
      plan = traffic.plan(
        world: world, slots: parameters.slots, steps: steps, interval_s: interval, lookahead: lookahead)
    }
  }

  /// The stay in a slot at an instant, −1 where there is none.
  func stay(_ slot: Int, at instant: Int) -> Int {
    instant < plan.instants ? Int(plan.occupant[plan.index(instant: instant, slot: slot)]) : -1
  }

  func isActive(_ slot: Int) -> Bool { stay(slot, at: step) >= 0 }

  /// Brings vehicles, links, tasks and choices to the present instant.
  mutating func refresh(isFirst: Bool) {
    let plan = plan
    let occupants = plan.occupant.span
    let (east_m, north_m) = (plan.x_m.span, plan.y_m.span)
    let vehicles = plan.entity.span
    let row = plan.index(instant: step, slot: 0)
    scratch.arrivals.removeAll(keepingCapacity: true)
    for slot in 0..<parameters.slots {
      let stay = step < plan.instants ? Int(occupants[row + slot]) : -1
      guard stay >= 0 else {
        waiting[slot] = nil
        continue
      }
      let here = row + slot
      let before = here - plan.slots
      let vehicle = vehicles[stay]
      var moved_m = -1.0
      if isFirst || step == 0 || Int(occupants[before]) != stay {
        beginStay(slot, vehicle: vehicle)
      } else {
        let dx = east_m[here] - east_m[before]
        let dy = north_m[here] - north_m[before]
        moved_m = (dx * dx + dy * dy).squareRoot()
      }
      scratch.arrivals.append(
        LinkField.Arrival(slot: slot, x_m: east_m[here], y_m: north_m[here], moved_m: moved_m, vehicle: vehicle))
      waiting[slot] = parameters.tasks.task(in: world, device: vehicle, slot: step)
    }
    links.refresh(scratch.arrivals, instant: step, world: world)
    rank()
  }

  private mutating func beginStay(_ slot: Int, vehicle: UInt64) {
    let range = parameters.device.cpu_Hz
    cpu_Hz[slot] =
      range.lowerBound + (range.upperBound - range.lowerBound) * world.uniform(.deviceSpeed, entity: vehicle)
    deviceFree_s[slot] = now_s
    lastUnit[slot] = -1
  }

  mutating func report(interference_W: Double, at unit: Int) {
    reportedInterference_W[unit] = interference_W
    reportedLevel_dBm[unit] = 10 * log10(max(interference_W, 1e-20)) + 30
  }

  /// Finds the strongest units in reach of every vehicle that is present.
  mutating func rank() {
    links.rank(scratch.arrivals, reach_m: parameters.units.reach_m, count: parameters.units.choices, into: &choices)
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    for unit in unitQueues.indices { reportedBacklog_s[unit] = unitQueues[unit].backlog_s(at: now_s) }
    reportedCloudBacklog_s = cloudQueue.backlog_s(at: now_s)
    settle(actions, outcome: &outcome)
    for unit in unitQueues.indices {
      reportedUploads[unit] = scratch.uploads[unit]
      report(interference_W: scratch.interference_W[unit], at: unit)
    }
    step += 1
    account.advance(to: now_s)
    let isOver = step >= steps
    for slot in 0..<parameters.slots where stay(slot, at: step - 1) >= 0 {
      let left = stay(slot, at: step) != stay(slot, at: step - 1)
      outcome.terminated[slot] = left
      outcome.truncated[slot] = isOver && !left
    }
    outcome.episodeOver = isOver
    refresh(isFirst: false)
  }

  public func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    let occupants = plan.occupant.span
    let row = plan.index(instant: step, slot: 0)
    for slot in 0..<parameters.slots { active[slot] = step < plan.instants && occupants[row + slot] >= 0 }
  }

  public func metrics() -> [Metric] {
    let finished = Double(latencies_s.count)
    return [
      Metric("latency_mean_s", .ratio(latencies_s.reduce(0, +), finished)),
      Metric("latency_p95_s", .quantile(0.95, latencies_s)),
      Metric("deadline_miss_ratio", .ratio(tally.missed, tally.arrived)),
      Metric("energy_per_task_j", .ratio(tally.energy_J, tally.arrived)),
      Metric("lost_ratio", .ratio(tally.lost, tally.arrived)),
      Metric("device_share", .ratio(tally.onDevice, tally.arrived)),
      Metric("edge_share", .ratio(tally.atEdge, tally.arrived)),
      Metric("cloud_share", .ratio(tally.inCloud, tally.arrived)),
      Metric("tasks_per_step", .ratio(tally.arrived, Double(step))),
      Metric("active_vehicles", .ratio(tally.present, Double(step))),
      Metric("unserved_vehicles", .ratio(Double(plan.unservedInstants), Double(plan.instants))),
    ]
  }

  public func brokenInvariants() -> [String] {
    let balance = account.check()
    if balance.isSound { return [] }
    return [
      "tasks arrived less those done, dropped and queued: \(balance.unaccountedTasks); integral of the number in the "
        + "system \(balance.occupancy_s) s against residence times \(balance.residence_s) s"
    ]
  }
}
