import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning

/// A small recipe and the loop that trains it, shared by the tests of this folder.
struct PPOBench {
  var recipe = PPOConfiguration(
    name: "ippo", criticSees: .own, rolloutSteps: 16, epochs: 6, minibatches: 2, discount: 0.9, traceDecay: 0.9,
    clip: 0.2, valueClip: nil, entropyBonus: 0.003, valueLoss: .mse, normalizesAdvantages: true, valueDecay: 0.9,
    actor: .init(hidden: [16], activation: .tanh, outputScale: 0.1, learningRate: 1e-2),
    critic: .init(hidden: [16], activation: .tanh, outputScale: 1, learningRate: 1e-2), initialDeviation: 0.5,
    gradientClip: 1, sharing: .shared, normalization: .none)

  func start<World: Environment>(
    _ world: World, seed: UInt64, environments: Int = 1
  ) -> (vector: VectorEnvironment<World>, learner: PPOLearner) {
    (
      VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: seed)),
      PPOLearner(recipe, groups: world.groups, environments: environments, seed: seed)
    )
  }

  func train<World: Environment>(
    _ vector: inout VectorEnvironment<World>, _ learner: inout PPOLearner, from start: Int = 0, to steps: Int
  ) {
    var step = start
    while step < steps {
      learner.act(&vector.frame, step: step)
      vector.step()
      learner.record(vector.frame)
      step += vector.count
      learner.update(step: step, advanced: vector.count)
      vector.advance()
    }
  }
}
