import AllocationCounting
import Baselines
import Configuration
import EdgeCloud
import IndustrialEdge
import ReinforcementLearning
import TestSupport
import Testing
import Traces

@Suite struct WorkflowPlacementTests {
  static let scenarios = ["workflow-placement", "workflow-epigenomics", "workflow-matrices"]
  static let forms = ["discrete", "hybrid", "continuous"]

  @Test(arguments: scenarios, forms)
  func `a scenario keeps every promise of an environment`(name: String, form: String) throws {
    let world = try WorkflowScene([("actions", form)], name: name).world()
    #expect(checkEnvironment(world, seeds: [0, 7], steps: 60).map(\.description) == [])
  }

  /// Ten tasks on three processors after Topcuoglu, Hariri and Wu (TPDS 2002), all links alike.
  private func canonical() throws -> WorkflowPlacement {
    let times: [[Double]] = [
      [14, 16, 9], [13, 19, 18], [11, 13, 19], [13, 8, 17], [12, 13, 10], [13, 16, 9], [7, 15, 11], [5, 11, 14],
      [18, 12, 20], [21, 7, 16],
    ]
    let edges = [
      (0, 1, 18.0), (0, 2, 12), (0, 3, 9), (0, 4, 11), (0, 5, 14), (1, 7, 19), (1, 8, 16), (2, 6, 23), (3, 7, 27),
      (3, 8, 23), (4, 8, 13), (5, 7, 15), (6, 9, 17), (7, 9, 11), (8, 9, 13),
    ]
    let graph = try TaskGraph(
      cycles: [Double](repeating: 1, count: 10),
      dependencies: edges.map { TaskGraph.Dependency(from: $0.0, to: $0.1, bits: $0.2) })
    let problem = SchedulingProblem(graph: graph, nodes: 3, execution_s: times.flatMap(\.self), secondsPerBit: 1)
    var world = try WorkflowScene([
      ("graph.tasks", "10"), ("edge.count", "1"), ("cloud.count", "1"), ("device.clock_shares", "[1]"),
      ("reward.energy_weight", "0"), ("reward.miss_weight", "0"),
    ]).world()
    world.begin(problem)
    return world
  }

  @Test func `earliest finish is HEFT: 80 on the canonical graph, in its order`() throws {
    let world = try canonical()
    #expect(world.order == [0, 3, 2, 1, 4, 5, 8, 6, 7, 9])
    let played = world.played(WorkflowRule(.earliestFinish))
    #expect(played.world.makespan_s == 80)
    // CP_MIN is 41, so that the return is −80/41; its bound is above 41 and below the optimum of 73.
    #expect((played.total + 80.0 / 41).magnitude < 1e-12)
    #expect(world.presentBound <= -1 && world.presentBound >= -73.0 / 41 - 1e-12)
  }

  /// The best of all 3¹⁰ assignments in this order. It fills gaps, so that it is no worse than 73 without them.
  @Test func `the best of all assignments is 73 on the canonical graph`() throws {
    let world = try canonical()
    let best = try clairvoyantOptimumFromNow(world)
    #expect((best + 73.0 / 41).magnitude < 1e-9)
  }

  /// Every sequence of placements from the present episode's start.
  private func clairvoyantOptimumFromNow(_ start: WorkflowPlacement) throws -> Double {
    var action = JointAction(for: start.groups)
    var outcome = StepOutcome(agents: 1)
    var worlds = [WorkflowPlacement](repeating: start, count: start.order.count + 1)
    var best = -Double.infinity
    func search(_ depth: Int, _ total: Double) {
      if depth == start.order.count {
        best = max(best, total)
        return
      }
      for option in 0..<3 {
        worlds[depth + 1].assign(from: worlds[depth])
        action.discrete[0] = Int32(option)
        worlds[depth + 1].step(action, outcome: &outcome)
        let next = total + outcome.rewards[0]
        if next > best { search(depth + 1, next) }
      }
    }
    search(0, 0)
    return best
  }

