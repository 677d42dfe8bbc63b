import Agents
import AllocationCounting
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// What a learner of a team does with rhythms, snapshots and other policies; and what it refuses.
@Suite struct TeamLearnerTests {
  @Test(arguments: [1, 4])
  func `a team of one whose values are summed is a DQN learner, to the bit`(environments: Int) {
    for (isDouble, target) in [(true, .polyak(tau: 0.05)), (false, .hard(everySteps: 64))]
      as [(Bool, DQNConfiguration.Target)]
    {
      var bench = LearningBench()
      bench.recipe.doubleQ = isDouble
      bench.recipe.target = target
      bench.recipe.trainEvery = 4
      bench.recipe.updatesPerBlock = 2
      let team = TeamBench { $0.agents = bench.recipe }
      var (vector, alone) = bench.start(KnownAnswerWorld.maskedLater(), seed: 4, environments: environments)
      var (teamVector, learner) = team.start(KnownAnswerWorld.maskedLater(), seed: 4, environments: environments)
      #expect(learner.policies.groups == alone.policies.groups)
      vector.train(&alone, to: 600)
      teamVector.train(&learner, to: 600)
      #expect(learner.policies.groups == alone.policies.groups)
      #expect(learner.progress(step: 600).updates == alone.progress(step: 600).updates)
    }
  }

  @Test(arguments: TeamBench.mixings.indices)
  func `a thousand steps with an update each ask for no memory`(index: Int) {
    for sharing in DQNConfiguration.Sharing.allCases {
      let bench = TeamBench(TeamBench.mixings[index]) {
        $0.agents.replayCapacity = 500
        $0.agents.sharing = sharing
        $0.agents.scalesRewards = true
        $0.agents.normalization = .running
      }
      var (vector, learner) = bench.start(KnownAnswerWorld.maskedLater(agents: 3), seed: 1, environments: 2)
      vector.train(&learner, to: 1500)
      let before = edgewise_allocations()
      vector.train(&learner, from: 1500, to: 3500)
      #expect(edgewise_allocations() - before == 0, "\(sharing)")
      #expect(learner.progress(step: 3500).updates > 1000)
    }
  }

