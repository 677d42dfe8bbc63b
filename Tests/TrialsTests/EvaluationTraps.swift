import Checkpointing
import Configuration
import Policies
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing
import Trials
import VehicularEdge

/// Traps T10, T12 and T16: an evaluation repeats, and leaves no trace in what it judges.
@Suite struct EvaluationTraps {
  private func train(
    in folder: String, _ settings: [String] = [], resumes: Bool = false
  ) async throws -> (experiment: Experiment, result: TrainingResult) {
    let experiment = try Experiment(
      "\(project)/Experiments/highway-offloading-dqn/experiment.yaml",
      overrides: try
        (TrainingTests.small + [
          "algorithm.normalization=running", "algorithm.scale_rewards=true", "training.log_every_steps=600",
        ] + settings).map { try Override($0) })
    return (experiment, try await Training(experiment, seeds: [3], output: folder, resumes: resumes).run { _ in }[0])
  }

  /// Trap T16: random streams, replay, normalisers and worlds of a run with many selections are those of a run with one.
  @Test func `however often the best policy is looked for, training ends in the same state`() async throws {
    let folder = try TemporaryFolder()
    let often = try await train(in: "\(folder.path)/a", ["selection={every_steps: 50, episodes: 3, final_episodes: 0}"])
    let once = try await train(in: "\(folder.path)/b", ["selection={every_steps: 600, episodes: 1, final_episodes: 0}"])
    let first = try CheckpointFile.read("\(often.result.folder)/last.h5")
    let second = try CheckpointFile.read("\(once.result.folder)/last.h5")
    for name in ["learner", "replay", "random", "environment", "policy", "normalization"] {
      #expect(try first.group(name) == second.group(name), "\(name)")
    }
  }

  /// Traps T10 and T16: the frozen normaliser travels with the best policy, and its score is of the world's own
  /// rewards, whatever it learned from.
  @Test(arguments: PracticeRewards.allCases)
  func `the best policy, reloaded with its normaliser, repeats its score exactly, twice the same bytes`(
    rewards: PracticeRewards
  ) async throws {
    let folder = try TemporaryFolder()
    let (experiment, result) = try await train(in: folder.path, ["training.rewards=\(rewards.rawValue)"])
    let path = "\(result.folder)/best.h5"
    let file = try PolicyFile(path)
    #expect(file.selectionReturn == result.bestReturn)
    #expect(!file.policies.groups[0].normalizer.isIdentity)
    #expect(try replay(file, episodes: 2, seed: 3) == result.bestReturn)
    let one = try await Evaluation.run(experiment.scenario, policies: [path], episodes: 4, seed: 8, workers: 1)
    let two = try await Evaluation.run(experiment.scenario, policies: [path], episodes: 4, seed: 8, workers: 2)
    #expect(one.json().text() == two.json().text() && one.csv() == two.csv() && one.table() == two.table())
  }

  /// The mean return of the selection episodes, played by hand from nothing but the file.
  private func replay(_ file: PolicyFile, episodes: Int, seed: UInt64) throws -> Double {
    var root = try ConfigurationDocument(text: file.scenario.text, name: "scenario.yaml", directory: "/").root()
    _ = try root.text("id")
    _ = try root.text("environment")
    var world = try VehicularOffloadingFamily.makeWorld(id: file.scenario.id, from: &root)
    var controller = PolicyController(file.policies, for: world)
    let seeds = EpisodeSeeds(.selection, seed: seed)
    var sum = 0.0
    for episode in 0..<episodes {
      world.reset(seed: seeds.seed(episode: episode))
      controller.begin(seed: seeds.seed(episode: episode))
      var action = JointAction(for: world.groups)
      var outcome = StepOutcome(agents: world.agentCount)
      var active = [Bool](repeating: true, count: world.agentCount)
      var total = 0.0
      while !outcome.episodeOver {
        var span = active.mutableSpan
        world.writeActive(group: 0, into: &span)
        controller.act(in: world, &action)
        world.step(action, outcome: &outcome)
        controller.note(outcome)
        let present = active.indices.filter { active[$0] }
        let earned = present.reduce(0) { $0 + outcome.rewards[$1] }
        if !present.isEmpty { total += earned / Double(present.count) }
      }
      sum += total
    }
    return sum / Double(episodes)
  }

  /// Trap T12: the choice is named where the return stands.
  @Test func `a run's files say how rewards of several agents become a return`() async throws {
    let folder = try TemporaryFolder()
    let (_, result) = try await train(in: folder.path)
    for name in ["best.h5", "last.h5"] {
      let progress = try CheckpointFile.read("\(result.folder)/\(name)").group("progress")
      #expect(try progress.text("return_meaning") == "sum over steps of the mean reward over active agents")
    }
  }

  /// Trap T16: 10,000 episodes of four environments against as many of each other purpose.
  @Test func `training, selection and evaluation never share a seed`() {
    for seed in [0, 1, .max] as [UInt64] {
      let training = EpisodeSeeds(.training, seed: seed)
      var seen: Set<UInt64> = []
      for environment in 0..<4 {
        for episode in 0..<10_000 { seen.insert(training.seed(environment: environment, episode: episode)) }
      }
      #expect(seen.count == 40_000)
      for purpose in [EpisodeSeeds.Purpose.selection, .evaluation] {
        let seeds = EpisodeSeeds(purpose, seed: seed)
        for episode in 0..<10_000 { #expect(seen.insert(seeds.seed(episode: episode)).inserted) }
      }
    }
  }
}
