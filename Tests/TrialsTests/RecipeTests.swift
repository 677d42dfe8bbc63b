import Checkpointing
import Configuration
import Foundation
import Snapshots
import TestSupport
import Testing
import Trials

/// Trap T15: defaults that differ. What a run goes by is written down, and nothing that decides it can be left out.
@Suite struct RecipeTests {
  static let path = "\(project)/Experiments/CartPole-v1-dqn/experiment.yaml"

  /// What each member asks for beyond plain DQN, the optional keys used somewhere.
  static let members: [(name: String, settings: [String])] = [
    ("dqn", ["algorithm.normalization=running", "algorithm.scale_rewards=true", "algorithm.dueling=true"]),
    (
      "c51",
      [
        "algorithm.atoms=51", "algorithm.value_minimum=0", "algorithm.value_maximum=100",
        "algorithm.loss=cross-entropy",
        "algorithm.network={hidden: [32], activation: silu, layer_norm: true, initialization: orthogonal}",
      ]
    ),
    (
      "qr-dqn",
      [
        "algorithm.quantiles=32", "algorithm.loss=quantile-huber",
        "algorithm.optimizer={name: adamw, weight_decay: 0.001}",
        "algorithm.learning_rate_schedule={kind: linear, end_factor: 0.1}", "algorithm.gradient_value_clip=5",
        "algorithm.network={hidden: [16], activation: relu, recurrent: {hidden: 8, length: 6, burn_in: 2, overlap: 4}}",
      ]
    ),
    (
      "rainbow",
      [
        "algorithm.atoms=51", "algorithm.value_minimum=0", "algorithm.value_maximum=100", "algorithm.n_step=3",
        "algorithm.noisy_sigma=0.5", "algorithm.loss=cross-entropy",
        "algorithm.replay={capacity: 1000, priority: {exponent: 0.5, initial_correction: 0.4, epsilon: 1e-6}}",
      ]
    ),
    ("vdn", ["algorithm.reward=sum", "algorithm.parameters=individual", "algorithm.scale_rewards=true"]),
    (
      "qmix",
      [
        "algorithm.reward=mean", "algorithm.mixing={embedding: 32, hypernet_hidden: 64}", "algorithm.dueling=true",
        "algorithm.optimizer={name: rmsprop, epsilon: 1e-5}",
      ]
    ),
  ]

  static func experiment(_ name: String, _ settings: [String]) throws -> Experiment {
    try Experiment(path, overrides: try (["algorithm.name=\(name)"] + settings).map { try Override($0) })
  }

