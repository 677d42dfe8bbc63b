public import EdgeCloud

/// What computing and sending cost on the nodes of a problem whose durations are those at the highest clocks.
public struct SchedulingEnergy: Sendable, Equatable {
  /// The processor of each node.
  public let processors: [ScalableProcessor]
  /// The energy of each bit sent, [node × node], row by row; the diagonal is not read.
  public let joulesPerBit: [Double]

  /// Costs by the processors and the energy of a bit between each two nodes.
  public init(processors: [ScalableProcessor], joulesPerBit: [Double]) {
    precondition(
      joulesPerBit.count == processors.count * processors.count,
      "\(processors.count) nodes need as many energies squared, not \(joulesPerBit.count)")
    self.processors = processors
    self.joulesPerBit = joulesPerBit
  }

  /// The cycles of a task on a node.
  func cycles(_ task: Int, on node: Int, of problem: SchedulingProblem) -> Double {
    problem.duration_s(task: task, node: node) * processors[node].maximumClock_Hz
  }

  /// The energy of all tasks and transfers of an assignment at the clocks of its tasks. Idle nodes cost nothing here.
  public func energy_J(of problem: SchedulingProblem, node: [Int], clock_Hz: [Double]) -> Double {
    var sum = 0.0
    for task in node.indices {
      sum += processors[node[task]].energy_J(
        cycles: cycles(task, on: node[task], of: problem), clock_Hz: clock_Hz[task])
    }
    for edge in problem.graph.dependencies where node[edge.source] != node[edge.target] {
      sum += joulesPerBit[node[edge.source] * processors.count + node[edge.target]] * edge.bits
    }
    return sum
  }
}

/// A schedule with the clock of each task.
public struct ClockedSchedule: Sendable, Equatable {
  /// Where and when.
  public let schedule: TaskSchedule
  /// How fast.
  public let clock_Hz: [Double]
  /// What it costs.
  public let energy_J: Double
}

/// Energy-greedy under a deadline: each task goes where it costs least at the slowest clock that keeps its own deadline.
///
/// A task's own deadline is its end in the HEFT schedule, stretched by deadline over makespan. Tasks are taken in the
/// order of HEFT; where no node keeps a task's deadline, it goes where it ends first at full clock. The outcome is
/// compared with the HEFT schedule, all of whose clocks are lowered by the same stretch f* = f_max · M/D, and the cheaper
/// of the two that keep the deadline is taken. So it is on time whenever HEFT is, and then never costs more than HEFT.
/// If HEFT is late, its schedule at full clock is given. After T = C/f, E = κ f² C and f* = C/(deadline − wait).
public struct EnergyGreedy: Sendable, Equatable {
  /// The rule's name on the command line.
  public static let name = "energy-greedy"

  /// When the last task must have ended.
  public let deadline_s: Double
  /// What computing and sending cost.
  public let energy: SchedulingEnergy

  /// A rule by its deadline and costs.
  public init(deadline: Seconds, energy: SchedulingEnergy) {
    deadline_s = deadline.value
    self.energy = energy
  }

  /// A schedule and its clocks.
  public func schedule(_ problem: SchedulingProblem) -> ClockedSchedule {
    precondition(
      energy.processors.count == problem.nodes, "\(energy.processors.count) processors for \(problem.nodes) nodes")
    let fast = HEFT().schedule(problem)
    let stretch = fast.makespan_s > 0 ? deadline_s / fast.makespan_s : 1
    guard stretch >= 1 else {
      return clocked(fast, problem, clock_Hz: fast.node.map { energy.processors[$0].maximumClock_Hz })
    }
    let slowed = slowed(fast, problem, by: stretch)
    let greedy = greedy(fast, problem, stretch: stretch)
    return greedy.schedule.makespan_s <= deadline_s && greedy.energy_J < slowed.energy_J ? greedy : slowed
  }

  private func clocked(_ schedule: TaskSchedule, _ problem: SchedulingProblem, clock_Hz: [Double]) -> ClockedSchedule {
    ClockedSchedule(
      schedule: schedule, clock_Hz: clock_Hz,
      energy_J: energy.energy_J(of: problem, node: schedule.node, clock_Hz: clock_Hz))
  }

  /// A schedule whose times are all stretched. It stays valid, since transfers and earlier work do not grow.
  private func slowed(_ schedule: TaskSchedule, _ problem: SchedulingProblem, by stretch: Double) -> ClockedSchedule {
    let clocks = schedule.node.map { node in
      max(energy.processors[node].maximumClock_Hz / stretch, energy.processors[node].minimumClock_Hz)
    }
    let start = schedule.start_s.map { $0 * stretch }
    let finish = start.indices.map { task in
      start[task] + energy.cycles(task, on: schedule.node[task], of: problem) / clocks[task]
    }
    return clocked(TaskSchedule(node: schedule.node, start_s: start, finish_s: finish), problem, clock_Hz: clocks)
  }

  private func greedy(_ fast: TaskSchedule, _ problem: SchedulingProblem, stretch: Double) -> ClockedSchedule {
    var timeline = Timeline(problem)
    var clocks = [Double](repeating: 0, count: problem.tasks)
    for task in TaskRanks.descending(TaskRanks.upward(problem), in: problem.graph) {
      let own = fast.finish_s[task] * stretch
      let choice = timeline.best(task, inserting: false) { node, finish in
        guard finish <= own * (1 + 1e-12) else { return .infinity }
        let start = finish - problem.duration_s(task: task, node: node)
        return cost(task, on: node, start: start, deadline: own, timeline)
      }
      let start = choice.start_s
      let isOnTime = start + problem.duration_s(task: task, node: choice.node) <= own * (1 + 1e-12)
      guard isOnTime else {
        timeline.placeEarliestFinish(task, inserting: false)
        clocks[task] = energy.processors[timeline.node[task]].maximumClock_Hz
        continue
      }
      let cycles = energy.cycles(task, on: choice.node, of: problem)
      clocks[task] = energy.processors[choice.node].clock_Hz(cycles: cycles, deadline_s: own, wait_s: start)
      timeline.place(task, on: choice.node, at: start, until: start + cycles / clocks[task])
    }
    return clocked(timeline.schedule, problem, clock_Hz: clocks)
  }

  /// The energy of a task on a node with what its inputs cost.
  private func cost(
    _ task: Int, on node: Int, start: Double, deadline: Double, _ timeline: Timeline
  ) -> Double {
    let problem = timeline.problem
    let processor = energy.processors[node]
    let cycles = energy.cycles(task, on: node, of: problem)
    let clock = processor.clock_Hz(cycles: cycles, deadline_s: deadline, wait_s: start)
    var sum = processor.energy_J(cycles: cycles, clock_Hz: clock)
    for index in problem.graph.predecessors(of: task) {
      let edge = problem.graph.dependencies[index]
      let source = timeline.node[edge.source]
      if source != node { sum += energy.joulesPerBit[source * problem.nodes + node] * edge.bits }
    }
    return sum
  }
}
