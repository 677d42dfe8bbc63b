public import EdgeCloud
import Glibc
import Randomness
public import ReinforcementLearning
import Snapshots

/// One agent places the tasks of a graph, one after another, on the device that it comes from, on servers or in the cloud.
///
/// Tasks come in the order of falling upward rank. A task starts on its node as soon as the results that it needs are
/// there and the node has room, in a gap between earlier placements if it fits; transfers do not wait for each other.
/// A step's reward is what it adds to the makespan and to the device's energy. The card
/// (`Environments/industrial/workflow-placement.md`) has observations, actions, reward, the bound and what is simplified.
public struct WorkflowPlacement: Environment {
  /// The constants of the scenario.
  public let parameters: WorkflowParameters
  public let groups: [AgentGroup]
  public let rewardTerms: [RewardTerm]

  /// The episode's graph on its platform; node 0 is the device, then servers, then the cloud.
  public private(set) var problem: SchedulingProblem
  /// The tasks in the order in which they are placed.
  public private(set) var order: [Int]
  /// How many tasks have been placed.
  public private(set) var placed = 0
  /// When the last task that was placed so far ends.
  public private(set) var makespan_s = 0.0

  var world = WorldDraws(seed: 0)
  var timeline: NodeTimeline
  /// The node of each task, −1 while it is not placed.
  var node: [Int32]
  var clock: [Double]
  var rank: [Double] = []
  var energy_J = 0.0
  /// The longest path with every task where it is fastest: what times are measured in.
  var reference_s = 1.0
  /// What a task works and gives on average.
  var meanCycles = 1.0
  var meanOutput_bits = 1.0
  /// All work on the device at full speed.
  var energyReference_J = 1.0
  var terms = [0.0, 0.0, 0.0]
  var lastTask = -1
  var lastReward = 0.0
  let space: WorkflowSpace

  /// A world of the given constants; call ``reset(seed:)`` before an episode.
  public init(_ parameters: WorkflowParameters) {
    self.parameters = parameters
    let space = WorkflowSpace(parameters)
    self.space = space
    groups = [
      AgentGroup(name: "scheduler", count: 1, observation: space.observation, action: space.action)
    ]
    rewardTerms = [
      RewardTerm(
        "makespan", weight: -parameters.reward.makespanWeight, "growth of the makespan over the shortest path"),
      RewardTerm(
        "energy", weight: -parameters.reward.energyWeight, "the device's energy over that of doing all work itself"),
      RewardTerm("miss", weight: -parameters.reward.missWeight, "whether the job came late, at its end"),
    ]
    let tasks = parameters.source.tasks
    problem = parameters.problem(in: world)
    order = Array(0..<tasks)
    timeline = NodeTimeline(nodes: parameters.nodes, tasks: tasks)
    node = [Int32](repeating: -1, count: tasks)
    clock = [Double](repeating: 1, count: tasks)
    reset(seed: 0)
  }

  public mutating func reset(seed: UInt64) {
    world = WorldDraws(seed: seed)
    begin(parameters.problem(in: world))
  }

  /// Begins an episode with a problem, which has as many tasks and nodes as the scenario; for tests of known instances.
  package mutating func begin(_ problem: SchedulingProblem) {
    precondition(
      problem.tasks == node.count && problem.nodes == parameters.nodes,
      "\(problem.tasks) tasks on \(problem.nodes) nodes are not those of the scenario")
    self.problem = problem
    rank = TaskRanks.upward(problem)
    order = TaskRanks.descending(rank, in: problem.graph)
    reference_s = max(ScheduleBounds.criticalPath_s(problem), 1e-12)
    let count = Double(problem.tasks)
    meanCycles = max(problem.graph.cycles.reduce(0, +) / count, 1e-300)
    meanOutput_bits = max(problem.graph.dependencies.reduce(0) { $0 + $1.bits } / count, 1e-300)
    let full = parameters.device.cpu_Hz * parameters.device.cpu_Hz * parameters.device.switchedCapacitance
    energyReference_J = max(problem.graph.cycles.reduce(0) { $0 + full * $1 }, 1e-300)
    placed = 0
    makespan_s = 0
    energy_J = 0
    timeline.reset()
    for task in node.indices { (node[task], clock[task]) = (-1, 1) }
    terms = [0, 0, 0]
    lastTask = -1
    lastReward = 0
  }

