import EdgeCloud
import Randomness
public import ReinforcementLearning
import Snapshots

/// Road-side nodes that decide where the tasks of the vehicles around them are computed: at themselves, at another
/// node over wires, or in the cloud.
///
/// The agents are the nodes. In every slot the vehicles that a node serves may have a task each; they send it to their
/// node on one band (``RoadsideUplink``), and the node sends it on. Processors of nodes are shared by a closed form
/// (``ShareServer``). What becomes of a task is fully determined by the decisions of its slot and the queues, so it is
/// settled, and rewarded, at once. The card (`Environments/vehicular/roadside.md`) has observations, actions, reward,
/// sources and what is simplified.
///
/// Movements, tasks, fading, powers and rates are functions of (seed, vehicle, time), the same under every policy.
public struct RoadsideOffloading: Environment {
  /// The constants of the scenario.
  public let parameters: RoadsideParameters
  public let groups: [AgentGroup]

  let actions: RoadsideActions
  /// The number of nodes.
  let nodes: Int
  /// From node to node, row-major.
  let distances_m: [Double]
  /// The nodes as each one numbers them: itself, then by rising distance; row-major.
  let order: [Int32]
  let backhaul: Backhaul

  var world = WorldDraws(seed: 0)
  var plan: MobilityPlan
  var step = 0
  var uplink: RoadsideUplink
  var clock_Hz: [Double]
  var servers: [ShareServer]
  var cloudQueue: ComputeQueue
  var account: FlowAccount
  var latencies_s: [Double] = []
  var tally = Tally()
  var settled: [RoadsideRecord] = []
  var settledStep = 0
  /// Tasks of each node in the last slot.
  var settledTasks: [Int]
  /// Indices of records, for sorting.
  var line: [Int] = []

  /// What an episode adds up.
  struct Tally: Sendable, Equatable {
    var arrived = 0.0
    var inTime = 0.0
    var energy_J = 0.0
    var counted_s = 0.0
    var atOwn = 0.0
    var atOther = 0.0
    var inCloud = 0.0
    var lost = 0.0
    var unserved = 0.0
  }

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: RoadsideParameters) {
    self.parameters = parameters
    let places = parameters.nodes.positions_m
    nodes = places.count
    let distances_m = places.flatMap { from in
      places.map { ((from.x - $0.x) * (from.x - $0.x) + (from.y - $0.y) * (from.y - $0.y)).squareRoot() }
    }
    self.distances_m = distances_m
    let count = places.count
    order = (0..<count).flatMap { node in
      (0..<count).sorted { a, b in
        if (a == node) != (b == node) { return a == node }
        return (distances_m[node * count + a], a) < (distances_m[node * count + b], b)
      }.map(Int32.init)
    }
    actions = RoadsideActions(parameters.actions, nodes: count, vehicles: parameters.nodes.vehicles)
    backhaul = Backhaul(
      rate: BitsPerSecond(parameters.cloud.backhaul_bps), roundTripDelay: Seconds(parameters.cloud.roundTrip_s))
    plan = MobilityPlan.Builder(slots: parameters.vehicles, interval_s: parameters.time.step_s).finish()
    uplink = RoadsideUplink(parameters)
    clock_Hz = [Double](repeating: parameters.nodes.cpu_Hz.upperBound, count: count)
    servers = [ShareServer](repeating: ShareServer(), count: count)
    cloudQueue = ComputeQueue(servers: parameters.cloud.servers)
    let seats = count * parameters.nodes.vehicles
    let slots = parameters.timeout_s / parameters.time.step_s
    account = FlowAccount(capacity: seats * (Int(min(slots, 64)) + 2))
    settledTasks = [Int](repeating: 0, count: count)
    settled.reserveCapacity(seats)
    line.reserveCapacity(seats)
    latencies_s.reserveCapacity(seats * parameters.time.steps)
    groups = [
      AgentGroup(
        name: "node", count: count, observation: Self.observationSpace(parameters), action: actions.space)
    ]
    reset(seed: 0)
  }

  /// The present moment since the episode began.
  var now_s: Double { Double(step) * parameters.time.step_s }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    plan = parameters.mobility.plan(
      world: world, slots: parameters.vehicles, steps: parameters.time.steps, interval_s: parameters.time.step_s)
    step = 0
    let range = parameters.nodes.cpu_Hz
    for node in 0..<nodes {
      clock_Hz[node] =
        range.lowerBound
        + (range.upperBound - range.lowerBound) * world.uniform(.roadsideClock, entity: UInt64(node))
      servers[node] = ShareServer()
      settledTasks[node] = 0
    }
    cloudQueue.reset()
    account.reset()
    tally = Tally()
    latencies_s.removeAll(keepingCapacity: true)
    settled.removeAll(keepingCapacity: true)
    refresh()
  }

  /// Brings vehicles, tasks and links to the present instant.
  mutating func refresh() { uplink.refresh(plan: plan, step: step, tasks: parameters.tasks, world: world) }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    settle(actions)
    reward(&outcome)
    tally.unserved += Double(uplink.unserved)
    step += 1
    account.advance(to: now_s)
    outcome.episodeOver = step >= parameters.time.steps
    for node in 0..<nodes { outcome.truncated[node] = outcome.episodeOver }
    refresh()
  }

  private func reward(_ outcome: inout StepOutcome) {
    for record in settled {
      let share = 1 / Double(settledTasks[record.node])
      let late = record.counted_s(timeout_s: parameters.timeout_s) / parameters.timeout_s
      outcome.rewards[record.node] +=
        share
        * ((record.fate == .done ? parameters.reward.inTimeWeight : 0) - parameters.reward.latencyWeight * late)
    }
  }

  public func metrics() -> [Metric] {
    [
      Metric("latency_mean_s", .ratio(latencies_s.reduce(0, +), Double(latencies_s.count))),
      Metric("latency_p95_s", .quantile(0.95, latencies_s)),
      Metric("deadline_miss_ratio", .ratio(tally.arrived - tally.inTime, tally.arrived)),
      Metric("energy_per_task_j", .ratio(tally.energy_J, tally.arrived)),
      Metric("processing_time_mean_s", .ratio(tally.counted_s, tally.arrived)),
      Metric("lost_ratio", .ratio(tally.lost, tally.arrived)),
      Metric("own_share", .ratio(tally.atOwn, tally.arrived)),
      Metric("other_share", .ratio(tally.atOther, tally.arrived)),
      Metric("cloud_share", .ratio(tally.inCloud, tally.arrived)),
      Metric("tasks_per_step", .ratio(tally.arrived, Double(step))),
      Metric("unserved_vehicles", .ratio(tally.unserved, Double(step))),
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
