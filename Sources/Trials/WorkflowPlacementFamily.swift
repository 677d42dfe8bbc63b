import Baselines
public import Configuration
import EdgeCloud
public import IndustrialEdge
public import ReinforcementLearning

/// The tasks of a graph placed one after another: `environment: workflow-placement`.
public enum WorkflowPlacementFamily: EnvironmentFamily {
  public static let name = "workflow-placement"

  public static let summary = "one scheduler places the tasks of a graph on a device, on servers and in the cloud"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> WorkflowPlacement {
    WorkflowPlacement(try WorkflowParameters(id: id, from: &root))
  }

  public static let searches = true

  /// The placements of a whole graph that a search may try.
  private static let planTrials = 5_000

  public static let rules: [RuleSummary] = [
    RuleSummary("local", "everything on the device at full speed"),
    RuleSummary("edge", "everything on the fastest server"),
    RuleSummary("cloud", "everything in the cloud"),
    RuleSummary("round-robin", "all nodes in turn"),
    RuleSummary("least-loaded", "the node that has done first what it was given"),
    RuleSummary(HEFT.name, "heterogeneous earliest finish time: each task where it ends first"),
    RuleSummary(CPOP.name, "critical path on one processor", seesMore: true),
    RuleSummary(PEFT.name, "predicted earliest finish time", seesMore: true),
    RuleSummary(MinMin.name, "of all ready tasks the one that can end first", seesMore: true),
    RuleSummary(MaxMin.name, "of all ready tasks the one whose first end is last", seesMore: true),
    RuleSummary(EarliestDeadlineFirst.name, "the earliest deadline first, where it ends first", seesMore: true),
    RuleSummary(LayeredScheduler.name, "level by level, the longest task first", seesMore: true),
    RuleSummary(
      GeneticSwarmSearch.name, "GA-DPSO over the nodes of all tasks from HEFT, \(planTrials) trials a graph",
      seesMore: true),
    RuleSummary(
      AdaptiveGeneticSearch.name,
      "iGATS-style genetic search over the nodes of all tasks from HEFT, \(planTrials) trials a graph", seesMore: true),
    RuleSummary(EnergyGreedy.name, "least energy of the device by the deadline, at the slowest clock", seesMore: true),
  ]

  public static func rule(_ name: String, for world: WorkflowPlacement) -> (any Controller<WorkflowPlacement>)? {
    switch name {
    case "local": WorkflowRule(.local)
    case "edge": WorkflowRule(.edge)
    case "cloud": WorkflowRule(.cloud)
    case "round-robin": WorkflowRule(.roundRobin)
    case "least-loaded": WorkflowRule(.leastLoaded)
    case HEFT.name: WorkflowRule(.earliestFinish)
    case CPOP.name: plan(CPOP())
    case PEFT.name: plan(PEFT())
    case MinMin.name: plan(MinMin())
    case MaxMin.name: plan(MaxMin())
    case LayeredScheduler.name: plan(LayeredScheduler())
    case GeneticSwarmSearch.name: plan(SearchedSchedule(GeneticSwarmSearch(), evaluations: planTrials, seed: 1))
    case AdaptiveGeneticSearch.name: plan(SearchedSchedule(AdaptiveGeneticSearch(), evaluations: planTrials, seed: 1))
    case EarliestDeadlineFirst.name:
      WorkflowPlan { world in
        let deadlines = [Double](repeating: world.deadline_s, count: world.problem.tasks)
        let schedule = EarliestDeadlineFirst(deadline_s: deadlines).schedule(world.problem)
        return (schedule.node, schedule.node.map { _ in 1 })
      }
    case EnergyGreedy.name: WorkflowPlan { energyGreedy($0) }
    default: nil
    }
  }

  private static func plan(_ scheduler: some GraphScheduler) -> WorkflowPlan {
    WorkflowPlan { world in
      let node = scheduler.schedule(world.problem).node
      return (node, node.map { _ in 1 })
    }
  }

  /// Only the device's energy counts: servers compute for nothing, and their clocks are not ours to set.
  private static func energyGreedy(_ world: borrowing WorkflowPlacement) -> (node: [Int], clock: [Double]) {
    let device = world.parameters.device
    let links = world.parameters.links
    let nodes = world.problem.nodes
    var processors: [ScalableProcessor] = []
    var joulesPerBit = [Double](repeating: 0, count: nodes * nodes)
    for node in 0..<nodes {
      let full = node == 0 ? device.cpu_Hz : world.clock_Hz(node)
      processors.append(
        ScalableProcessor(
          switchedCapacitance: node == 0 ? device.switchedCapacitance : 0,
          minimumClock: Hertz(node == 0 ? full * device.clocks[0] : full), maximumClock: Hertz(full)))
      if node > 0 {
        joulesPerBit[node] = device.transmit_W / links.uplink_bps
        joulesPerBit[node * nodes] = device.receive_W / links.downlink_bps
      }
    }
    let energy = SchedulingEnergy(processors: processors, joulesPerBit: joulesPerBit)
    let clocked = EnergyGreedy(deadline: Seconds(world.deadline_s), energy: energy).schedule(world.problem)
    let clock = clocked.schedule.node.indices.map { task in
      clocked.schedule.node[task] == 0 ? min(clocked.clock_Hz[task] / device.cpu_Hz, 1) : 1
    }
    return (clocked.schedule.node, clock)
  }
}
