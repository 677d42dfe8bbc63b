import AllocationCounting
import IndustrialEdge
import ReinforcementLearning
import Testing

@Suite struct IndustrialHallTests {
  static let halls = ["inf-sl", "inf-sh", "inf-dl", "inf-dh"]
  static let forms = ["discrete", "hybrid", "continuous"]

  @Test(arguments: halls, forms)
  func `a hall keeps every promise of an environment`(name: String, form: String) throws {
    let steps = name == "inf-dh" ? 25 : 80
    let world = try HallScene([("actions", form)], name: name).world()
    #expect(checkEnvironment(world, seeds: [0, 7], steps: steps).map(\.description) == [])
  }

  @Test func `a hall of one loop, of one robot and of one station are worlds too`() throws {
    let none = [("loops", "[]"), ("robots", "null"), ("inspectors", "null")]
    for kept in 0..<3 {
      var overrides = none
      overrides.remove(at: kept)
      let world = try HallScene(overrides + [("time.steps", "40")], name: "inf-sl").world()
      #expect(world.groups.count == 1)
      #expect(checkEnvironment(world, seeds: [3]).map(\.description) == [])
    }
  }

  @Test(arguments: halls)
  func `the last step is the episode's end and not one before`(name: String) throws {
    let world = try HallScene([("time.steps", "7")], name: name).world()
    let episode = HallEpisode(world, seed: 1, RandomController(for: world), keepsRows: true)
    #expect(episode.rows.last?["step"] == .integer(6))
  }

  @Test(arguments: forms)
  func `a step, observations, states and masks allocate nothing`(form: String) throws {
    var world = try HallScene([("actions", form)]).world()
    var rule = HallRule(.roundRobin, for: world)
    var outcome = StepOutcome(agents: world.agentCount)
    var actions: [JointAction] = []
    for _ in 0..<300 {
      var action = JointAction(for: world.groups)
      rule.act(in: world, &action)
      actions.append(action)
      world.step(action, outcome: &outcome)
    }
    var twin = world
    for _ in 0..<2 {
      twin.reset(seed: 0)
      for action in actions { twin.step(action, outcome: &outcome) }
      world.assign(from: twin)
    }
    world.reset(seed: 0)
    var state = [Float](repeating: 0, count: world.stateCount)
    var mask = [Bool](repeating: false, count: world.groups.map { $0.count * $0.action.maskCount }.max() ?? 0)
    var terms = [Double](repeating: 0, count: world.agentCount * 4)
    let groups = world.groups
    let before = edgewise_allocations()
    for action in actions {
      world.step(action, outcome: &outcome)
      var first = 0
      for group in groups.indices {
        let count = groups[group].count * groups[group].observation.count
        var span = state.mutableSpan
        var part = span._mutatingExtracting(first..<first + count)
        world.observe(group: group, into: &part)
        first += count
        var all = mask.mutableSpan
        var options = all._mutatingExtracting(0..<groups[group].count * groups[group].action.maskCount)
        world.writeActionMask(group: group, into: &options)
      }
      var span = terms.mutableSpan
      world.writeRewardTerms(into: &span)
      twin.assign(from: world)
    }
    world.reset(seed: 5)
    #expect(edgewise_allocations() - before == 0)
    #expect(actions.count == 300 && state.contains { $0 != 0 })
  }

  /// What no decision may change.
  private func exogenous(_ episode: HallEpisode) -> [[RecordValue?]] {
    let columns = ["x_m", "y_m", "node", "los", "path_loss_db", "shadowing_db", "gain_db", "messages", "burst"]
    return episode.rows.map { row in columns.map { row[$0] } }
  }

  @Test func `the hall is the same bit for bit whatever is done in it`() throws {
    let world = try HallScene([("time.steps", "200")]).world()
    let idle = HallEpisode(world, seed: 4, HallRule(.local, robustness: .least, for: world), keepsRows: true)
    for (name, make) in hallRules where ["edf", "robust", "cloud"].contains(name) {
      let other = HallEpisode(world, seed: 4, make(world), keepsRows: true)
      #expect(exogenous(other) == exogenous(idle))
      #expect(other.metric("jobs_per_step") == idle.metric("jobs_per_step"))
    }
    let stranger = HallEpisode(world, seed: 5, HallRule(.local, robustness: .least, for: world), keepsRows: true)
    #expect(exogenous(stranger) != exogenous(idle))
  }

  /// A message that is lost with more copies is lost with fewer: the number that decides is the message's own.
  @Test func `more copies and more power never lose a message that fewer carry`() throws {
    let world = try HallScene([("time.steps", "150"), ("radio.resource_blocks", "275")]).world()
    let weak = HallEpisode(world, seed: 2, HallRule(.local, robustness: .least, for: world), keepsRows: true)
    let strong = HallEpisode(world, seed: 2, HallRule(.local, robustness: .most, for: world), keepsRows: true)
    var lost = (0.0, 0.0)
    for (a, b) in zip(weak.rows, strong.rows) where a["messages"]?.number ?? 0 > 0 {
      #expect(b["granted_copies"] == b["copies"])
      #expect(b["lost"]?.number ?? 0 <= a["lost"]?.number ?? 0)
      lost.0 += a["lost"]?.number ?? 0
      lost.1 += b["lost"]?.number ?? 0
    }
    #expect(lost.0 > 100 && lost.1 < lost.0 / 2)
  }

  @Test func `rules do the same in every form of actions`() throws {
    for (name, make) in hallRules where name != "energy-greedy" {
      let totals = try Self.forms.map { form in
        let world = try HallScene([("actions", form), ("time.steps", "150")]).world()
        return HallEpisode(world, seed: 6, make(world)).total
      }
      #expect(totals[0] == totals[1] && totals[0] == totals[2], "\(name): \(totals)")
    }
  }

  @Test func `idling waits and sends once, weakly`() throws {
    for form in Self.forms {
      let world = try HallScene([("actions", form)]).world()
      for agent in [0, 29, 30, 39, 40, 49] {
        let idle = world.idleAction(for: agent)
        #expect(idle.discrete.allSatisfy { $0 == 0 })
        if form != "discrete", agent < 30 { #expect(idle.continuous.last == -10) }
      }
    }
  }
}
