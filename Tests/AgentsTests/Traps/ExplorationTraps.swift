import Agents
import Policies
import ReinforcementLearning
import Testing

/// Trap T11: exploration bookkeeping. Rhythms and each slot's own draws stand in DQNLearnerTests.
@Suite struct ExplorationTraps {
  @Test(arguments: [1, 4, 16])
  func `exploration goes on along its line after save and load, for any number of environments`(
    environments: Int
  ) throws {
    let bench = LearningBench()
    var (vector, learner) = bench.start(KnownAnswerWorld.matching(), seed: 0, environments: environments)
    bench.train(&vector, &learner, to: 256)
    var other = bench.start(KnownAnswerWorld.matching(), seed: 9, environments: environments).learner
    try other.restore(from: learner.snapshot())
    let single = bench.start(KnownAnswerWorld.matching(), seed: 4).learner
    for step in [0, 49, 50, 256, 300, 499, 500, 10_000] {
      #expect(other.epsilon(at: step) == learner.epsilon(at: step))
      #expect(other.epsilon(at: step) == single.epsilon(at: step))
    }
    let figures = learner.progress(step: 256).figures
    #expect(other.epsilon(at: 256) == figures.first { $0.name == "epsilon" }?.value)
    // The draws go on too: the same actions from here.
    var twin = vector
    for step in 0..<50 {
      learner.act(&vector.frame, step: 256 + step * environments)
      other.act(&twin.frame, step: 256 + step * environments)
      #expect(vector.frame.groups[0].actions == twin.frame.groups[0].actions)
    }
  }

  @Test func `noisy networks act with variance in training and without any in evaluation`() {
    var bench = LearningBench()
    bench.recipe.noise = 3
    bench.recipe.warmupSteps = 0
    bench.recipe.exploration = .init(initial: 0, final: 0, steps: 1)
    let world = KnownAnswerWorld.matching()
    var (vector, learner) = bench.start(world, seed: 1)
    var taken: Set<Int32> = []
    for _ in 0..<200 {
      learner.act(&vector.frame, step: 10)
      taken.insert(vector.frame.groups[0].actions[0])
    }
    #expect(taken == [0, 1])
    var controller = PolicyController(learner.policies, for: world)
    var still = world
    still.reset(seed: 5)
    controller.begin(seed: 5)
    var chosen: Set<[Int32]> = []
    for _ in 0..<200 {
      var action = JointAction(for: world.groups)
      controller.act(in: still, &action)
      chosen.insert(action.discrete)
    }
    #expect(chosen.count == 1)
  }
}
