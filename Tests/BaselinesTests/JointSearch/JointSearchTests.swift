import Baselines
import ReinforcementLearning
import Testing

@Suite struct JointSearchTests {
  @Test func `the worlds of these tests keep what environments promise`() {
    #expect(checkEnvironment(OffloadingGame(users: 6, channels: 2)).isEmpty)
    #expect(checkEnvironment(TinyQueues(length: 8)).isEmpty)
  }

  /// One step is the whole episode, so the best of the step is the best of all.
  @Test func `exhaustive search of one step is the optimum of an episode of one step`() throws {
    let world = OffloadingGame(users: 5, channels: 2, steps: 1)
    var exhaustive = JointSearchController(ExhaustiveSearch(), for: world, trialsPerStep: 243)
    for seed in UInt64(0)..<20 {
      let optimum = try clairvoyantOptimum(of: world, seed: seed).total
      #expect(play(world, &exhaustive, seed: seed) == optimum)
      #expect(exhaustive.trials == 243)
    }
  }

  /// A horizon that reaches the end, where idle agents lose nothing, is not a one-step view.
  @Test func `searches see further with a horizon`() throws {
    let world = KnownAnswerWorld.delayedReward()
    let optimum = try clairvoyantOptimum(of: world, seed: 0).total
    var far = JointSearchController(ExhaustiveSearch(), for: world, trialsPerStep: 100, horizon: 4)
    var near = JointSearchController(ExhaustiveSearch(), for: world, trialsPerStep: 100, horizon: 1)
    #expect(play(world, &far, seed: 0) == optimum)
    #expect(play(world, &near, seed: 0) <= optimum)
  }

  @Test(arguments: [60, 200])
  func `genetic and swarm search keep their budget, repeat by seed and come near the best`(budget: Int) throws {
    let world = OffloadingGame(users: 8, channels: 2, steps: 2)
    var exhaustive = JointSearchController(ExhaustiveSearch(), for: world, trialsPerStep: 6561)
    var genetic = JointSearchController(GeneticSearch(), for: world, trialsPerStep: budget)
    var swarm = JointSearchController(ParticleSwarmSearch(), for: world, trialsPerStep: budget)
    var chance = RandomController(for: world)
    for seed in UInt64(0)..<6 {
      let best = play(world, &exhaustive, seed: seed)
      let random = play(world, &chance, seed: seed)
      for found in [play(world, &genetic, seed: seed), play(world, &swarm, seed: seed)] {
        #expect(found <= best + 1e-12 && found > random)
        if budget == 200 { #expect((found - random) / (best - random) > 0.9) }
      }
      #expect(genetic.trials == 2 * budget && swarm.trials == 2 * budget)
      var again = JointSearchController(GeneticSearch(), for: world, trialsPerStep: budget)
      #expect(play(world, &again, seed: seed) == play(world, &genetic, seed: seed))
    }
  }

  /// Bertsekas, Tsitsiklis, Wu 1997: with a horizon to the end no episode is worse than the rule's.
  @Test func `a search that a rule plays on is never worse than the rule`() {
    let world = TinyQueues(length: 6)
    var better = 0
    for seed in UInt64(0)..<40 {
      var rule = SendWhenLong(threshold: 1 + Int(seed % 3))
      let base = play(world, &rule, seed: seed)
      var genetic = JointSearchController(
        GeneticSearch(), for: world, trialsPerStep: 4, horizon: 6, follower: rule)
      var exhaustive = JointSearchController(
        ExhaustiveSearch(), for: world, trialsPerStep: 16, horizon: 6, follower: rule)
      let poor = play(world, &genetic, seed: seed)
      let good = play(world, &exhaustive, seed: seed)
      #expect(poor >= base - 1e-12 && good >= base - 1e-12)
      if good > base { better += 1 }
      // Four trials, of which one may find nothing open, and the rule's own.
      #expect(genetic.trials <= 6 * 5 && exhaustive.trials <= 6 * 17)
      var response = BestResponseController(for: world, trialsPerStep: 100, horizon: 6, follower: rule)
      _ = play(world, &response, seed: seed)
      #expect(response.trials > 0)
    }
    #expect(better > 20)
  }

  /// A follower that remembers goes on as if it had decided itself.
  @Test func `a horizon of one step with a random follower is the random policy or better`() {
    let world = OffloadingGame(users: 6, channels: 2)
    for seed in UInt64(0)..<5 {
      var chance = RandomController(for: world)
      let base = play(world, &chance, seed: seed)
      var search = JointSearchController(
        GeneticSearch(), for: world, trialsPerStep: 1, horizon: 1, follower: RandomController(for: world))
      #expect(play(world, &search, seed: seed) >= base - 1e-12)
    }
  }

  @Test func `searches choose real numbers too`() {
    let world = KnownAnswerWorld.hybridAiming(agents: 2)
    let best = world.bestReturn(seed: 0, discount: 1)
    var exhaustive = JointSearchController(ExhaustiveSearch(), for: world, trialsPerStep: 100_000, levels: 41)
    var chance = RandomController(for: world)
    let random = play(world, &chance, seed: 0)
    let found = play(world, &exhaustive, seed: 0)
    #expect(found <= best + 1e-12 && best - found < 0.1 * (best - random))
  }

  @Test func `a world with too many joint actions is refused with a sentence`() {
    typealias Exhaustive = JointSearchController<OffloadingGame, ExhaustiveSearch, IdleController<OffloadingGame>>
    #expect(Exhaustive.refusal(for: OffloadingGame(users: 5, channels: 2), trialsPerStep: 243) == nil)
    #expect(
      Exhaustive.refusal(for: OffloadingGame(users: 6, channels: 2), trialsPerStep: 243)
        == "exhaustive tries every joint action of a step, and this scenario has 729 where 243 are allowed; take fewer "
        + "agents, or best-response, genetic or particle-swarm")
    #expect(
      Exhaustive.refusal(for: OffloadingGame(users: 200, channels: 9), trialsPerStep: 243)?.contains("more than 10^15")
        == true)
  }
}

