import Agents
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Testing

/// Traps T1, T2, T7, T12 and T14 for teams.
@Suite struct TeamTraps {
  /// Traps T1 and T12: a time limit is no end, and reward 1 for each of N agents is worth 1 or N a step.
  @Test(arguments: TeamBench.mixings.indices, TeamReward.allCases)
  func `a step of reward 1 for each agent is worth 1 or their number, for ever`(index: Int, reward: TeamReward) {
    for agents in [1, 3] {
      let bench = TeamBench(TeamBench.mixings[index]) { $0.reward = reward }
      var (vector, learner) = bench.start(KnownAnswerWorld.constantReward(limit: 1, agents: agents), seed: 1)
      vector.train(&learner, to: 3000)
      _ = learner.progress(step: 3000)
      vector.train(&learner, from: 3000, to: 3100)
      let figures = learner.progress(step: 3100).figures
      let wanted = 10 * Double(reward == .sum ? agents : 1)
      #expect(figures[1].name == "q_total" && abs(figures[1].value - wanted) < 0.1 * wanted, "\(figures)")
    }
  }

  /// Trap T2: an episode that ends for good is worth its rewards, whatever a bias of the mixing says of its last state.
  @Test(arguments: TeamBench.mixings.indices)
  func `nothing follows where every agent's trajectory ended`(index: Int) {
    let bench = TeamBench(TeamBench.mixings[index])
    var (vector, learner) = bench.start(KnownAnswerWorld.delayedReward(agents: 2), seed: 1)
    vector.train(&learner, to: 3000)
    _ = learner.progress(step: 3000)
    vector.train(&learner, from: 3000, to: 3200)
    // Half of the rows are worth γ, half 1.
    #expect(abs(learner.progress(step: 3200).figures[1].value - 0.95) < 0.08)
  }

  @Test(arguments: [1, 4], [1, 3])
  func `each stored row shows one environment's whole team in one episode and the step after it`(
    environments: Int, agents: Int
  ) throws {
    let bench = TeamBench {
      $0.agents.warmupSteps = 1_000_000
      $0.reward = .sum
    }
    var (vector, learner) = bench.start(TracedWorld(agents: agents), seed: 7, environments: environments)
    vector.train(&learner, to: 100 * environments)
    let seeds = EpisodeSeeds(.training, seed: 7)
    var origins: [[Float]: UInt64] = [:]
    for environment in 0..<environments {
      for episode in 0..<60 {
        let seed = seeds.seed(environment: environment, episode: episode)
        origins[TracedWorld.tag(seed)] = seed
      }
    }
    let rows = try TeamRows(of: learner)
    #expect(rows.count == 100 * environments)
    var seen: Set<[Float]> = []
    for row in 0..<rows.count {
      let first = rows.values(row, "observations", slot: 0, 5)
      let seed = try #require(origins[Array(first[..<3])], "an episode that was begun")
      #expect(seen.insert(first).inserted, "stored once")
      let isOver = Int(first[3]) + 1 == TracedWorld.length(seed)
      let ends = isOver && seed % 2 == 1
      for agent in 0..<agents {
        #expect(rows.values(row, "observations", slot: agent, 5) == first[..<4] + [Float(agent)])
        let next = rows.values(row, "next_observations", slot: agent, 5)
        #expect(ends ? next == [0, 0, 0, 0, 0] : next == first[..<3] + [first[3] + 1, Float(agent)])
        #expect(rows[row, "0_active_\(agent)"] == 1 && rows[row, "0_remaining_\(agent)"] == (ends ? 0 : 1))
      }
      #expect(rows[row, "reward"] == Float(agents * (agents + 1) / 2))
      #expect(rows[row, "terminated"] == (ends ? 1 : 0) && rows[row, "truncated"] == (isOver && !ends ? 1 : 0))
    }
  }

  /// Trap T7: nothing of an absent agent, nor of the state behind an agent's end, is ever read.
  @Test(arguments: TeamBench.mixings.indices)
  func `whatever absent and departed agents show, the same is learned`(index: Int) throws {
    func learned(_ filler: Float) throws -> [Float] {
      let bench = TeamBench(TeamBench.mixings[index]) {
        $0.agents.warmupSteps = 20
        $0.agents.normalization = .running
      }
      // Walkers leave at times of their own.
      var (vector, learner) = bench.start(KnownAnswerWorld.randomWalk(agents: 3), seed: 3)
      var departed = 0
      for step in 0..<120 {
        learner.act(&vector.frame, step: step)
        vector.step()
        for row in 0..<3 {
          let isAbsent = !vector.frame.groups[0].active[row]
          if isAbsent { departed += 1 }
          for column in 5 * row..<5 * row + 5 where isAbsent || vector.frame.groups[0].terminated[row] {
            vector.frame.groups[0].nextObservations[column] = filler
            if isAbsent { vector.frame.groups[0].observations[column] = filler }
          }
          if isAbsent { vector.frame.groups[0].rewards[row] = Double(filler) }
        }
        learner.record(vector.frame)
        learner.update(step: step + 1, advanced: 1)
        vector.advance()
      }
      #expect(departed > 10)
      return try TeamBench.parameters(learner)
    }
    let calm = try learned(0)
    #expect(calm.allSatisfy { $0.isFinite })
    #expect(try learned(1e30) == calm)
    #expect(try learned(.nan) == calm)
  }

