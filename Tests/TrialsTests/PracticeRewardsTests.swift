import Checkpointing
import Foundation
import Policies
import Snapshots
import TestSupport
import Testing
import Trials

@Suite struct PracticeRewardsTests {
  private func experiment(_ name: String, _ settings: [String] = []) throws -> Experiment {
    try Experiment("\(project)/Experiments/\(name)/experiment.yaml", overrides: try settings.map { try Override($0) })
  }

  @Test func `a learner is paid the world's own rewards unless it is told otherwise`() throws {
    #expect(try experiment("highway-offloading-dqn").training.rewards == .own)
    #expect(try experiment("highway-offloading-dqn", ["training.rewards=own"]).training.rewards == .own)
    let other = try experiment("highway-offloading-dqn", ["training.rewards=difference"])
    #expect(other.training.rewards == .difference)
    #expect(try other.digest != experiment("highway-offloading-dqn").digest)
  }

  @Test func `other kinds of rewards are refused by name`() {
    for (setting, sentence) in [
      ("training.rewards=diference", "did you mean 'difference'"), ("training.rewards=true", "training.rewards"),
      ("training.reward=own", "did you mean 'rewards'"),
    ] {
      let failure = #expect(throws: Failure.self) { try experiment("highway-offloading-dqn", [setting]) }
      #expect(failure?.code == .content)
      #expect(failure?.description.contains(sentence) == true, "\(failure?.description ?? "")")
    }
  }

  /// A pole earns 1 in every step that it stands before, whatever is done.
  @Test func `a world in which no action shows in its step is refused for difference rewards`() async throws {
    let pole = try experiment("CartPole-v1-dqn", ["training.rewards=difference"])
    let folder = try TemporaryFolder()
    let training = Training(pole, seeds: [0], output: folder.path)
    let announced = #expect(throws: Failure.self) { try training.announcement() }
    let run = await #expect(throws: Failure.self) { try await training.run { _ in } }
    for failure in [announced, run] {
      #expect(failure?.code == .content)
      #expect(failure?.description.contains("training.rewards: no action made a difference") == true)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `what difference rewards cost and change is said before`() throws {
    func announcement(_ settings: [String]) throws -> [String] {
      let experiment = try experiment("highway-offloading-dqn", settings + ["scenario.mobility.slots=8"])
      return try Training(experiment, seeds: [0], output: "").announcement()
    }
    let own = try announcement([])
    let difference = try announcement(["training.rewards=difference"])
    let sentence = difference.first { $0.contains("difference rewards") }
    #expect(sentence?.contains("up to 9 steps") == true && !own.contains { $0.contains("difference") })
    #expect(difference.filter { $0 != sentence } == own)
  }

  /// The worlds of both runs, and the first, random actions in them, are the same: only what is learned differs.
  @Test func `the world that is trained in is the same, what is learned is not`() async throws {
    let folder = try TemporaryFolder()
    var worlds: [Snapshot] = []
    var policies: [PolicySet] = []
    for rewards in PracticeRewards.allCases {
      for (steps, keep) in [(100, true), (600, false)] {
        let experiment = try experiment(
          "highway-offloading-dqn",
          TrainingTests.small + [
            "training.rewards=\(rewards.rawValue)", "training.steps=\(steps)", "algorithm.exploration=\(Self.random)",
            "selection={every_steps: 600, episodes: 1, final_episodes: 0}",
          ])
        let output = "\(folder.path)/\(rewards.rawValue)-\(steps)"
        let result = try await Training(experiment, seeds: [1], output: output).run { _ in }[0]
        let last = try CheckpointFile.read("\(result.folder)/last.h5")
        if keep { worlds.append(try last.group("environment").group("environment-0")) }
        if !keep { policies.append(try PolicyFile("\(result.folder)/last.h5").policies) }
      }
    }
    #expect(worlds[0] == worlds[1] && policies[0] != policies[1])
  }

  private static let random = "{initial: 1, final: 1, fraction: 1}"
}
