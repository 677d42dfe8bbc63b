import Agents
import ClassicControl
import ParticleWorld
import ReinforcementLearning

extension Benchmark {
  /// Whole training loops on CartPole-v1: acting, stepping, storing and learning.
  func measureLearners(_ report: (Row) -> Void) {
    for (name, hidden, batch, every, updates) in [
      ("CartPole-v1, 64-64, batch 64, an update each step", 64, 64, 1, 1),
      ("CartPole-v1, 256-256, batch 64, 128 updates every 256 steps", 256, 64, 256, 128),
    ] {
      var recipe = Self.recipe(hidden: hidden, batch: batch)
      recipe.doubleQ = false
      recipe.trainEvery = every
      recipe.updatesPerBlock = updates
      recipe.exploration = DQNConfiguration.Exploration(initial: 0.1, final: 0.1, steps: 0)
      let world = CartPole().timeLimited(to: 500)
      var vector = VectorEnvironment(world, count: 1, seeds: EpisodeSeeds(.training, seed: 0))
      var learner = DQNLearner(recipe, groups: world.groups, environments: 1, seed: 0)
      var step = 0
      let timing = Timing(seconds: seconds, repeats: repeats) { count in
        for _ in 0..<count * 256 {
          learner.act(&vector.frame, step: step)
          vector.step()
          learner.record(vector.frame)
          step += 1
          learner.update(step: step, advanced: 1)
          vector.advance()
        }
      }
      report(.rate(.learners, name, "steps/s", timing, count: 256))
    }
    measureActors(report)
  }

  /// MADDPG on simple_spread, an update of all agents every 100 steps; TD3 on Pendulum-v1, an update each step.
  private func measureActors(_ report: (Row) -> Void) {
    let spread = SimpleSpread(agents: 3, rewards: .original, isContinuous: false, order: .original)
      .timeLimited(to: 25)
    for environments in [1, 8] {
      var recipe = MADDPGConfiguration.paper
      recipe.replayCapacity = 100_000
      recipe.warmupSteps = 1024
      recipe.indices = .shared
      let name = "MADDPG on simple_spread, \(environments) environments, batch 1,024 every 100 steps"
      report(steps(spread, recipe, name, environments: environments, block: 800))
    }
    var recipe = MADDPGConfiguration.paper
    recipe.name = "td3"
    recipe.critic = .own
    recipe.twinCritics = true
    recipe.policyDelay = 2
    recipe.smoothing = MADDPGConfiguration.Smoothing(deviation: 0.2, clip: 0.5)
    recipe.batchSize = 100
    recipe.replayCapacity = 10_000
    recipe.warmupSteps = 100
    recipe.trainEvery = 1
    recipe.regularization = 0
    report(
      steps(
        Pendulum().timeLimited(to: 200), recipe, "TD3 on Pendulum-v1, 64-64, batch 100, an update each step",
        environments: 1, block: 256))
  }

  private func steps(
    _ world: some Environment, _ recipe: MADDPGConfiguration, _ name: String, environments: Int, block: Int
  ) -> Row {
    var vector = VectorEnvironment(world, count: environments, seeds: EpisodeSeeds(.training, seed: 0))
    var learner = MADDPGLearner(recipe, groups: world.groups, environments: environments, seed: 0)
    var step = 0
    func run(_ steps: Int) {
      let end = step + steps
      while step < end {
        learner.act(&vector.frame, step: step)
        vector.step()
        learner.record(vector.frame)
        step += vector.count
        learner.update(step: step, advanced: vector.count)
        vector.advance()
      }
    }
    run(2048)
    let timing = Timing(seconds: seconds, repeats: repeats) { run($0 * block) }
    return .rate(.learners, name, "steps/s", timing, count: Double(block))
  }
}
