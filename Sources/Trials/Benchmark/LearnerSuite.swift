import Agents
import ClassicControl
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
  }
}
