import ReinforcementLearning
import Testing

struct CentrallyControlledTests {
  /// Drivers and nobody else: all choices.
  private func crowd() throws -> CentrallyControlled<CrowdedWorld> {
    try #require(CrowdedWorld(agents: 3, roads: 2, length: 5).centrallyControlled())
  }

  @Test func `one agent takes all choices or all numbers, but not both for many`() throws {
    #expect(try crowd().groups[0].action == .multiDiscrete([3, 3, 3]))
    #expect(try crowd().groups.map(\.count) == [1])
    #expect(TaggedWorld(ends: true).centrallyControlled() == nil)
    let visitors = try #require(Visitors().centrallyControlled())
    #expect(visitors.groups[0].action == .multiDiscrete([3, 3, 3]))
  }

  @Test func `keeps every promise of an environment, with agents that come and go`() throws {
    #expect(checkEnvironment(try crowd(), seeds: Array(0..<10)) == [])
    let visitors = try #require(Visitors().centrallyControlled())
    #expect(checkEnvironment(visitors, seeds: Array(0..<20)) == [])
  }

  @Test func `sees each slot's observation, and which slots are taken`() throws {
    var world = Visitors()
    var central = try #require(Visitors().centrallyControlled())
    let fields = central.groups[0].observation.fields.map(\.name)
    #expect(fields.count == 21 && fields[0] == "visitor_1.present" && fields[8] == "visitor_2.seed_low")
    var emptySlots = 0
    for seed in UInt64(0)..<20 {
      world.reset(seed: seed << 8)
      central.reset(seed: seed << 8)
      var rows = [Float](repeating: 0, count: 18)
      var span = rows.mutableSpan
      world.observe(group: 0, into: &span)
      var active = [Bool](repeating: false, count: 3)
      var flags = active.mutableSpan
      world.writeActive(group: 0, into: &flags)
      var seen = [Float](repeating: .nan, count: 21)
      var whole = seen.mutableSpan
      central.observe(group: 0, into: &whole)
      for slot in 0..<3 {
        let row = Array(rows[6 * slot..<6 * slot + 6])
        let expected: [Float] = active[slot] ? [1] + row : [Float](repeating: 0, count: 7)
        #expect(Array(seen[7 * slot..<7 * slot + 7]) == expected)
        if !active[slot] { emptySlots += 1 }
      }
    }
    #expect(emptySlots > 0)
  }

  @Test func `earns the mean over those who are there, so that its return is the world's`() throws {
    var world = CrowdedWorld(agents: 3, roads: 2, length: 5)
    var central = try crowd()
    world.reset(seed: 9)
    central.reset(seed: 9)
    var action = JointAction(for: world.groups)
    action.discrete = [1, 1, 0]
    var joint = JointAction(for: central.groups)
    joint.discrete = [1, 1, 0]
    var each = StepOutcome(agents: 3)
    var one = StepOutcome(agents: 1)
    for step in 0..<5 {
      world.step(action, outcome: &each)
      central.step(joint, outcome: &one)
      #expect(one.rewards[0] == (each.rewards[0] + each.rewards[1] + each.rewards[2]) / 3)
      #expect(one.episodeOver == (step == 4) && one.truncated[0] == (step == 4) && !one.terminated[0])
    }
  }

  @Test func `a controller of the agents plays the centre's episodes alike`() throws {
    let world = Visitors()
    let central = try #require(world.centrallyControlled())
    var each = (world: world, player: RandomController(for: world))
    var one = (world: central, player: CentralController(RandomController(for: world), for: world))
    var action = JointAction(for: world.groups)
    var joint = JointAction(for: central.groups)
    var outcome = StepOutcome(agents: 3)
    var single = StepOutcome(agents: 1)
    each.world.reset(seed: 4)
    each.player.begin(seed: 1)
    one.world.reset(seed: 4)
    one.player.begin(seed: 1)
    for _ in 0..<7 where !outcome.episodeOver {
      each.player.act(in: each.world, &action)
      one.player.act(in: one.world, &joint)
      #expect(action.discrete == joint.discrete)
      each.world.step(action, outcome: &outcome)
      one.world.step(joint, outcome: &single)
      #expect(outcome.episodeOver == single.episodeOver)
    }
  }
}
