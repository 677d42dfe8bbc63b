import Checkpointing
import Foundation
import TestSupport
import Testing

import Trials

@Suite struct TrainingTests {
  static let small = [
    "training.steps=600", "training.checkpoint_every_steps=100", "training.log_every_steps=50",
    "algorithm.warmup_steps=100", "algorithm.batch_size=32",
    "algorithm.network={hidden: [16], activation: relu}",
    "algorithm.replay={capacity: 5000}", "selection={every_steps: 200, episodes: 2, final_episodes: 3}",
    "scenario.time.steps=40", "scenario.mobility.slots=8",
  ]

  private func experiment(_ name: String, _ settings: [String] = []) throws -> Experiment {
    try Experiment(
      "\(project)/Experiments/\(name)/experiment.yaml",
      overrides: try (Self.small + settings).map { try Override($0) })
  }

  private func train(
    _ experiment: Experiment, seeds: [UInt64], in folder: String, workers: Int = 1, resumes: Bool = false
  ) async throws -> [TrainingResult] {
    try await Training(experiment, seeds: seeds, output: folder, resumes: resumes, workers: workers).run {
      _ in
    }
  }

  /// Trap T16: two seeds are marked as few.
  @Test func `a seed gives the same bytes whatever the number of workers`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment("highway-offloading-dqn")
    let alone = try await train(experiment, seeds: [0, 1], in: "\(folder.path)/a")
    let together = try await train(experiment, seeds: [0, 1], in: "\(folder.path)/b", workers: 2)
    #expect(alone.map(\.bestReturn) == together.map(\.bestReturn))
    for file in ["seed-0/last.h5", "seed-1/last.h5", "seed-0/best.h5", "seed-1/metrics.csv"] {
      #expect(try bytes("\(folder.path)/a/\(file)") == bytes("\(folder.path)/b/\(file)"), "\(file)")
    }
    #expect(try bytes("\(folder.path)/a/seed-0/last.h5") != bytes("\(folder.path)/a/seed-1/last.h5"))

    let policies = alone.map { "\($0.folder)/best.h5" }
    let evaluation = try await Evaluation.run(
      experiment.scenario, policies: ["local"] + policies, episodes: 3, seed: 0, workers: 2)
    let difference = try #require(evaluation.pairedDifferences.first)
    let means = evaluation.entries.map(\.statistics.mean)
    #expect(difference.rule == "local" && difference.seeds == 2)
    #expect(abs(difference.mean - ((means[1] + means[2]) / 2 - means[0])) < 1e-12)
    // Two seeds: half the distance of the two differences is their standard error, times Student's 12.706.
    let half = 12.7062 * abs(means[1] - means[2]) / 2
    #expect(abs(difference.interval.high - difference.mean - half) < 1e-9 * max(1, half))
    #expect(evaluation.table().contains("2 training seeds are few"))
  }

  @Test(arguments: [
    "algorithm.parameters=shared", "algorithm.parameters=individual", "training.environments=4",
    "training.rewards=difference",
  ])
  func `a run cut at a checkpoint and resumed ends in the same bytes`(setting: String) async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment("trace-offloading-dqn", [setting])
    _ = try await train(experiment, seeds: [4], in: "\(folder.path)/whole")
    // A run that saw only its first checkpoints: the same experiment would be refused with other steps, so the
    // checkpoint is taken while the run goes on.
    let training = Training(experiment, seeds: [4], output: "\(folder.path)/cut")
    let copy = "\(folder.path)/early.h5"
    _ = try await training.run { progress in
      let last = "\(folder.path)/cut/seed-4/last.h5"
      if progress.step >= 350, progress.step < 400 {
        try? FileManager.default.copyItem(atPath: last, toPath: copy)
      }
    }
    let early = try PolicyFile(copy)
    #expect(early.step == 300, "the copy was taken between two checkpoints")
    try FileManager.default.removeItem(atPath: "\(folder.path)/cut/seed-4/last.h5")
    try FileManager.default.moveItem(atPath: copy, toPath: "\(folder.path)/cut/seed-4/last.h5")
    _ = try await train(experiment, seeds: [4], in: "\(folder.path)/cut", resumes: true)
    for file in ["last.h5", "best.h5", "metrics.csv"] {
      #expect(
        try bytes("\(folder.path)/cut/seed-4/\(file)") == bytes("\(folder.path)/whole/seed-4/\(file)"),
        "\(file)")
    }
  }

  /// Trap T16; with a running normaliser in EvaluationTraps.
  @Test func `the best policy, reloaded, repeats the score by which it was chosen`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment("highway-offloading-dqn")
    let result = try await train(experiment, seeds: [2], in: folder.path)[0]
    let file = try PolicyFile("\(result.folder)/best.h5")
    #expect(file.selectionReturn == result.bestReturn)
    #expect(file.step == result.bestStep)
    #expect(!file.isResumable)
    #expect(file.evaluation?.contains("greedy-oracle") == true)
    #expect(try PolicyFile("\(result.folder)/last.h5").isResumable)
    let rows = try String(contentsOfFile: "\(result.folder)/metrics.csv", encoding: .utf8).split(
      separator: "\n")
    let header = rows[0].split(separator: ",")
    #expect(header.first == "step" && header.last == "selection_return")
    #expect(rows.contains { $0.hasPrefix("\(result.bestStep),") && $0.hasSuffix(",\(result.bestReturn)") })
  }

  @Test func `a run that is there is continued or refused, never overwritten`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment("highway-offloading-dqn")
    _ = try await train(experiment, seeds: [0], in: folder.path)
    let before = try bytes("\(folder.path)/seed-0/last.h5")
    let failure = await #expect(throws: Failure.self) {
      try await train(experiment, seeds: [0], in: folder.path)
    }
    #expect(failure?.code == .cannotWrite)
    #expect(try await train(experiment, seeds: [0], in: folder.path, resumes: true)[0].wasComplete)
    #expect(try bytes("\(folder.path)/seed-0/last.h5") == before)
    let other = try self.experiment("highway-offloading-dqn", ["algorithm.discount=0.5"])
    let refused = await #expect(throws: Failure.self) {
      try await train(other, seeds: [0], in: folder.path, resumes: true)
    }
    #expect(refused?.code == .content)
    #expect(refused?.description.contains("another experiment") == true)
  }

  @Test func `training can begin from another policy's weights, if it fits`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment("highway-offloading-dqn")
    let first = try await train(experiment, seeds: [0], in: "\(folder.path)/a")[0]
    let origin = try PolicyFile("\(first.folder)/best.h5")
    let next = Training(experiment, seeds: [1], output: "\(folder.path)/b", from: origin)
    _ = try await next.run { _ in }
    let fresh = try await train(experiment, seeds: [1], in: "\(folder.path)/c")[0]
    #expect(try bytes("\(folder.path)/b/seed-1/last.h5") != bytes("\(fresh.folder)/last.h5"))
    let wider = try self.experiment(
      "highway-offloading-dqn", ["algorithm.network={hidden: [17], activation: relu}"])
    let failure = await #expect(throws: Failure.self) {
      try await Training(wider, seeds: [1], output: "\(folder.path)/d", from: origin).run { _ in }
    }
    #expect(failure?.code == .content)
  }
}
