import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// Traps T1, T2 and T7: what is stored where an episode ends.
@Suite struct EpisodeEndTraps {
  private func bench(_ change: (inout DQNConfiguration) -> Void = { _ in }) -> LearningBench {
    var bench = LearningBench()
    bench.recipe.warmupSteps = 1_000_000
    bench.recipe.exploration = .init(initial: 1, final: 1, steps: 1)
    change(&bench.recipe)
    return bench
  }

  /// Trap T1: a time limit is no end. What is learned of it, FamilyTests shows in `constantReward(limit:)`.
  @Test(arguments: [1, 4], [1, 2])
  func `at a time limit rows are truncated, not terminated, and keep the discount of their next state`(
    environments: Int, agents: Int
  ) throws {
    let limit = 3
    let bench = bench()
    var (vector, learner) = bench.start(
      KnownAnswerWorld.constantReward(limit: limit, agents: agents), seed: 1, environments: environments)
    bench.train(&vector, &learner, to: 12 * environments)
    let rows = try StoredRows(of: learner)
    #expect(rows.count == 12 * environments * agents)
    var cut = 0
    for row in 0..<rows.count {
      #expect(rows[row, "terminated"] == 0 && rows[row, "discount"] == 0.9 && rows[row, "reward"] == 1)
      if rows[row, "truncated"] == 1 { cut += 1 }
    }
    #expect(cut == 12 / limit * environments * agents)
  }

  /// Trap T2: no stored row joins two episodes, two environments or two agents, and every step is stored once; as it
  /// was seen, whatever the networks read.
  @Test(arguments: [1, 4], [1, 3])
  func `each stored row shows one environment, one episode, one agent and the step after it`(
    environments: Int, agents: Int
  ) throws {
    for (steps, normalization) in [(1, .none), (3, .none), (1, .running)] as [(Int, DQNConfiguration.Normalization)] {
      for sharing in DQNConfiguration.Sharing.allCases {
        let bench = bench {
          $0.returnSteps = steps
          $0.normalization = normalization
          $0.sharing = sharing
        }
        var (vector, learner) = bench.start(TracedWorld(agents: agents), seed: 7, environments: environments)
        bench.train(&vector, &learner, to: 100 * environments)
        let origins = origins(seed: 7, environments: environments)
        var seen: Set<[Float]> = []
        var total = 0
        for member in 0..<(sharing == .shared ? 1 : agents) {
          let rows = try StoredRows(of: learner, member: member)
          total += rows.count + rows.waitingSteps
          for row in 0..<rows.count {
            let now = rows.values(row, "observation", 5)
            let next = rows.values(row, "next_observation", 5)
            let seed = try #require(origins[Array(now[..<3])], "an episode that was begun")
            #expect(now[..<3] == next[..<3] && now[4] == next[4], "one episode, one agent")
            if sharing == .individual { #expect(Int(now[4]) == member) }
            #expect(seen.insert(now).inserted, "stored once")
            let length = TracedWorld.length(seed)
            let end = min(Int(now[3]) + steps, length)
            #expect(Int(next[3]) == end)
            #expect(rows[row, "terminated"] == (end == length && seed % 2 == 1 ? 1 : 0))
            #expect(rows[row, "truncated"] == (end == length && seed % 2 == 0 ? 1 : 0))
          }
        }
        #expect(total == 100 * environments * agents, "as many rows as steps")
      }
    }
  }

  private func origins(seed: UInt64, environments: Int) -> [[Float]: UInt64] {
    let seeds = EpisodeSeeds(.training, seed: seed)
    var origins: [[Float]: UInt64] = [:]
    for environment in 0..<environments {
      for episode in 0..<60 {
        let seed = seeds.seed(environment: environment, episode: episode)
        origins[TracedWorld.tag(seed)] = seed
      }
    }
    return origins
  }

  /// Trap T2, for sequences.
  @Test(arguments: [1, 4], [1, 3])
  func `each stored sequence is a stretch of one episode of one agent, and every step is in one`(
    environments: Int, agents: Int
  ) throws {
    let bench = bench { $0.recurrence = .init(hidden: 4, length: 3, burnIn: 1, overlap: 0) }
    var (vector, learner) = bench.start(TracedWorld(agents: agents), seed: 7, environments: environments)
    bench.train(&vector, &learner, to: 100 * environments)
    let origins = origins(seed: 7, environments: environments)
    let rows = try StoredRows(of: learner)
    var seen: Set<[Float]> = []
    for row in 0..<rows.count {
      let steps = Int(rows[row, "steps"])
      let first = rows.values(row, "observation_0", 5)
      let seed = try #require(origins[Array(first[..<3])], "an episode that was begun")
      for time in 0...steps {
        let now = rows.values(row, "observation_\(time)", 5)
        #expect(now[..<3] == first[..<3] && now[4] == first[4], "one episode, one agent")
        #expect(now[3] == first[3] + Float(time))
        if time < steps { #expect(seen.insert(now).inserted, "stored once") }
      }
      let isEnd = Int(first[3]) + steps == TracedWorld.length(seed)
      #expect(rows[row, "ending"] == (isEnd ? (seed % 2 == 1 ? 1 : 2) : 0))
      #expect(isEnd || steps == 4)
    }
    #expect(seen.count + rows.waitingSteps == 100 * environments * agents)
  }

  /// Trap T7: nothing of the state behind an end is ever read.
  @Test(arguments: ["plain", "double", "running", "recurrent"])
  func `whatever a terminal row shows as its next state, the same is learned`(kind: String) throws {
    func learned(_ filler: Float) -> [Float] {
      let bench = bench {
        $0.warmupSteps = 20
        $0.doubleQ = kind != "plain"
        $0.normalization = kind == "running" ? .running : .none
        if kind == "recurrent" { $0.recurrence = .init(hidden: 4, length: 3, burnIn: 0, overlap: 0) }
      }
      var (vector, learner) = bench.start(KnownAnswerWorld.delayedReward(), seed: 3)
      for step in 0..<60 {
        learner.act(&vector.frame, step: step)
        vector.step()
        for row in 0..<1 where vector.frame.groups[0].terminated[row] {
          for column in 0..<2 { vector.frame.groups[0].nextObservations[column] = filler }
        }
        learner.record(vector.frame)
        learner.update(step: step + 1, advanced: 1)
        vector.advance()
      }
      return learner.policies.groups[0].parameters[0].values
    }
    let calm = learned(0)
    #expect(calm.allSatisfy { $0.isFinite })
    #expect(learned(1e30) == calm)
    #expect(learned(.nan) == calm)
  }
}