  @Test(arguments: TeamBench.mixings.indices)
  func `restoring and going on equals never having stopped, shared and individual`(index: Int) throws {
    for sharing in DQNConfiguration.Sharing.allCases {
      for environments in [1, 3] {
        let bench = TeamBench(TeamBench.mixings[index]) { $0.agents.sharing = sharing }
        let world = KnownAnswerWorld.randomWalk(agents: 2)
        var (vector, learner) = bench.start(world, seed: 3, environments: environments)
        vector.train(&learner, to: 300)
        let saved = (learner.snapshot(), vector.snapshot())
        var (other, twin) = bench.start(world, seed: 99, environments: environments)
        try twin.restore(from: saved.0)
        other = VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: 3))
        try other.restore(from: saved.1)
        #expect(twin.snapshot() == saved.0)
        vector.train(&learner, from: 300, to: 600)
        other.train(&twin, from: 300, to: 600)
        #expect(twin.snapshot() == learner.snapshot(), "\(sharing), \(environments) environments")
      }
    }
  }

  @Test func `a snapshot of another shape, or with an unknown action, is refused and changes nothing`() throws {
    let bench = TeamBench(TeamBench.mixings[1])
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(agents: 2), seed: 0)
    vector.train(&learner, to: 100)
    let before = learner.snapshot()
    let wider = TeamBench(.monotonic(embedding: 9, hypernetHidden: 0))
    let foreign = wider.start(KnownAnswerWorld.matching(agents: 2), seed: 0).learner.snapshot()
    #expect(throws: SnapshotError.self) { try learner.restore(from: foreign) }
    #expect(throws: SnapshotError.self) { try learner.restore(from: Snapshot()) }
    var damaged = before
    var replays = try before.group("replay")
    var team = try replays.group("team")
    var rows = try team.dataset("rows")
    var values = try team.floats("rows")
    let layout = TeamLayout(KnownAnswerWorld.matching(agents: 2).groups, choices: [1])
    values[5 * layout.width + layout.groups[0].choices.lowerBound] = 7
    let attributes = rows.attributes
    rows = Snapshot.Dataset(.float32(values), shape: rows.shape)
    rows.attributes = attributes
    team.set("rows", rows)
    replays.set("team", team)
    damaged.set("replay", replays)
    #expect(throws: SnapshotError.self) { try learner.restore(from: damaged) }
    #expect(learner.snapshot() == before)
  }

  /// Traps T6 and T11.
  @Test func `exploration and updates count environment steps, whatever the number of environments`() throws {
    let bench = TeamBench(TeamBench.mixings[1]) {
      $0.agents.warmupSteps = 64
      $0.agents.trainEvery = 8
      $0.agents.updatesPerBlock = 3
      $0.agents.target = .hard(everySteps: 160)
    }
    for environments in [1, 4, 8] {
      var (vector, learner) = bench.start(KnownAnswerWorld.matching(agents: 2), seed: 0, environments: environments)
      #expect(learner.epsilon(at: 63) == 1 && abs(learner.epsilon(at: 250) - 0.55) < 1e-12)
      #expect(learner.epsilon(at: 500) == 0.1)
      let initial = try TeamBench.parameters(learner)
      vector.train(&learner, to: 152)
      #expect(try TeamBench.parameters(learner, "target") == initial)
      let online = try TeamBench.parameters(learner)
      vector.train(&learner, from: 152, to: 160)
      #expect(try TeamBench.parameters(learner, "target") == online, "the copy is taken before the step's updates")
      vector.train(&learner, from: 160, to: 640)
      #expect(learner.progress(step: 640).updates == 3 * (640 - 64) / 8)
    }
  }

  @Test func `each agent's row draws its own exploration`() {
    let bench = TeamBench {
      $0.agents.warmupSteps = 0
      $0.agents.exploration = .init(initial: 0.5, final: 0.5, steps: 1)
    }
    var (vector, learner) = bench.start(KnownAnswerWorld.masked(agents: 2), seed: 5)
    learner.act(&vector.frame, step: 1)
    let values = TeamLearnerTests.values(learner, [1, 1])
    let greedy = Int32(greedyAction(values.span, permitted: [false, true, true].span) ?? -1)
    var counts = [0, 0, 0]
    for _ in 0..<20_000 {
      learner.act(&vector.frame, step: 1)
      let actions = vector.frame.groups[0].actions
      #expect(!actions.contains(0), "a forbidden action")
      counts[actions.count { $0 != greedy }] += 1
    }
    // Each leaves its greedy action with probability ½ · ½, by itself.
    for (others, probability) in [0.5625, 0.375, 0.0625].enumerated() {
      let bound = 4 * (probability * (1 - probability) / 20_000).squareRoot()
      #expect(abs(Double(counts[others]) / 20_000 - probability) < bound)
    }
  }

  private static func values(_ learner: ValueDecompositionLearner, _ observation: [Float]) -> [Float] {
    let policy = learner.policies.groups[0]
    var evaluation = ValueEvaluation(policy.network, policy.normalizer, head: .expected, rows: 1)
    evaluation.evaluate(observation.span, rows: 0..<1, under: policy.parameters[0])
    return evaluation.values
  }

  @Test func `weights of another policy are adopted if they fit, else refused with the reason`() throws {
    let bench = TeamBench(TeamBench.mixings[1]) { $0.agents.sharing = .individual }
    let world = KnownAnswerWorld.matching(agents: 2)
    var (vector, learner) = bench.start(world, seed: 0)
    vector.train(&learner, to: 200)
    #expect(learner.policies.algorithm == "qmix" && learner.policies.groups[0].parameters.count == 2)
    var fresh = bench.start(world, seed: 1).learner
    #expect(fresh.adopt(learner.policies) == nil)
    #expect(fresh.policies == learner.policies)
    #expect(try TeamBench.parameters(fresh) == TeamBench.parameters(fresh, "target"))
    var shared = TeamBench(TeamBench.mixings[1]).start(world, seed: 1).learner
    let before = shared.snapshot()
    #expect(shared.adopt(learner.policies)?.contains("shares") == true)
    #expect(shared.snapshot() == before)
    #expect(fresh.adopt(shared.policies) == nil, "one network may begin as that of each")
    var other = bench.start(KnownAnswerWorld.masked(agents: 2), seed: 1).learner
    #expect(other.adopt(learner.policies)?.contains("actions") == true)
  }

  @Test func `real numbers need levels, and a mixing of too many weights is refused`() {
    let group = AgentGroup(name: "driver", count: 1, observation: ObservationSpace([]), action: .box([-1...1]))
    #expect(ValueDecompositionLearner.unsupported(TeamBench().recipe, groups: [group])?.contains("driver") == true)
    let many = KnownAnswerWorld.matching(agents: 2000).groups
    let linear = TeamBench(.monotonic(embedding: 32, hypernetHidden: 0)).recipe
    #expect(ValueDecompositionLearner.unsupported(linear, groups: many)?.contains("hypernet_hidden") == true)
    let hidden = TeamBench(.monotonic(embedding: 32, hypernetHidden: 16)).recipe
    #expect(ValueDecompositionLearner.unsupported(hidden, groups: many) == nil)
    #expect(ValueDecompositionLearner.unsupported(TeamBench().recipe, groups: many) == nil)
  }

  @Test func `the replay's bytes are those of its rows`() throws {
    let bench = TeamBench { $0.agents.replayCapacity = 100 }
    let groups = KnownAnswerWorld.maskedLater(agents: 3).groups
    // Of each agent two observations of 2, a choice, a packed mask and two flags; of the team three numbers.
    #expect(ValueDecompositionLearner.replayBytes(bench.recipe, groups: groups) == 100 * 4 * (3 * 8 + 3))
  }
}