  @Test(arguments: scenarios)
  func `earliest finish has HEFT's schedule on every graph`(name: String) throws {
    for seed in 0..<20 as Range<UInt64> {
      let world = try WorkflowScene([], name: name).world(seed: seed)
      let played = world.played(WorkflowRule(.earliestFinish))
      let schedule = HEFT().schedule(world.problem)
      #expect((played.world.makespan_s / schedule.makespan_s - 1).magnitude < 1e-12)
      #expect(played.broken == [])
    }
  }

  @Test(arguments: scenarios)
  func `no policy passes the bound, and no placement breaks a law`(name: String) throws {
    let world = try WorkflowScene([], name: name).world()
    let plans: [any GraphScheduler] = [CPOP(), PEFT(), MinMin(), MaxMin(), LayeredScheduler()]
    for seed in 0..<10 as Range<UInt64> {
      var start = world
      start.reset(seed: seed)
      let bound = try #require(world.returnBound(seed: seed))
      #expect(bound == start.presentBound)
      var episodes = workflowChoices.map { start.played(WorkflowRule($0)) }
      episodes.append(start.played(RandomController(for: start), seed: seed))
      for scheduler in plans {
        let node = scheduler.schedule(start.problem).node
        episodes.append(start.played(WorkflowPlan { _ in (node, node.map { _ in 1 }) }))
      }
      for episode in episodes {
        #expect(episode.total <= bound)
        #expect(episode.broken == [])
      }
      #expect((episodes.map(\.total).max() ?? -.infinity) > 20 * bound)
    }
  }

  @Test func `the best of all sequences does not pass the bound`() throws {
    let world = try WorkflowScene([("graph.tasks", "5"), ("cloud.count", "1")]).world()
    for seed in 0..<8 as Range<UInt64> {
      let best = try clairvoyantOptimum(of: world, seed: seed)
      let bound = try #require(world.returnBound(seed: seed))
      #expect(best.total <= bound)
      var start = world
      start.reset(seed: seed)
      for choice in workflowChoices { #expect(start.played(WorkflowRule(choice)).total <= best.total + 1e-12) }
    }
  }

  /// Makespan, joules and misses from the rows alone.
  @Test func `a return is makespan over the shortest path, joules over all on the device, and a miss`() throws {
    let scene = WorkflowScene([("deadline_factor", "2")])
    let parameters = try scene.parameters()
    for (index, choice) in workflowChoices.enumerated() {
      var world = try scene.world(seed: UInt64(index))
      var rule = WorkflowRule(choice)
      rule.begin(seed: 0)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: 1)
      var total = 0.0
      var latest = 0.0
      var joules = 0.0
      var nodes: [Int: Int] = [:]
      let columns = world.recordColumns
      repeat {
        rule.act(in: world, &action)
        world.step(action, outcome: &outcome)
        total += outcome.rewards[0]
        let row = Dictionary(uniqueKeysWithValues: zip(columns, world.records()[0]))
        func value(_ column: String) -> Double { row[column]?.number ?? .nan }
        latest = max(latest, value("finish_s"))
        #expect(value("start_s") >= value("ready_s"))
        let cycles = value("task_cycles")
        #expect((value("finish_s") - value("start_s") - cycles / value("cpu_hz")).magnitude < 1e-9)
        if row["target"] == .text("device") {
          let graph = world.problem.graph
          var received = 0.0
          for edge in graph.predecessors(of: Int(value("task"))) {
            let source = graph.dependencies[edge].source
            if nodes[source] != 0 { received += graph.dependencies[edge].bits }
          }
          joules += 1e-27 * 1e18 * cycles + 0.1 * received / 7e6
        } else {
          let graph = world.problem.graph
          for edge in graph.predecessors(of: Int(value("task"))) where nodes[graph.dependencies[edge].source] == 0 {
            joules += 0.5 * graph.dependencies[edge].bits / 7e6
          }
        }
        nodes[Int(value("task"))] = Int(value("node"))
      } while !outcome.episodeOver
      let path = ScheduleBounds.criticalPath_s(world.problem)
      let all = 1e-27 * 1e18 * world.problem.graph.cycles.reduce(0, +)
      let isLate = latest > 2 * path
      #expect((total + latest / path + joules / all + (isLate ? 1 : 0)).magnitude < 1e-9)
      #expect(world.metrics().first { $0.name == "schedule_length_ratio" }?.value == latest / path)
      #expect(parameters.reward.missWeight == 1)
    }
  }

