import Agents
import Checkpointing
import Foundation
import Snapshots
import TestSupport
import Testing
import Trials

/// Priors in experiment files: what is read, what is refused, and runs that learn from them.
@Suite struct PriorTests {
  private static let prior =
    "{name: optimal-transport, warm_start_steps: 100, weight: 0.5, decay_fraction: 0.5, regularization: 0.05}"

  private static func text(
    name: String = "otfac", prior: String? = prior, scenario: String = "vehicular/highway-offloading-4",
    steps: Int = 400, more: String = ""
  ) -> String {
    """
    scenario: \(project)/Environments/\(scenario).yaml
    seeds: [0]
    algorithm:
      name: \(name)
      rollout_steps: 25
      epochs: 2
      minibatches: 2
      discount: 0.9
      trace_decay: 0.9
      clip: 0.2
      entropy_bonus: 0.01
      value_loss: mse
      value_normalization: none
      normalize_advantages: true
      learning_rate: {actor: 1e-3, critic: 1e-3}
      network:
        actor: {hidden: [16], activation: tanh, output_scale: 0.01}
        critic: {hidden: [16], activation: tanh, output_scale: 1}
      gradient_clip: 10
      parameters: shared
      normalization: ranges
    \(more.isEmpty ? "" : "  \(more)\n")\(prior.map { "  prior: \($0)" } ?? "")
    training: {steps: \(steps), environments: 2, checkpoint_every_steps: 150}
    selection: {every_steps: 200, episodes: 1, final_episodes: 0}

    """
  }

