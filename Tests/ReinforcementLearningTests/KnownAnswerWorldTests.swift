import Glibc
import ReinforcementLearning
import Snapshots
import Testing

struct KnownAnswerWorldTests {
  @Test(arguments: [1, 3])
  func `every world conforms`(agents: Int) {
    for world in KnownAnswerWorld.all(agents: agents) {
      #expect(checkEnvironment(world, steps: 50) == [], "\(world.name)")
      #expect(world.agentCount == agents)
    }
  }

  @Test func `names are unique`() {
    let names = KnownAnswerWorld.all().map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func `a world says what it needs`() {
    let worlds = KnownAnswerWorld.all()
    #expect(worlds.filter(\.needsMemory).map(\.name) == ["memory of 3 steps"])
    #expect(worlds.filter(\.needsMasks).map(\.name) == ["masked", "masked later"])
    #expect(KnownAnswerWorld.discrete().allSatisfy { if case .discrete = $0.action { true } else { false } })
    #expect(KnownAnswerWorld.continuous().allSatisfy { if case .box = $0.action { true } else { false } })
  }

  func values(_ world: KnownAnswerWorld, _ discount: Double = 0.9) -> [[Double]] {
    world.answers(discount: discount).map(\.actionValues)
  }

  func agree(_ a: [[Double]], _ b: [[Double]]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { row, other in
        row.count == other.count && zip(row, other).allSatisfy { abs($0 - $1) < 1e-8 || $0.isNaN && $1.isNaN }
      }
  }

  @Test(arguments: [0.5, 0.9, 0.99])
  func `action values are those of the closed forms`(γ: Double) {
    let forever = 1 / (1 - γ)
    for limit in [1, 3, 10] {
      #expect(agree(values(.constantReward(limit: limit), γ), [[forever, forever]]))
      #expect(agree(values(.aimingForEver(limit: limit), γ), [[forever]]))
    }
    #expect(agree(values(.slowStart(limit: 2), γ), [[γ * forever, γ * forever], [forever, forever]]))
    #expect(agree(values(.seenReward(), γ), [[-1, -1], [1, 1]]))
    #expect(agree(values(.delayedReward(), γ), [[γ, γ], [1, 1]]))
    #expect(agree(values(.matching(), γ), [[1, -1], [-1, 1]]))
    #expect(agree(values(.masked(), γ), [[.nan, 1, 0]]))
    #expect(agree(values(.maskedLater(), γ), [[-γ, -γ, -γ], [.nan, -1, -2]]))
    #expect(
      agree(
        values(.branches(), γ),
        [
          [2, 1, 1, 1, 0, 0], [1, 2, 1, 0, 1, 0], [1, 1, 2, 0, 0, 1], [1, 0, 0, 2, 1, 1], [0, 1, 0, 1, 2, 1],
          [0, 0, 1, 1, 1, 2],
        ]))
    #expect(agree(values(.aiming(dimensions: 2), γ), [[Double]](repeating: [0], count: 5)))
    #expect(
      agree(values(.hybridAiming(), γ), [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]]))
    // Right: the distance's power. Left: one step more from the state before, and nothing past the left end.
    let right = (0..<5).map { pow(γ, Double(4 - $0)) }
    #expect(agree(values(.randomWalk(), γ), (0..<5).map { [$0 == 0 ? 0 : γ * right[$0 - 1], right[$0]] }))
    let (square, cube) = (γ * γ, γ * γ * γ)
    let early = [[cube, cube], [square, square], [γ, γ]]
    #expect(agree(values(.memory(delay: 3), γ), early + [[1, -1]] + early + [[-1, 1]]))
  }

  @Test func `an answer of a world with memory tells what was seen, and without it the answers conflict`() {
    let answers = KnownAnswerWorld.memory(delay: 2).answers(discount: 0.9)
    #expect(answers[2].observations == [[-1, 0], [0, 0.5], [0, 1]])
    #expect(answers[5].observations == [[1, 0], [0, 0.5], [0, 1]])
    #expect(answers[2].best == AgentAction(discrete: [0]) && answers[5].best == AgentAction(discrete: [1]))
  }

  @Test func `best actions and masks stand with the values`() {
    let branches = KnownAnswerWorld.branches().answers(discount: 0.9)
    #expect(branches.map(\.best.discrete) == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
    #expect(KnownAnswerWorld.masked().answers(discount: 0.9)[0].mask == [false, true, true])
    #expect(KnownAnswerWorld.masked().answers(discount: 0.9)[0].best.discrete == [1])
    #expect(KnownAnswerWorld.aiming(dimensions: 2).answers(discount: 0.9)[4].best.continuous == [0.5, -0.5])
    let hybrid = KnownAnswerWorld.hybridAiming().answers(discount: 0.9)
    #expect(hybrid[2].best == AgentAction(discrete: [0], continuous: [0.5]))
    #expect(hybrid[3].best == AgentAction(discrete: [1], continuous: [-0.5]))
    #expect(KnownAnswerWorld.randomWalk().answers(discount: 0.9)[2].value == 0.9 * 0.9)
  }

  /// The best return of an episode, computed by hand, and reached by nobody who acts at random.
  @Test(arguments: [1, 3])
  func `the best return is that of the best policy, and chance stays below it`(agents: Int) {
    let wanted: [String: Double] = [
      "constant reward, cut after 1": 1, "constant reward, cut after 10": 10, "slow start, cut after 2": 1,
      "delayed reward": 1, "matching": 1, "masked": 1, "masked later": -1, "random walk": 1, "branches": 2,
      "memory of 3 steps": 1, "aiming in 1": 0, "aiming in 2": 0, "aiming for ever, cut after 10": 10,
      "hybrid aiming": 1,
    ]
    for world in KnownAnswerWorld.all(agents: agents) {
      guard let value = wanted[world.name] else { continue }
      for seed in 0..<5 as Range<UInt64> {
        #expect(abs(world.bestReturn(seed: seed, discount: 0.9) - value) < 1e-9, "\(world.name)")
      }
    }
  }

  @Test func `agents that arrive are gone and the others go on`() {
    var world = KnownAnswerWorld.randomWalk(agents: 2)
    world.reset(seed: 0)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 2)
    action.discrete = [1, 0]
    for _ in 0..<2 { world.step(action, outcome: &outcome) }
    action.discrete = [1, 1]
    world.step(action, outcome: &outcome)
    #expect(outcome.rewards == [1, 0] && outcome.terminated == [true, false] && !outcome.episodeOver)
    var active = [true, true]
    var span = active.mutableSpan
    world.writeActive(group: 0, into: &span)
    #expect(active == [false, true])
    action.discrete = [1, 0]
    for _ in 0..<2 { world.step(action, outcome: &outcome) }
    #expect(outcome.terminated == [false, true] && outcome.episodeOver)
  }
}
