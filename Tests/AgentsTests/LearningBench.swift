import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning

/// A small recipe and the loop that trains it, shared by the tests of this folder.
struct LearningBench {
  var recipe = DQNConfiguration(
    doubleQ: true, learningRate: 5e-3, batchSize: 32, replayCapacity: 2000, warmupSteps: 50, discount: 0.9,
    trainEvery: 1, updatesPerBlock: 1, target: .polyak(tau: 0.05),
    exploration: DQNConfiguration.Exploration(initial: 1, final: 0.1, steps: 500), hidden: [16], activation: .tanh,
    loss: .mse, gradientClip: 10, sharing: .shared, normalization: .none)

  func start<World: Environment>(
    _ world: World, seed: UInt64, environments: Int = 1
  ) -> (vector: VectorEnvironment<World>, learner: DQNLearner) {
    (
      VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: seed)),
      DQNLearner(recipe, groups: world.groups, environments: environments, seed: seed)
    )
  }

  func train<World: Environment>(
    _ vector: inout VectorEnvironment<World>, _ learner: inout DQNLearner, from start: Int = 0, to steps: Int
  ) {
    vector.train(&learner, from: start, to: steps)
  }

  /// The action values that a learner has for an observation of its first group.
  static func values(_ learner: DQNLearner, _ observation: [Float], agent: Int = 0) -> [Float] {
    let policy = learner.policies.groups[0]
    var workspace = policy.network.makeWorkspace(batch: 1, training: false)
    let parameters = policy.parameters[policy.parameterIndex(ofAgent: agent)]
    policy.network.forward(parameters, observation, rows: 1, in: &workspace)
    return Array(workspace.outputs[..<policy.network.outputCount])
  }
}

extension VectorEnvironment {
  /// Trains a learner by the documented order, up to `steps` environment steps.
  mutating func train(_ learner: inout some Learner, from start: Int = 0, to steps: Int) {
    var step = start
    while step < steps {
      learner.act(&frame, step: step)
      self.step()
      learner.record(frame)
      step += count
      learner.update(step: step, advanced: count)
      advance()
    }
  }
}
