import Randomness
import ReinforcementLearning
import Testing

@Suite struct ClairvoyantOptimumTests {
  /// The return of a sequence of joint actions.
  private func total<World: Environment>(_ actions: [JointAction], in world: World, seed: UInt64) -> Double {
    var world = world
    world.reset(seed: seed)
    var outcome = StepOutcome(agents: world.agentCount)
    var mean = TeamMean(for: world)
    var total = 0.0
    for action in actions {
      mean.read(world)
      world.step(action, outcome: &outcome)
      total += mean.mean(outcome)
    }
    return total
  }

  @Test func `finds the best return of the worlds whose answers are known`() throws {
    let worlds = [
      KnownAnswerWorld.seenReward(), .seenReward(agents: 2), .delayedReward(), .matching(agents: 3), .masked(agents: 2),
      .maskedLater(agents: 2), .branches(agents: 2),
    ]
    for world in worlds {
      for seed in UInt64(0)..<4 {
        let found = try clairvoyantOptimum(of: world, seed: seed)
        #expect((found.total - world.bestReturn(seed: seed, discount: 1)).magnitude < 1e-9, "\(world.name)")
        #expect(total(found.actions, in: world, seed: seed) == found.total, "\(world.name)")
      }
    }
  }

  /// Three drivers and two roads: home is free, and a driver alone on a road pays 1, so all stay at home; that is −toll.
  @Test func `tries every joint action of every step once`() throws {
    let world = CrowdedWorld(agents: 3, roads: 2, length: 3)
    let found = try clairvoyantOptimum(of: world, seed: 5)
    #expect(found.steps == 27 + 27 * 27 + 27 * 27 * 27)
    #expect(world.odometer.count == found.steps)
    #expect(found.actions.allSatisfy { $0.discrete == [0, 0, 0] })
  }

  @Test func `no sequence drawn at random earns more`() throws {
    let world = KnownAnswerWorld.branches(agents: 3)
    for seed in UInt64(0)..<3 {
      let optimum = try clairvoyantOptimum(of: world, seed: seed)
      var chance = RandomController(for: world)
      for attempt in UInt64(0)..<50 {
        var played = world
        played.reset(seed: seed)
        chance.begin(seed: attempt)
        var action = JointAction(for: world.groups)
        var outcome = StepOutcome(agents: 3)
        var mean = TeamMean(for: world)
        var earned = 0.0
        while !outcome.episodeOver {
          mean.read(played)
          chance.act(in: played, &action)
          played.step(action, outcome: &outcome)
          earned += mean.mean(outcome)
        }
        #expect(earned <= optimum.total + 1e-12)
      }
    }
  }

  @Test func `refuses what would take too long with a sentence`() {
    let world = CrowdedWorld(agents: 4, roads: 3, length: 5)
    #expect(throws: ClairvoyantLimitExceeded(limit: 10_000)) {
      try clairvoyantOptimum(of: world, seed: 0, limit: 10_000)
    }
    #expect(
      "\(ClairvoyantLimitExceeded(limit: 7))"
        == "trying every sequence of joint actions takes more than 7 steps; take fewer agents, options or steps")
  }

  /// The reward loses the squared distance from a target; five levels of the range lie within an eighth of its width.
  @Test func `tries real numbers at levels`() throws {
    let world = KnownAnswerWorld.aiming(dimensions: 2)
    let best = world.bestReturn(seed: 0, discount: 1)
    let coarse = try clairvoyantOptimum(of: world, seed: 0, levels: 5).total
    let fine = try clairvoyantOptimum(of: world, seed: 0, levels: 201).total
    #expect(coarse <= best + 1e-12 && fine <= best + 1e-12)
    #expect(best - fine < 2 * 0.006 * 0.006 && best - coarse < 2 * 0.26 * 0.26)
  }
}

@Suite struct JointOptionsTests {
  @Test func `options are those that masks permit, and actions say them`() {
    var world = KnownAnswerWorld.masked(agents: 2)
    world.reset(seed: 1)
    var options = JointOptions(for: world)
    options.read(world)
    var mask = [Bool](repeating: false, count: world.groups[0].count * world.groups[0].action.maskCount)
    var span = mask.mutableSpan
    world.writeActionMask(group: 0, into: &span)
    let width = world.groups[0].action.maskCount
    for variable in 0..<options.variableCount {
      let agent = options.agent(of: variable)
      let permitted = (0..<width).filter { mask[agent * width + $0] }
      #expect(options.optionCount(of: variable) == permitted.count)
      var action = JointAction(for: world.groups)
      for (index, option) in permitted.enumerated() {
        options.set(variable, to: index, in: &action)
        #expect(action.discrete[variable] == Int32(option))
        #expect(options.option(of: variable, in: action) == index)
      }
    }
  }

  @Test func `an absent agent has no options and idles`() {
    // Both walkers of this world are gone after their walks, whose lengths the actions decide.
    var world = KnownAnswerWorld.branches(agents: 2)
    world.reset(seed: 0)
    var outcome = StepOutcome(agents: 2)
    var options = JointOptions(for: world)
    var action = JointAction(for: world.groups)
    while !outcome.episodeOver {
      options.read(world)
      options.begin(&action, in: world)
      world.step(action, outcome: &outcome)
    }
    options.read(world)
    #expect((0..<options.variableCount).allSatisfy { options.optionCount(of: $0) == 0 })
    #expect(options.combinations(upTo: 5) == 1)
    var choice = [Int](repeating: 0, count: options.variableCount)
    #expect(!options.advance(&choice, &action))
  }

  @Test func `the levels of a range have both its ends`() {
    let world = KnownAnswerWorld.aiming(dimensions: 1)
    let range = world.action.ranges[0]
    var action = JointAction(for: world.groups)
    for (levels, expected) in [
      (1, [(range.lowerBound + range.upperBound) / 2]), (2, [range.lowerBound, range.upperBound]),
      (3, [range.lowerBound, (range.lowerBound + range.upperBound) / 2, range.upperBound]),
    ] {
      var options = JointOptions(for: world, levels: levels)
      options.read(world)
      #expect(options.combinations(upTo: 100) == levels)
      for level in 0..<levels {
        options.set(0, to: level, in: &action)
        #expect(action.continuous[0] == expected[level])
      }
    }
  }

  @Test func `the number of combinations is a product, or nil beyond the limit`() {
    let world = CrowdedWorld(agents: 5, roads: 3)
    var options = JointOptions(for: world)
    options.read(world)
    #expect(options.combinations(upTo: 1024) == 1024)
    #expect(options.combinations(upTo: 1023) == nil)
    let crowd = CrowdedWorld(agents: 200, roads: 9)
    var many = JointOptions(for: crowd)
    many.read(crowd)
    #expect(many.combinations(upTo: .max) == nil)
  }
}