  /// Takes over what a snapshot says of the whole.
  mutating func takeOver(placed: Int, totals: [Double]) {
    self.placed = placed
    (makespan_s, energy_J) = (totals[0], totals[1])
    lastTask = placed > 0 ? order[placed - 1] : -1
  }

  /// Takes over the episode of another world, and how far it is; shares what does not change in an episode.
  mutating func share(_ other: WorkflowPlacement) {
    (world, problem, order, rank) = (other.world, other.problem, other.order, other.rank)
    (placed, makespan_s, energy_J) = (other.placed, other.makespan_s, other.energy_J)
    (reference_s, energyReference_J) = (other.reference_s, other.energyReference_J)
    (meanCycles, meanOutput_bits) = (other.meanCycles, other.meanOutput_bits)
  }

  /// The task that is placed next; nil at the end.
  public var task: Int? { placed < order.count ? order[placed] : nil }

  /// When the job should be done.
  public var deadline_s: Double { parameters.deadlineFactor * reference_s }

  /// When the results that a task needs are at a node. Its predecessors must have been placed.
  public func ready_s(_ task: Int, on target: Int) -> Double {
    var ready = 0.0
    for edge in problem.graph.predecessors(of: task) {
      let source = problem.graph.dependencies[edge].source
      ready = max(
        ready, timeline.finish_s[source] + problem.transfer_s(edge: edge, from: Int(node[source]), to: target))
    }
    return ready
  }

  /// When a task would end on a node, at a share of the full clock if that is the device.
  public func finish_s(_ task: Int, on target: Int, clock: Double = 1) -> Double {
    let duration = problem.duration_s(task: task, node: target) / (target == 0 ? clock : 1)
    return timeline.earliest_s(on: target, from: ready_s(task, on: target), lasting: duration) + duration
  }

  /// The clock of a node at full speed, read off the time of a task that it may run.
  public func clock_Hz(_ target: Int) -> Double {
    for task in node.indices where problem.permits(task: task, node: target) && problem.graph.cycles[task] > 0 {
      return problem.graph.cycles[task] / problem.duration_s(task: task, node: target)
    }
    return parameters.device.cpu_Hz
  }

  /// When a node has done all that it was given.
  public func free_s(_ target: Int) -> Double { timeline.free_s(target) }

  /// The device's energy for a task on a node: κ f² C there, and what goes over the radio.
  public func energy_J(_ task: Int, on target: Int, clock: Double = 1) -> Double {
    let device = parameters.device
    var energy = 0.0
    if target == 0 {
      let hertz = device.cpu_Hz * clock
      energy += device.switchedCapacitance * hertz * hertz * problem.graph.cycles[task]
    }
    for edge in problem.graph.predecessors(of: task) {
      let dependency = problem.graph.dependencies[edge]
      let source = Int(node[dependency.source])
      if source == 0, target != 0 { energy += device.transmit_W * dependency.bits / parameters.links.uplink_bps }
      if source != 0, target == 0 { energy += device.receive_W * dependency.bits / parameters.links.downlink_bps }
    }
    return energy
  }