  /// Trap T7: the greatest value of a following state is no value when it is forbidden.
  @Test(arguments: TeamBench.mixings.indices, [true, false])
  func `a forbidden option worth a million changes nothing`(index: Int, isDouble: Bool) throws {
    func moved(_ worth: Float) throws -> [Float] {
      let bench = TeamBench(TeamBench.mixings[index]) {
        $0.agents.optimizer = .sgd()
        $0.agents.doubleQ = isDouble
        $0.agents.gradientClip = 1e9
        $0.agents.hidden = [4]
      }
      var (vector, learner) = bench.start(KnownAnswerWorld.maskedLater(agents: 2), seed: 5)
      var policies = learner.policies
      // Two inputs, four units, three outputs: the bias of the first, forbidden one.
      policies.groups[0].parameters[0].values[2 * 4 + 4 + 4 * 3] = worth
      #expect(learner.adopt(policies) == nil)
      for step in 0..<80 {
        for row in 0..<2 { vector.frame.groups[0].masks[3 * row] = false }
        learner.act(&vector.frame, step: step)
        vector.step()
        learner.record(vector.frame)
        learner.update(step: step + 1, advanced: 1)
        vector.advance()
      }
      #expect(learner.progress(step: 80).updates == 30)
      var parameters = try TeamBench.parameters(learner)
      #expect(parameters[24] == worth)
      parameters[24] = 0
      return parameters
    }
    #expect(try moved(1e6) == moved(0))
  }

  /// Trap T14, and what a sum's gradient is: the one error of the team times the derivative of each agent's own value.
  @Test(arguments: [1, 32])
  func `an update of a sum moves each agent along its own value, by the team's error`(batch: Int) throws {
    let bench = TeamBench {
      $0.agents.hidden = [3]
      $0.agents.batchSize = batch
      $0.agents.loss = .huber(threshold: 1)
      $0.agents.optimizer = .sgd()
      $0.agents.learningRate = 0.5
      $0.agents.gradientClip = 1e6
      $0.agents.sharing = .individual
      $0.agents.target = .hard(everySteps: 1_000_000)
      $0.agents.warmupSteps = 40
      $0.reward = .sum
    }
    var (vector, learner) = bench.start(KnownAnswerWorld.maskedLater(agents: 2), seed: 3)
    vector.train(&learner, to: 40)
    let before = try TeamBench.parameters(learner)
    vector.train(&learner, from: 40, to: 41)
    let rows = try TeamRows(of: learner)
    let twins = (0..<2).map { DoubleTwin(Array(before[21 * $0..<21 * ($0 + 1)]), outputs: 3) }
    #expect(before.count == 42 && rows.count == 41)
    var stream = RandomStream(seed: 3).split(2)
    var expected = [Double](repeating: 0, count: 42)
    for _ in 0..<batch {
      let row = stream.integer(below: 41)
      let stored = (0..<2).map { agent in
        let packed = rows.values(row, "next_masks", slot: agent, 1)
        return DoubleTwin.Row(
          observation: rows.values(row, "observations", slot: agent, 2).map { Double($0) },
          next: rows.values(row, "next_observations", slot: agent, 2).map { Double($0) },
          action: Int(rows[row, "0_choices_\(agent)"]), reward: 0, discount: 0.9,
          terminated: rows[row, "0_remaining_\(agent)"] == 0,
          mask: (0..<3).map { PackedMask(options: 3).permits(packed.span, option: $0) })
      }
      let total = (0..<2).reduce(0) { $0 + twins[$1].values(stored[$1].observation)[stored[$1].action] }
      let target = (0..<2).reduce(Double(rows[row, "reward"])) { $0 + twins[$1].target(stored[$1]) }
      let slope = max(-1, min(1, total - target))
      for agent in 0..<2 {
        let own = twins[agent].valueGradient(stored[agent].observation, stored[agent].action)
        for index in 0..<21 { expected[21 * agent + index] += slope * own[index] / Double(batch) }
      }
    }
    let after = try TeamBench.parameters(learner)
    for index in after.indices {
      #expect(abs(Double(after[index]) - (Double(before[index]) - 0.5 * expected[index])) < 1e-6, "parameter \(index)")
    }
    #expect(zip(before[..<21], after[..<21]).contains { abs($0 - $1) > 1e-3 })
    #expect(zip(before[21...], after[21...]).contains { abs($0 - $1) > 1e-3 })
  }

  @Test(arguments: TeamBench.mixings.indices)
  func `the norm of all gradients together is bounded, the mixing's among them`(index: Int) throws {
    let bench = TeamBench(TeamBench.mixings[index]) {
      $0.agents.optimizer = .sgd()
      $0.agents.learningRate = 1
      $0.agents.gradientClip = 1e-2
      $0.agents.sharing = .individual
      $0.agents.warmupSteps = 40
    }
    let world = KnownAnswerWorld.matching(agents: 2).inUnits(worth: 100)
    var (vector, learner) = bench.start(world, seed: 3)
    vector.train(&learner, to: 40)
    let before = try TeamBench.parameters(learner)
    vector.train(&learner, from: 40, to: 41)
    let moves = zip(before, try TeamBench.parameters(learner)).map { Double($1 - $0) }
    #expect(abs(moves.reduce(0) { $0 + $1 * $1 }.squareRoot() - 1e-2) < 1e-4)
    let agents = learner.policies.groups[0].parameters.reduce(0) { $0 + $1.values.count }
    #expect(moves[..<agents].contains { $0 != 0 })
    #expect(index == 0 ? agents == moves.count : moves[agents...].contains { $0 != 0 })
  }
}