@Suite struct BestResponseTests {
  /// What theorem 1 of the paper says: every improvement lowers the potential, so improvements end.
  @Test(arguments: [(3, 1), (8, 2), (20, 4)])
  func `ends at a Nash equilibrium of the offloading game`(users: Int, channels: Int) {
    let world = OffloadingGame(users: users, channels: channels)
    for seed in UInt64(0)..<10 {
      var response = BestResponseController(for: world, trialsPerStep: 100_000)
      var before = world
      before.reset(seed: seed)
      var current = world
      current.reset(seed: seed)
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: users)
      response.begin(seed: seed)
      while !outcome.episodeOver {
        response.act(in: current, &action)
        #expect(response.isEquilibrium)
        let chosen = action.discrete
        for user in 0..<users {
          let own = current.cost(of: user, chosen)
          for option in 0...Int32(channels) {
            var other = chosen
            other[user] = option
            #expect(current.cost(of: user, other) >= own * (1 - 1e-9))
          }
        }
        let home = [Int32](repeating: 0, count: users)
        let (first, last) = (current.potential(home), current.potential(chosen))
        #expect(response.improvements == 0 ? chosen == home : last < first)
        current.step(action, outcome: &outcome)
      }
    }
  }

  /// Independent of the controller: in each single change of one user, cost falls exactly if the potential falls.
  @Test func `the game of these tests has the paper's potential`() {
    var world = OffloadingGame(users: 7, channels: 2)
    world.reset(seed: 4)
    var stream = RandomController(for: world)
    stream.begin(seed: 1)
    var action = JointAction(for: world.groups)
    var changes = 0
    for _ in 0..<400 {
      stream.act(in: world, &action)
      let before = action.discrete
      for user in 0..<7 {
        for option in Int32(0)..<3 where option != before[user] {
          var after = before
          after[user] = option
          let cost = world.cost(of: user, after) - world.cost(of: user, before)
          let potential = world.potential(after) - world.potential(before)
          if cost.magnitude > 1e-9 {
            #expect((cost < 0) == (potential < 0))
            changes += 1
          }
        }
      }
    }
    #expect(changes > 1000)
  }

  @Test func `stops when the budget is spent`() {
    let world = OffloadingGame(users: 20, channels: 4, steps: 1)
    var response = BestResponseController(for: world, trialsPerStep: 50)
    _ = play(world, &response, seed: 1)
    #expect(response.trials == 50 && !response.isEquilibrium)
  }
}

@Suite struct ValueIterationTests {
  /// The Bellman equation of the world against dynamic programming from its description.
  @Test func `the optimal policy earns what dynamic programming says`() {
    let steps = 6
    let solution = TinyQueuesSolution(steps: steps)
    let world = TinyQueues(length: steps)
    var best = TinyQueuesSolution.Best(solution: solution)
    let earned = Spread((0..<40_000).map { play(world, &best, seed: UInt64($0)) })
    #expect((earned.mean - solution.value(steps: steps)).magnitude < 3 * earned.error, "\(earned)")
  }

  @Test func `no rule that cannot see ahead earns more than the optimum, and searches within a step are less`() {
    let steps = 6
    let value = TinyQueuesSolution(steps: steps).value(steps: steps)
    let world = TinyQueues(length: steps)
    var exhaustive = JointSearchController(ExhaustiveSearch(), for: world, trialsPerStep: 16)
    var response = BestResponseController(for: world, trialsPerStep: 1000)
    var chance = RandomController(for: world)
    let searched = Spread((0..<10_000).map { play(world, &exhaustive, seed: UInt64($0)) })
    let answered = Spread((0..<10_000).map { play(world, &response, seed: UInt64($0)) })
    let random = Spread((0..<10_000).map { play(world, &chance, seed: UInt64($0)) })
    #expect(searched.mean < value + 3 * searched.error, "\(searched) \(value)")
    #expect(answered.mean < value + 3 * answered.error, "\(answered) \(value)")
    #expect(random.mean < searched.mean - 1 && random.mean < answered.mean)
  }

  @Test func `who knows the draws earns at least the optimum, in every episode at least as much as its policy`() throws
  {
    let steps = 3
    let solution = TinyQueuesSolution(steps: steps)
    let world = TinyQueues(length: steps)
    var best = TinyQueuesSolution.Best(solution: solution)
    var totals: [Double] = []
    for seed in UInt64(0)..<300 {
      let optimum = try clairvoyantOptimum(of: world, seed: seed)
      #expect(optimum.total >= play(world, &best, seed: seed) - 1e-12)
      totals.append(optimum.total)
    }
    let clairvoyant = Spread(totals)
    #expect(clairvoyant.mean > solution.value(steps: steps) - 3 * clairvoyant.error)
  }
}
