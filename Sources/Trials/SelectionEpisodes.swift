import Policies
import ReinforcementLearning

/// The mean return of policies in the episodes by which the best is chosen: greedy, always the same ones.
///
/// - Returns: the mean, and what broke the world's laws, if anything did.
func selectionReturn<World: Environment>(
  of policies: PolicySet, in start: World, _ experiment: Experiment, seed: UInt64
) -> (total: Double, broken: String?) {
  var world = start
  var controller = PolicyController(policies, for: world)
  let seeds = EpisodeSeeds(.selection, seed: seed)
  var total = 0.0
  for episode in 0..<experiment.selection.episodes {
    let result = playEpisode(&world, &controller, seed: seeds.seed(episode: episode))
    if let sentence = result.broken.first { return (total, sentence) }
    total += result.total
  }
  return (total / Double(experiment.selection.episodes), nil)
}
