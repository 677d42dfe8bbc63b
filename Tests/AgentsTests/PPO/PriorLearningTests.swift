import Agents
import AllocationCounting
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// Actors that begin from a prior and are held near it.
@Suite struct PriorLearningTests {
  private static let world = KnownAnswerWorld.matching(agents: 2)
  /// The right option nine times of ten, and the wrong one.
  private static let right = LeaningAdviser([0.1, 0.9], turns: true)
  private static let wrong = LeaningAdviser([0.9, 0.1], turns: true)

  private func bench(
    warmStart: Int, weight: Float = 0, decay: Int = 1, _ change: (inout PPOConfiguration) -> Void = { _ in }
  ) -> PPOBench {
    var bench = PPOBench()
    bench.recipe.prior = .init(
      name: "leaning", warmStartSteps: warmStart, weight: weight, decaySteps: decay,
      advice: .init(regularization: 1, latencyWeight: nil, energyWeight: nil, overflowCost: 1))
    change(&bench.recipe)
    return bench
  }

  /// The mean greedy return over the episodes of the matching world: 1 at best, −1 at worst.
  private func greedyReturn(_ learner: PPOLearner) -> Double {
    var controller = PolicyController(learner.policies, for: Self.world)
    var world = Self.world
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: 2)
    var total = 0.0
    for seed in 0..<40 as Range<UInt64> {
      world.reset(seed: seed)
      controller.begin(seed: seed)
      controller.act(in: world, &action)
      world.step(action, outcome: &outcome)
      total += (outcome.rewards[0] + outcome.rewards[1]) / 2
    }
    return total / 40
  }

  @Test func `a warm start imitates the prior, right or wrong, and learning mends what was wrong`() {
    for (adviser, sign) in [(Self.right, 1.0), (Self.wrong, -1.0)] {
      let bench = bench(warmStart: 1600)
      var (vector, learner) = bench.start(Self.world.advised(by: adviser), seed: 5, environments: 2)
      bench.train(&vector, &learner, to: 1600)
      #expect(greedyReturn(learner) == sign, "after the warm start")
      bench.train(&vector, &learner, from: 1600, to: 8000)
      #expect(greedyReturn(learner) == 1, "at the end")
    }
  }

  @Test func `what holds an actor near a wrong prior keeps it there as long as it is strong`() {
    for (weight, sign) in [(50, -1.0), (0.01, 1.0)] as [(Float, Double)] {
      let bench = bench(warmStart: 1600, weight: weight, decay: 1_000_000)
      var (vector, learner) = bench.start(Self.world.advised(by: Self.wrong), seed: 6, environments: 2)
      bench.train(&vector, &learner, to: 8000)
      #expect(greedyReturn(learner) == sign, "weight \(weight)")
    }
    // The same strength, decayed, lets go.
    let bench = bench(warmStart: 1600, weight: 50, decay: 1600)
    var (vector, learner) = bench.start(Self.world.advised(by: Self.wrong), seed: 6, environments: 2)
    bench.train(&vector, &learner, to: 12_000)
    #expect(greedyReturn(learner) == 1)
  }

  @Test func `the strength falls on a straight line from the end of the warm start to zero`() {
    let prior = bench(warmStart: 100, weight: 2, decay: 400).recipe.prior
    #expect([0, 99].map { prior?.strength(at: $0) } == [0, 0] && prior?.acts(at: 99) == true)
    #expect([100, 200, 300, 500, 1000].map { prior?.strength(at: $0) } == [2, 1.5, 1, 0, 0])
    #expect(prior?.acts(at: 100) == false)
  }

  @Test func `the prior acts in the rollouts that begin in the warm start, the actor afterwards`() {
    // The prior is certain; an actor that never moves is not.
    let bench = bench(warmStart: 40) {
      $0.actor.learningRate = 1e-12
      $0.rolloutSteps = 8
    }
    var (vector, learner) = bench.start(
      KnownAnswerWorld.masked(agents: 3).advised(by: LeaningAdviser([1, 0, 1])), seed: 1, environments: 2)
    var step = 0
    var (followed, otherwise) = (0, 0)
    while step < 400 {
      learner.act(&vector.frame, step: step)
      // 8 steps of two environments in a rollout: those from 0, 16 and 32 begin in the warm start.
      let isLed = step < 48
      for option in vector.frame.groups[0].actions {
        if isLed { #expect(option == 2) } else if option == 2 { followed += 1 } else { otherwise += 1 }
        #expect(option != 0)
      }
      vector.step()
      learner.record(vector.frame)
      step += 2
      learner.update(step: step, advanced: 2)
      vector.advance()
    }
    #expect(followed > 300 && otherwise > 300)
  }

  @Test func `without weight and warm start a prior changes nothing but the figures`() {
    let plain = PPOBench()
    let held = bench(warmStart: 0, weight: 0, decay: 1000)
    var (vector, learner) = plain.start(Self.world, seed: 3, environments: 2)
    var (advised, other) = held.start(Self.world.advised(by: Self.wrong), seed: 3, environments: 2)
    plain.train(&vector, &learner, to: 600)
    held.train(&advised, &other, to: 600)
    #expect(learner.policies == other.policies)
    let (figures, others) = (learner.progress(step: 600).figures, other.progress(step: 600).figures)
    #expect(others.map(\.name) == figures.map(\.name) + ["prior_kl"])
    #expect((others.last?.value ?? 0) > 0.1)
  }

  @Test(arguments: [250, 1000], ["ippo", "mappo", "hybrid"])
  func `a learner with a prior goes on exactly from any step, warm start or not`(at pause: Int, kind: String) throws {
    let bench = bench(warmStart: 700, weight: 0.5, decay: 900) {
      if kind == "mappo" { $0.criticSees = .central }
    }
    let world = kind == "hybrid" ? KnownAnswerWorld.hybridAiming(agents: 2) : .maskedLater(agents: 2)
    let advised = world.advised(by: LeaningAdviser([Float](repeating: 1, count: world.groups[0].action.maskCount)))
    var (vector, learner) = bench.start(advised, seed: 8, environments: 2)
    bench.train(&vector, &learner, to: pause)
    var again = bench.start(advised, seed: 8, environments: 2).vector
    var twin = bench.start(advised, seed: 9, environments: 2).learner
    try again.restore(from: vector.snapshot())
    try twin.restore(from: learner.snapshot())
    bench.train(&vector, &learner, from: pause, to: 1600)
    bench.train(&again, &twin, from: pause, to: 1600)
    let isEqual = learner.snapshot() == twin.snapshot()
    #expect(isEqual)
    #expect(learner.progress(step: 1600).figures.allSatisfy { $0.value.isFinite })
  }

  @Test func `steps and updates with a prior ask for no memory`() {
    for warmStart in [0, 100_000] {
      let bench = bench(warmStart: warmStart, weight: 1, decay: 100_000)
      var (vector, learner) = bench.start(
        KnownAnswerWorld.maskedLater(agents: 2).advised(by: LeaningAdviser([1, 2, 3])), seed: 1, environments: 2)
      bench.train(&vector, &learner, to: 500)
      let before = edgewise_allocations()
      bench.train(&vector, &learner, from: 500, to: 2500)
      #expect(edgewise_allocations() - before == 0)
      #expect(learner.progress(step: 2500).updates > 500)
    }
  }

  @Test func `actions without choices have nothing that a prior could say, and the sentence says so`() {
    let recipe = bench(warmStart: 10).recipe
    let reason = PPOLearner.unsupported(recipe, groups: KnownAnswerWorld.aiming(dimensions: 1).groups)
    #expect(reason?.contains("no choices") == true && reason?.contains("algorithm.prior") == true)
    #expect(PPOLearner.unsupported(recipe, groups: KnownAnswerWorld.hybridAiming().groups) == nil)
  }
}
