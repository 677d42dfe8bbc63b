import Checkpointing
import Configuration
import Foundation
import Snapshots
import TestSupport
import Testing
import Trials

/// What a run of IPPO or MAPPO goes by is written down, and nothing that decides it can be left out.
@Suite struct PPORecipeTests {
  private static let path = "\(project)/Experiments/simple_speaker_listener-mappo/experiment.yaml"

  private static func overrides(_ settings: [String]) throws -> [Override] { try settings.map { try Override($0) } }

  /// The file without a key of its algorithm, read.
  private func read(without key: String, in folder: TemporaryFolder) throws -> Experiment {
    var text = try String(contentsOfFile: Self.path, encoding: .utf8).replacingOccurrences(of: "../..", with: project)
    var lines: [String] = []
    var isInside = false
    for line in text.split(separator: "\n").map(String.init) {
      if line.hasPrefix("  \(key):") {
        isInside = true
      } else if !line.hasPrefix("    ") {
        isInside = false
      }
      if !isInside { lines.append(line) }
    }
    text = lines.joined(separator: "\n")
    return try Experiment(try folder.write(text, to: "\(key)/experiment.yaml"))
  }

  /// The golden files were read against the experiment and the doc comments of `PPOConfiguration`, line by line.
  @Test(arguments: [
    (
      "mappo",
      ["algorithm.value_clip=0.2", "algorithm.initial_deviation=0.5", "algorithm.normalization=ranges"]
    ),
    (
      "ippo",
      [
        "algorithm.value_loss=mse", "algorithm.value_normalization=none", "algorithm.parameters=individual",
        "algorithm.normalization=running",
        "algorithm.network.actor={hidden: [8], activation: relu, layer_norm: true, output_scale: 1}",
      ]
    ),
  ])
  func `each run's file says every setting it went by, as the golden file does`(
    name: String, settings: [String]
  ) async throws {
    let folder = try TemporaryFolder()
    let experiment = try Experiment(
      Self.path,
      overrides: try Self.overrides(
        [
          "algorithm.name=\(name)", "training={steps: 1000, environments: 2}",
          "selection={every_steps: 1000, episodes: 1, final_episodes: 0}",
        ] + settings))
    let training = Training(experiment, seeds: [0], output: folder.path)
    // 25 steps of two environments with an agent in each of two groups take some kilobytes.
    #expect(try training.announcement()[0].contains("replay 1 MB"))
    _ = try await training.run { _ in }
    let golden = "\(project)/Tests/TrialsTests/Fixtures/recipe-\(name).txt"
    for path in ["last.h5", "best.h5"] {
      let text = try CheckpointFile.read("\(folder.path)/seed-0/\(path)").group("experiment").text("recipe")
      #expect(try text == String(contentsOfFile: golden, encoding: .utf8), "\(name), \(path)")
    }
  }

  @Test(arguments: [
    "rollout_steps", "epochs", "minibatches", "discount", "trace_decay", "clip", "entropy_bonus", "value_loss",
    "value_normalization", "normalize_advantages", "learning_rate", "network", "gradient_clip", "parameters",
    "normalization",
  ])
  func `no key that decides the outcome can be left out`(key: String) throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: Failure.self) { try read(without: key, in: folder) }
    #expect(failure?.code == .content)
    #expect(failure?.description.contains("algorithm.\(key)") == true, "\(failure?.description ?? "")")
  }

  @Test(arguments: [
    ("value_clip", "0.2", "0"), ("initial_deviation", "0.5", "-1"), ("max_bytes", "1e9", "0"),
    ("optimizer", "{name: adam, epsilon: 1e-5}", "{name: adma}"), ("value_loss", "{huber: 1}", "huber"),
    ("value_normalization", "{decay: 0.5}", "{decay: 1}"), ("value_normalization", "none", "maybe"),
    ("learning_rate", "{actor: 1e-3, critic: 1e-4}", "{actor: 1e-3, critic: 0}"),
    ("learning_rate_schedule", "{kind: cosine, minimum: 0}", "{kind: cosine}"), ("clip", "0.1", "0"),
    ("trace_decay", "1", "1.1"),
    (
      "network.critic", "{hidden: [32], activation: relu, output_scale: 1}",
      "{hidden: [], activation: relu, output_scale: 1}"
    ),
    (
      "network.actor", "{hidden: [32], activation: relu, output_scale: 1, initialization: kaiming-normal}",
      "{hidden: [32], activation: relu}"
    ),
  ])
  func `a value that fits is taken, one that does not is named`(key: String, good: String, bad: String) throws {
    _ = try Experiment(Self.path, overrides: try Self.overrides(["algorithm.\(key)=\(good)"]))
    let failure = #expect(throws: Failure.self) {
      try Experiment(Self.path, overrides: try Self.overrides(["algorithm.\(key)=\(bad)"]))
    }
    #expect(failure?.code == .content)
    #expect(failure?.description.contains("algorithm.\(key)") == true, "\(failure?.description ?? "")")
  }

  @Test func `real numbers without a first deviation, and rollouts beyond their memory, are refused in a sentence`()
    throws
  {
    func failure(_ settings: [String]) -> String {
      let failure = #expect(throws: Failure.self) {
        let experiment = try Experiment(Self.path, overrides: try Self.overrides(settings))
        _ = try Training(experiment, seeds: [0], output: "/nowhere").announcement()
      }
      return failure?.description ?? ""
    }
    #expect(failure(["scenario.continuous=true"]).contains("algorithm.initial_deviation"))
    let excess = failure(["algorithm.rollout_steps=1000000", "training.environments=100"])
    #expect(excess.contains("algorithm.rollout_steps") && excess.contains("algorithm.max_bytes"))
    let fits = ["scenario.continuous=true", "algorithm.initial_deviation=0.5"]
    let experiment = try Experiment(Self.path, overrides: try Self.overrides(fits))
    #expect(try !Training(experiment, seeds: [0], output: "/nowhere").announcement().isEmpty)
  }
}