  public mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome) {
    outcome.clear()
    guard let task else {
      outcome.terminated[0] = true
      outcome.episodeOver = true
      return
    }
    var (target, share) = space.decision(actions)
    if !problem.permits(task: task, node: target) { target = 0 }
    if target != 0 { share = 1 }
    let duration = problem.duration_s(task: task, node: target) / share
    let start = timeline.earliest_s(on: target, from: ready_s(task, on: target), lasting: duration)
    let joules = energy_J(task, on: target, clock: share)
    node[task] = Int32(target)
    clock[task] = share
    timeline.place(task, on: target, start_s: start, finish_s: start + duration)
    let before = makespan_s
    makespan_s = max(makespan_s, start + duration)
    energy_J += joules
    placed += 1
    let isOver = placed == order.count
    terms[0] = (makespan_s - before) / reference_s
    terms[1] = joules / energyReference_J
    terms[2] = isOver && isLate(makespan_s) ? 1 : 0
    lastTask = task
    lastReward = 0
    for term in 0..<3 { lastReward += rewardTerms[term].weight * terms[term] }
    outcome.rewards[0] = lastReward
    outcome.terminated[0] = isOver
    outcome.episodeOver = isOver
  }

  func isLate(_ time_s: Double) -> Bool { time_s > deadline_s * (1 + 1e-9) }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for term in 0..<3 { values[term] = terms[term] }
  }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    for option in 0..<mask.count {
      mask[option] = task.map { problem.permits(task: $0, node: space.node(of: option)) } ?? true
    }
  }

  /// The device at full clock.
  public func idleAction(for agent: Int) -> AgentAction { space.action(node: 0, clock: 1) }

  /// The negative of what the better of two bounds on the makespan costs, with the least energy (the card has the proof).
  public func returnBound(seed: UInt64) -> Double? {
    var other = self
    other.reset(seed: seed)
    return other.presentBound
  }

  /// The bound of the present episode.
  package var presentBound: Double {
    let least = ScheduleBounds.best_s(problem)
    let slowest = parameters.device.cpu_Hz * parameters.device.clocks[0]
    var joules = 0.0
    for task in node.indices where !(1..<problem.nodes).contains(where: { problem.permits(task: task, node: $0) }) {
      joules += parameters.device.switchedCapacitance * slowest * slowest * problem.graph.cycles[task]
    }
    let reward = parameters.reward
    return
      -(reward.makespanWeight * least * (1 - 1e-12) / reference_s + reward.energyWeight * joules / energyReference_J
      + (isLate(least) ? reward.missWeight : 0))
  }

  public func metrics() -> [Metric] {
    let isDone = placed == order.count
    let ended = isDone ? 1.0 : 0
    func share(_ nodes: Range<Int>) -> Double {
      Double(node.reduce(0) { $0 + (nodes.contains(Int($1)) ? 1 : 0) })
    }
    let local = (0..<node.count).reduce(0) { $0 + problem.duration_s(task: $1, node: 0) }
    let edges = parameters.edge.count
    return [
      Metric("latency_mean_s", .ratio(isDone ? makespan_s : 0, ended)),
      Metric("latency_p95_s", .quantile(0.95, isDone ? [makespan_s] : [])),
      Metric("deadline_miss_ratio", .ratio(isDone && isLate(makespan_s) ? 1 : 0, ended)),
      Metric("energy_per_task_j", .ratio(energy_J, Double(placed))),
      Metric("schedule_length_ratio", .ratio(isDone ? makespan_s / reference_s : 0, ended)),
      Metric("speed_up", .ratio(isDone ? local / makespan_s : 0, ended)),
      Metric("device_share", .ratio(share(0..<1), Double(placed))),
      Metric("edge_share", .ratio(share(1..<1 + edges), Double(placed))),
      Metric("cloud_share", .ratio(share(1 + edges..<problem.nodes), Double(placed))),
    ]
  }

  /// Every placement against its definition: results before starts, and one task at a time on every node.
  public func brokenInvariants() -> [String] {
    guard lastTask >= 0 else { return [] }
    let tolerance = 1e-9 * max(makespan_s, 1e-9)
    let own = Int(node[lastTask])
    var broken: [String] = []
    if timeline.start_s[lastTask] < ready_s(lastTask, on: own) - tolerance {
      broken.append("task \(lastTask) starts at \(timeline.start_s[lastTask]) s, before its results are there")
    }
    for index in 0..<placed - 1 where Int(node[order[index]]) == own {
      let other = order[index]
      if timeline.start_s[other] < timeline.finish_s[lastTask] - tolerance,
        timeline.start_s[lastTask] < timeline.finish_s[other] - tolerance
      {
        broken.append("tasks \(other) and \(lastTask) run at once on node \(own)")
      }
    }
    return broken
  }
}
