import Foundation
import TestSupport
import Testing
import Trials

@Suite struct ExperimentTests {
  @Test(arguments: ["CartPole-v1-dqn", "trace-offloading-dqn", "highway-offloading-dqn"])
  func `every experiment of the project can be read, and its digest ignores layout`(name: String) throws {
    let path = "\(project)/Experiments/\(name)/experiment.yaml"
    let experiment = try Experiment(path)
    #expect(experiment.name == name)
    #expect(experiment.seeds.count >= 10, "fewer than ten seeds are no result")
    let folder = try TemporaryFolder()
    var text = try String(contentsOfFile: path, encoding: .utf8)
    text = text.replacingOccurrences(of: "../..", with: project)
    let moved = try Experiment(try folder.write("# a comment\n" + text, to: "\(name)/experiment.yaml"))
    #expect(moved.scenario.digest == experiment.scenario.digest)
  }

  /// A recipe without one of its keys is no recipe (trap T15).
  @Test func `each key of the recipe is required by name`() throws {
    let path = "\(project)/Experiments/CartPole-v1-dqn/experiment.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(
      of: "../..", with: project)
    let folder = try TemporaryFolder()
    let keys = [
      "double", "learning_rate", "batch_size", "replay", "warmup_steps", "discount", "train_every_steps",
      "updates",
      "target", "exploration", "network", "loss", "gradient_clip", "parameters", "normalization", "name",
    ]
    for key in keys {
      let shortened = text.split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("  \(key):") }.joined(separator: "\n")
      #expect(shortened != text, "\(key) stands in the file")
      let file = try folder.write(shortened, to: "x/experiment.yaml")
      let failure = #expect(throws: Failure.self) { try Experiment(file) }
      #expect(failure?.code == .content)
      #expect(failure?.description.contains("algorithm.\(key)") == true, "\(failure?.description ?? "")")
    }
  }

  @Test func `what cannot be is refused with the place and the key`() throws {
    let path = "\(project)/Experiments/CartPole-v1-dqn/experiment.yaml"
    let wrong = [
      ("algorithm.discount=1.5", "algorithm.discount"), ("algorithm.name=dqm", "did you mean 'dqn'"),
      ("seeds=[1, 1]", "stands there twice"), ("training.steps=0", "training.steps"),
      ("algorithm.target={update: hard}", "algorithm.target.every_steps"),
      ("algorithm.extra=1", "unknown key"),
      ("algorithm.replay.capacity=1000000000", "max_bytes"), ("algorithm.network.hidden=[65536, 65536]", "weights"),
      ("algorithm.batch_size=1000000", "memory"), ("scenario.time_limit_steps=-1", "time_limit_steps"),
      ("scenario.id=3", "id"),
    ]
    for (setting, sentence) in wrong {
      let failure = #expect(throws: Failure.self, "\(setting)") {
        let experiment = try Experiment(path, overrides: [try Override(setting)])
        _ = try Training(experiment, seeds: [0], output: "").announcement()
      }
      #expect(failure?.code == .content, "\(setting)")
      #expect(failure?.description.contains(sentence) == true, "\(setting): \(failure?.description ?? "")")
    }
  }

  @Test func `overrides of an experiment reach its scenario and change its digest`() throws {
    let path = "\(project)/Experiments/trace-offloading-dqn/experiment.yaml"
    let plain = try Experiment(path)
    let changed = try Experiment(path, overrides: [try Override("scenario.tasks.rate_hz=3")])
    #expect(changed.scenario.digest != plain.scenario.digest)
    #expect(changed.digest == plain.digest)
    #expect(changed.scenario.overrides.map(\.path) == ["tasks.rate_hz"])
  }
}