  private func experiment(_ text: String, _ overrides: [String] = []) throws -> Experiment {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) {
      try Experiment(
        try folder.write(text, to: "test/experiment.yaml"), overrides: try overrides.map { try Override($0) })
    }
  }

  private func refusal(_ text: String) -> String {
    let failure = #expect(throws: Failure.self) { try experiment(text) }
    #expect(failure?.code == .content)
    return failure?.description ?? ""
  }

  @Test func `the recipe says what the prior is, and until when it holds`() async throws {
    let folder = try TemporaryFolder()
    let training = Training(try experiment(Self.text()), seeds: [0], output: folder.path)
    let announcement = try training.announcement()
    #expect(announcement.contains { $0.contains("acts and is imitated for the first 100 steps") }, "\(announcement)")
    _ = try await training.run { _ in }
    let recipe = try CheckpointFile.read("\(folder.path)/seed-0/last.h5").group("experiment").text("recipe")
    #expect(
      recipe.contains(
        "prior: {name: optimal-transport, warmStartSteps: 100, weight: 0.5, decaySteps: 150, advice: "
          + "{regularization: 0.05, latencyWeight: none, energyWeight: none, overflowCost: 1.0}}"), "\(recipe)")
    let log = try String(contentsOfFile: "\(folder.path)/seed-0/metrics.csv", encoding: .utf8)
    #expect(log.split(separator: "\n").first?.contains("prior_kl") == true)
  }

  @Test func `a run with a prior that was stopped inside its warm start ends in the same bytes`() async throws {
    for (name, more) in [("otfac", ""), ("mappo", "")] {
      let folder = try TemporaryFolder()
      let experiment = try experiment(Self.text(name: name, more: more))
      let whole = Training(experiment, seeds: [0], output: "\(folder.path)/whole")
      _ = try await whole.run { _ in }
      // The run up to its first checkpoint, at 150 steps of which 100 are warm, has the same digest only if it is the
      // same experiment: the last file is taken back to it by a run that is stopped there.
      let cut = "\(folder.path)/cut"
      let stopped = Training(experiment, seeds: [0], output: cut)
      let last = "\(cut)/seed-0/last.h5"
      _ = try await stopped.run { progress in
        if progress.step >= 200, !FileManager.default.fileExists(atPath: "\(last).early") {
          try? FileManager.default.copyItem(atPath: last, toPath: "\(last).early")
        }
      }
      try FileManager.default.removeItem(atPath: last)
      try FileManager.default.moveItem(atPath: "\(last).early", toPath: last)
      #expect(try CheckpointFile.read(last).group("progress").integer("step") == 150)
      _ = try await Training(experiment, seeds: [0], output: cut, resumes: true).run { _ in }
      let (one, other) = (
        try CheckpointFile.read("\(folder.path)/whole/seed-0/last.h5"), try CheckpointFile.read(last)
      )
      let isEqual = one == other
      #expect(isEqual, "\(name)")
    }
  }

  @Test func `otfac needs a prior, its relatives may have one`() throws {
    let sentence = refusal(Self.text(prior: nil))
    #expect(sentence.contains("algorithm.prior"), "\(sentence)")
    for name in ["ippo", "mappo"] {
      _ = try experiment(Self.text(name: name, prior: nil))
      _ = try experiment(Self.text(name: name))
    }
    _ = try experiment(Self.text(), ["algorithm.prior.latency_weight=1", "algorithm.prior.energy_weight=0"])
  }

  @Test(arguments: [
    ("name: optimal-transport", "name: guess", "name", "optimal-transport"),
    ("warm_start_steps: 100", "warm_start_steps: 400", "warm_start_steps", "training.steps"),
    ("warm_start_steps: 100", "warm_start_steps: -1", "warm_start_steps", "0"),
    ("weight: 0.5", "weight: -1", "weight", "0"),
    ("decay_fraction: 0.5", "decay_fraction: 0", "decay_fraction", "1"),
    ("regularization: 0.05", "regularization: 0", "regularization", "0"),
    ("regularization: 0.05", "regularization: 0.05, latency_weight: 1", "energy_weight", "missing"),
    ("regularization: 0.05", "regularization: 0.05, overflow_cost: -2", "overflow_cost", "0"),
    ("regularization: 0.05", "regularization: 0.05, guess: 3", "guess", "guess"),
  ])
  func `what a prior cannot be is told by key and range`(old: String, new: String, key: String, word: String) {
    let sentence = refusal(Self.text(prior: Self.prior.replacingOccurrences(of: old, with: new)))
    #expect(sentence.contains("prior") && sentence.contains(key) && sentence.contains(word), "\(sentence)")
  }

  @Test func `worlds that place no tasks, and actions without choices, are refused in a sentence`() throws {
    for (scenario, overrides, more) in [
      ("classic-control/CartPole-v1", [], ""), ("aerial/al-hourani-urban", [], ""),
      ("vehicular/highway-offloading-4", ["scenario.actions=continuous"], "initial_deviation: 0.5"),
    ] as [(String, [String], String)] {
      guard FileManager.default.fileExists(atPath: "\(project)/Environments/\(scenario).yaml") else {
        Issue.record("no scenario \(scenario)")
        continue
      }
      let experiment = try experiment(Self.text(scenario: scenario, more: more), overrides)
      let failure = #expect(throws: Failure.self) {
        try Training(experiment, seeds: [0], output: "/nowhere").announcement()
      }
      let sentence = failure?.description ?? ""
      #expect(failure?.code == .content && sentence.contains("prior"), "\(sentence)")
    }
  }

  @Test(arguments: [
    ("vehicular/roadside-4", [String](), ""),
    ("vehicular/highway-offloading-hybrid", [], "initial_deviation: 0.5"),
    ("vehicular/highway-offloading-4", ["scenario.control=central"], ""),
    ("vehicular/highway-offloading-4", ["training.rewards=difference"], ""),
  ])
  func `every form of world that places tasks by choices can be learned with a prior`(
    scenario: String, overrides: [String], more: String
  ) async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment(Self.text(scenario: scenario, steps: 200, more: more), overrides)
    let results = try await Training(experiment, seeds: [0], output: folder.path).run { _ in }
    #expect(results.count == 1 && results[0].bestReturn.isFinite)
  }
}