  /// The file of an experiment, without some keys of its algorithm and with others.
  static func file(_ name: String, without removed: [String], adding added: [String], in folder: TemporaryFolder)
    throws -> String
  {
    let keys = removed + ["name"] + added.compactMap { $0.split(separator: ":").first.map(String.init) }
    let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "../..", with: project)
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    where !keys.contains(where: { line.hasPrefix("  \($0):") }) {
      lines.append(line)
      if line == "algorithm:" { lines += ["  name: \(name)"] + added.map { "  " + $0 } }
    }
    return try folder.write(lines.joined(separator: "\n"), to: "\(name)/experiment.yaml")
  }

  /// `algorithm.key=value` as a line of the file.
  static func lines(_ settings: [String]) -> [String] {
    settings.map { setting in
      let parts = setting.dropFirst("algorithm.".count).split(separator: "=", maxSplits: 1)
      return "\(parts[0]): \(parts[1])"
    }
  }

  /// The golden files were read against the experiment and the doc comments of `DQNConfiguration`, line by line.
  @Test(arguments: members.indices)
  func `each run's file says every setting it went by, as the golden file does`(index: Int) async throws {
    let (name, settings) = Self.members[index]
    let folder = try TemporaryFolder()
    let file = try Self.file(
      name, without: name == "rainbow" ? ["double"] : [], adding: Self.lines(settings), in: folder)
    let experiment = try Experiment(
      file,
      overrides: try ["training.steps=1000", "selection={every_steps: 1000, episodes: 1, final_episodes: 0}"].map {
        try Override($0)
      })
    _ = try await Training(experiment, seeds: [0], output: folder.path).run { _ in }
    let golden = "\(project)/Tests/TrialsTests/Fixtures/recipe-\(name).txt"
    for path in ["last.h5", "best.h5"] {
      let text = try CheckpointFile.read("\(folder.path)/seed-0/\(path)").group("experiment").text("recipe")
      #expect(try text == String(contentsOfFile: golden, encoding: .utf8), "\(name), \(path)")
    }
  }

  @Test(arguments: members.indices)
  func `no member can do without its cadence or its own keys, and says which is missing`(index: Int) throws {
    let (name, settings) = Self.members[index]
    let folder = try TemporaryFolder()
    let demanded: [String: [String]] = [
      "dqn": ["double"], "c51": ["double", "atoms", "value_minimum", "value_maximum"],
      "qr-dqn": ["double", "quantiles"],
      "rainbow": ["atoms", "value_minimum", "value_maximum", "n_step", "noisy_sigma"],
      "vdn": ["double", "reward"], "qmix": ["double", "reward", "mixing"],
    ]
    let cadence = ["train_every_steps", "updates", "target", "warmup_steps", "exploration", "batch_size", "loss"]
    for key in cadence + (demanded[name] ?? []) {
      let removed = name == "rainbow" ? ["double", key] : [key]
      let added = Self.lines(settings.filter { !$0.hasPrefix("algorithm.\(key)=") })
      let file = try Self.file(name, without: removed, adding: added, in: folder)
      let failure = #expect(throws: Failure.self) { try Experiment(file) }
      #expect(failure?.code == .content)
      #expect(failure?.description.contains("algorithm.\(key)") == true, "\(failure?.description ?? "")")
    }
  }

  @Test func `rainbow decides double and dueling itself and refuses to be told`() throws {
    let folder = try TemporaryFolder()
    let settings = Self.lines(Self.members[3].settings)
    for (key, removed) in [("dueling: true", ["double"]), ("double: true", [])] as [(String, [String])] {
      let file = try Self.file("rainbow", without: removed, adding: settings + [key], in: folder)
      let failure = #expect(throws: Failure.self) { try Experiment(file) }
      #expect(failure?.description.contains("unknown key") == true, "\(failure?.description ?? "")")
    }
    let file = try Self.file(
      "rainbow", without: ["double"],
      adding: settings.filter { !$0.hasPrefix("replay") } + ["replay: {capacity: 10}"], in: folder)
    let failure = #expect(throws: Failure.self) { try Experiment(file) }
    #expect(failure?.description.contains("algorithm.replay.priority") == true, "\(failure?.description ?? "")")
  }

  /// Keys that may be left out: a value that fits is taken, a misspelt key is answered, a value out of range is named.
  @Test(
    arguments: [
      ("dueling", "true", "duelling", "maybe"), ("n_step", "3", "n_steps", "0"),
      ("noisy_sigma", "0.5", "noisy_sigmas", "0"), ("gradient_value_clip", "5", "gradient_value_clips", "-1"),
      ("scale_rewards", "true", "scale_reward", "2"), ("actions", "native", "action", "{levels: 1}"),
      ("optimizer", "{name: rmsprop, alpha: 0.95, centered: true}", "optimiser", "{name: rmsprop, alpha: 1}"),
      ("optimizer", "{name: sgd, momentum: 0.9, nesterov: true}", "optimizers", "{name: sdg}"),
      (
        "learning_rate_schedule", "{kind: cosine, minimum: 1e-5}", "learning_rate_schedul", "{kind: cosine, minimum: 2}"
      ),
      (
        "learning_rate_schedule", "{kind: step, factor: 0.5, every_fraction: 0.25}", "learning_rate_schedules",
        "{kind: step, factor: 0.5}"
      ),
      ("normalization", "running", "normalisation", "runing"),
      ("network.layer_norm", "true", "network.layer_norms", "7"),
      ("network.initialization", "kaiming-uniform", "network.initialisation", "xavier"),
      (
        "network.recurrent", "{hidden: 8, length: 4, burn_in: 2, overlap: 3}", "network.recurrence",
        "{hidden: 8, length: 4, burn_in: 2, overlap: 6}"
      ),
      (
        "replay.priority", "{exponent: 0.6, initial_correction: 0.4, epsilon: 1e-3}", "replay.priorities",
        "{exponent: 0.6, initial_correction: 1.4, epsilon: 1e-3}"
      ),
      (
        "replay.priority", "{exponent: 0.6, initial_correction: 0.4, epsilon: 1e-3}", "replay.priorit",
        "{exponent: -1, initial_correction: 0.4, epsilon: 1e-3}"
      ),
    ] as [(String, String, String, String)])
  func `an optional key is taken, misspelt it is answered, out of range it is named`(
    key: String, good: String, misspelt: String, bad: String
  ) throws {
    func read(_ key: String, _ value: String) throws -> Experiment {
      try Experiment(Self.path, overrides: [try Override("algorithm.\(key)=\(value)")])
    }
    _ = try read(key, good)
    let unknown = #expect(throws: Failure.self) { try read(misspelt, good) }
    #expect(unknown?.code == .content)
    if key != "normalization" {
      let name = key.split(separator: ".").last.map(String.init) ?? key
      #expect(unknown?.description.contains("did you mean '\(name)'") == true, "\(unknown?.description ?? "")")
    }
    let wrong = #expect(throws: Failure.self) { try read(key, bad) }
    #expect(wrong?.code == .content)
    #expect(wrong?.description.contains("algorithm.\(key)") == true, "\(wrong?.description ?? "")")
  }

  @Test func `the atoms of c51 need a range, and quantiles a number`() throws {
    func failure(_ name: String, _ settings: [String]) -> String {
      let failure = #expect(throws: Failure.self) { try Self.experiment(name, settings) }
      return failure?.description ?? ""
    }
    let range = ["algorithm.value_minimum=1", "algorithm.value_maximum=1", "algorithm.atoms=11"]
    #expect(failure("c51", range).contains("algorithm.value_maximum"))
    #expect(failure("c51", ["algorithm.atoms=1"]).contains("algorithm.atoms"))
    #expect(failure("qr-dqn", ["algorithm.quantiles=0"]).contains("algorithm.quantiles"))
    #expect(failure("dqn", ["algorithm.atoms=11"]).contains("unknown key"))
  }

  @Test func `teams refuse the parts of the family that they lack, and a mixing without its numbers`() throws {
    let folder = try TemporaryFolder()
    let settings = Self.lines(Self.members[5].settings)
    func failure(_ settings: [String]) throws -> String {
      let file = try Self.file("qmix", without: [], adding: settings, in: folder)
      let failure = #expect(throws: Failure.self) { try Experiment(file) }
      #expect(failure?.code == .content)
      return failure?.description ?? ""
    }
    for key in ["n_step: 3", "noisy_sigma: 0.5", "atoms: 51"] {
      #expect(try failure(settings + [key]).contains("unknown key"), "\(key)")
    }
    #expect(
      try failure(settings + ["network: {hidden: [8], activation: relu, recurrent: {hidden: 8}}"])
        .contains("algorithm.network.recurrent"))
    #expect(
      try failure(settings + ["replay: {capacity: 10, priority: {exponent: 0.5}}"])
        .contains("algorithm.replay.priority"))
    let others = settings.filter { !$0.hasPrefix("mixing") }
    #expect(try failure(others + ["mixing: {embedding: 32}"]).contains("algorithm.mixing.hypernet_hidden"))
    #expect(try failure(others + ["mixing: {embedding: 0, hypernet_hidden: 0}"]).contains("algorithm.mixing.embedding"))
    let wrong = settings.filter { !$0.hasPrefix("reward") } + ["reward: total"]
    #expect(try failure(wrong).contains("algorithm.reward"))
  }
}