  @Test func `half the clock is a quarter of the energy and twice the time`() throws {
    let world = try WorkflowScene([("actions", "hybrid")]).world(seed: 3)
    let task = try #require(world.task)
    let whole = world.energy_J(task, on: 0)
    #expect((world.energy_J(task, on: 0, clock: 0.5) / whole - 0.25).magnitude < 1e-12)
    #expect((world.finish_s(task, on: 0, clock: 0.5) / world.finish_s(task, on: 0) - 2).magnitude < 1e-12)
  }

  @Test(arguments: forms)
  func `a step, an observation and a copy allocate nothing`(form: String) throws {
    var world = try WorkflowScene([("actions", form)], name: "workflow-matrices").world()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 1)
    var state = [Float](repeating: 0, count: world.stateCount)
    var mask = [Bool](repeating: true, count: world.groups[0].action.maskCount)
    var twin = world
    var actions: [JointAction] = []
    var rule = WorkflowRule(.roundRobin)
    let start = world
    repeat {
      rule.act(in: world, &action)
      actions.append(action)
      world.step(action, outcome: &outcome)
      twin.assign(from: world)
    } while !outcome.episodeOver
    world.assign(from: start)
    let before = edgewise_allocations()
    for action in actions {
      world.step(action, outcome: &outcome)
      var span = state.mutableSpan
      world.observe(group: 0, into: &span)
      var options = mask.mutableSpan
      world.writeActionMask(group: 0, into: &options)
      twin.assign(from: world)
    }
    #expect(edgewise_allocations() - before == 0)
    #expect(outcome.episodeOver)
  }

  @Test func `the graph is the seed's, whatever is done`() throws {
    let world = try WorkflowScene().world(seed: 4)
    let local = world.played(WorkflowRule(.local)).world.problem
    #expect(local == world.played(WorkflowRule(.cloud)).world.problem)
    #expect(try WorkflowScene().world(seed: 5).problem != local)
    let genes = try WorkflowScene([], name: "workflow-epigenomics").world(seed: 4)
    let other = try WorkflowScene([], name: "workflow-epigenomics").world(seed: 5)
    #expect(genes.problem.graph.dependencies == other.problem.graph.dependencies)
    #expect(genes.problem.graph.cycles != other.problem.graph.cycles)
    #expect(genes.problem.tasks == 97)
  }

  @Test func `every measured workflow can be placed`() throws {
    let folder = "\(project)/../shared/data/wfinstances"
    let names = [
      "helloworld-forkjoin-10-chameleon", "bacass-dirt02-001", "srasearch-chameleon-10a-001",
      "blast-chameleon-small-001", "montage-chameleon-2mass-005d-001", "generated/blast-50-seed1",
      "generated/montage-200-seed3",
    ]
    for name in names {
      let path = "\(folder)/\(name).json"
      guard (try? bytes(path)) != nil else {
        print("skipped: \(path) is not here")
        continue
      }
      let world = try WorkflowScene([("graph.workflow_file", path)], name: "workflow-epigenomics").world()
      let played = world.played(WorkflowRule(.earliestFinish))
      #expect(played.broken == [])
      #expect(played.total <= world.presentBound)
    }
  }

  @Test func `what is wrong is said in one sentence`() throws {
    func sentence(_ overrides: (String, String)..., name: String = "workflow-placement") -> String {
      do {
        _ = try WorkflowScene(overrides, name: name).parameters()
        return "read"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      sentence(("graph.workflow_file", "/nowhere.json"), name: "workflow-epigenomics").contains("/nowhere.json: "))
    #expect(sentence(("edge.count", "0"), ("cloud.count", "0")).contains("with the device alone there is no choice"))
    #expect(sentence(("graph.model", "trees")).contains("one of 'layered', 'matrices', 'fft', 'gaussian', 'workflow'"))
    #expect(sentence(("graph.exponent", "3")).contains("unknown key 'exponent'"))
    #expect(sentence(("device.clock_shares", "[1, 0.5]")).contains("the shares must rise, but 0.5 follows 1.0"))
    #expect(sentence() == "read")
  }
}
