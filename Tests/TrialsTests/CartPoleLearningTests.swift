import Foundation
import TestSupport
import Testing
import Trials

@Suite struct CartPoleLearningTests {
  /// CartPole-v1 counts as solved at a mean return of 475 over 100 episodes (Gymnasium); the recipe is that of
  /// rl-baselines3-zoo. All ten seeds are part of `make learn`.
  @Test func `plain DQN solves CartPole-v1 with the tuned recipe on three seeds`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try Experiment("\(project)/Experiments/CartPole-v1-dqn/experiment.yaml")
    let results = try await Training(experiment, seeds: [0, 1, 2], output: folder.path, workers: 2).run { _ in
    }
    let policies = results.map { "\($0.folder)/best.h5" }
    let evaluation = try await Evaluation.run(
      experiment.scenario, policies: policies, episodes: 100, seed: 0, workers: 2)
    for entry in evaluation.entries {
      #expect(
        entry.statistics.mean >= 475, "seed \(entry.trainingSeed ?? 0) reached \(entry.statistics.mean)")
    }
  }
}
