import Checkpointing
import Foundation
import NeuralNetworks
import Policies
import Snapshots
import TestSupport
import Testing

import Trials

/// Small federations of each kind of learner.
enum SmallFederation {
  static let training = "training={log_every_steps: 50, checkpoint_every_steps: 30}"
  static let selection = "selection={every_steps: 80, episodes: 1, final_episodes: 1}"
  static let twoClients = "[{name: near}, {name: far, set: [radio.noise_figure_db=14]}]"

  static func block(
    clients: String = "[{name: only}]", rounds: Int = 3, steps: Int = 80, rule: String = "{name: fedavg}",
    targets: String = "copy", moments: String = "reset", more: String = ""
  ) -> String {
    "federation={rounds: \(rounds), local_steps: \(steps), clients: \(clients), rule: \(rule), share: both, "
      + "targets: \(targets), moments: \(moments), weights: samples\(more.isEmpty ? "" : ", \(more)")}"
  }

  static let highway = [
    "algorithm.warmup_steps=60", "algorithm.batch_size=16", "algorithm.network={hidden: [16], activation: relu}",
    "algorithm.replay={capacity: 2000}", "scenario.time.steps=20", "scenario.mobility.slots=6",
  ]

  /// An experiment, its settings for a small run, and whether it can live on several highways.
  static let learners: [(name: String, settings: [String])] = [
    ("highway-offloading-dqn", highway),
    (
      "highway-offloading-hybrid-matd3",
      [
        "algorithm.warmup_steps=60", "algorithm.random_steps=60", "algorithm.batch_size=16",
        "algorithm.network={actor: [16], critic: [16], activation: relu, initialization: uniform-fan-in}",
        "algorithm.replay={capacity: 500}",
        "scenario.time.steps=20", "scenario.mobility.slots=6",
      ]
    ),
    (
      "Pendulum-v1-td3",
      [
        "algorithm.warmup_steps=60", "algorithm.random_steps=60", "algorithm.batch_size=16",
        "algorithm.network={actor: [16], critic: [16], activation: relu, initialization: uniform-fan-in}",
        "algorithm.replay={capacity: 500}",
      ]
    ),
    (
      "inf-sh-mappo",
      ["algorithm.rollout_steps=20", "algorithm.epochs=2", "algorithm.minibatches=2", "scenario.time.steps=20"]
    ),
  ]

  static func experiment(_ name: String, _ settings: [String]) throws -> Experiment {
    try Experiment(
      "\(project)/Experiments/\(name)/experiment.yaml", overrides: try settings.map { try Override($0) })
  }

  static func train(
    _ experiment: Experiment, in folder: String, seeds: [UInt64] = [0], workers: Int = 1, resumes: Bool = false,
    report: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws -> [TrainingResult] {
    try await Training(experiment, seeds: seeds, output: folder, resumes: resumes, workers: workers).run(report: report)
  }
}

/// What all files of a folder hold, by their paths.
func contents(of folder: String) throws -> [String: Data] {
  var files: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name.contains(".") {
    files[name] = try bytes("\(folder)/\(name)")
  }
  return files
}

@Suite struct FederatedTrainingTests {
  private typealias Small = SmallFederation

  /// Trap T17.
  @Test(arguments: Small.learners.indices)
  func `a federation of one client is the run without it, to the bit`(index: Int) async throws {
    let folder = try TemporaryFolder()
    let (name, settings) = Small.learners[index]
    let steps = ["training={steps: 240, log_every_steps: 80, environments: 2}", Small.selection]
    let alone = try Small.experiment(name, settings + steps)
    _ = try await Small.train(alone, in: "\(folder.path)/alone")
    let federated = try Small.experiment(
      name,
      settings + [
        "training={log_every_steps: 80, environments: 2}", Small.selection,
        Small.block(targets: "keep", moments: "keep"),
      ])
    _ = try await Small.train(federated, in: "\(folder.path)/federated")
    let files = ["\(folder.path)/alone/seed-0/best.h5", "\(folder.path)/federated/seed-0/best.h5"]
    let policies = try files.map { try PolicyFile($0) }
    #expect(policies[0].policies == policies[1].policies)
    #expect(policies[0].step == policies[1].step && policies[0].selectionReturn == policies[1].selectionReturn)
    // The columns of the learner, row by row.
    let logs = try ["alone", "federated"].map {
      try String(contentsOfFile: "\(folder.path)/\($0)/seed-0/metrics.csv", encoding: .utf8).split(separator: "\n")
    }
    #expect(logs[0].count == 4 && logs[1].count == 4)
    for (alone, federated) in zip(logs[0], logs[1]) {
      let own = alone.split(separator: ",", omittingEmptySubsequences: false).dropLast()
      #expect(Array(federated.split(separator: ",", omittingEmptySubsequences: false).prefix(own.count)) == Array(own))
    }
  }

  @Test(arguments: [
    Small.block(clients: Small.twoClients),
    Small.block(clients: "[{name: a, count: 3}]", targets: "merge", moments: "merge"),
    Small.block(
      clients: "[{name: a, count: 4}]",
      more: "sampling: {clients: 2}, stragglers: {share: 0.5, work: 0.5}, dropouts: 0.2"),
    Small.block(
      clients: "[{name: a}, {name: b, delay_rounds: 1}]",
      more: "asynchronous: {mixing: 0.5, exponent: 0.5, extra_delay_rounds: 1}"),
    Small.block(
      clients: "[{name: a}, {name: b}, {name: c}]",
      more: "edges: {groups: [{clients: [a, c]}, {clients: [b]}], cloud_every_rounds: 2}"),
    Small.block(clients: Small.twoClients, rule: "{name: independent}"),
    Small.block(clients: Small.twoClients, more: "pooled: true"),
  ])
  func `the same bytes for any number of workers, and after a stop inside a round or between two`(
    block: String
  ) async throws {
    let folder = try TemporaryFolder()
    let experiment = try Small.experiment(
      "highway-offloading-dqn", Small.highway + [Small.training, Small.selection, block])
    _ = try await Small.train(experiment, in: "\(folder.path)/whole")
    let whole = try contents(of: "\(folder.path)/whole")
    #expect(whole.keys.count { $0.contains("state-") } >= 1)
    // Files of steps 30 (in the first round) and 160 (after the second), as they lay there.
    _ = try await Small.train(experiment, in: "\(folder.path)/twice", workers: 2) { progress in
      guard [50, 160].contains(progress.step), !progress.isSelection || progress.step == 160 else { return }
      try? FileManager.default.copyItem(
        atPath: "\(folder.path)/twice", toPath: "\(folder.path)/cut-\(progress.step)")
    }
    #expect(try contents(of: "\(folder.path)/twice") == whole)
    for step in [50, 160] {
      let cut = "\(folder.path)/cut-\(step)"
      let before = try PolicyFile("\(cut)/seed-0/last.h5").step
      #expect(before == (step == 50 ? 30 : 150))
      _ = try await Small.train(experiment, in: cut, resumes: true)
      let after = try contents(of: cut)
      #expect(after.keys.sorted() == whole.keys.sorted())
      for (name, data) in whole { #expect(after[name] == data, "\(name) after a stop at \(before)") }
    }
  }

  @Test func `clients with worlds of their own learn from their own experience only`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try Small.experiment(
      "highway-offloading-dqn",
      Small.highway + [Small.training, Small.selection, Small.block(clients: Small.twoClients, rounds: 1)])
    _ = try await Small.train(experiment, in: folder.path)
    let clients = try ["near", "far"].map { name in
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/seed-0/clients/\(name)")
      return try PolicyFile("\(folder.path)/seed-0/clients/\(name)/\(try #require(names.first))")
    }
    #expect(clients[0].scenario.digest != clients[1].scenario.digest)
    #expect(clients[1].scenario.text.contains("noise_figure_db: 14"))
    #expect(clients[0].policies != clients[1].policies)
    // What acts is one for all, and both are judged in their own world.
    let table = try String(contentsOfFile: "\(folder.path)/seed-0/clients.csv", encoding: .utf8).split(separator: "\n")
    #expect(table[0].hasPrefix("client,policy,"))
    let rules = table.filter { $0.hasPrefix("near,") }.map { $0.split(separator: ",")[1] }
    #expect(rules.first == "policy" && rules.contains("greedy") && rules.contains("random"))
    #expect(table.count == 1 + 2 * rules.count)
    let random = table.filter { $0.contains(",random,") }.map {
      $0.split(separator: ",", omittingEmptySubsequences: false)[6]
    }
    #expect(random[0] != random[1])
  }

  /// The server's file holds what travels and nothing that a site has seen (trap T17).
  @Test func `neither experience nor statistics of it lie with the server`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try Small.experiment(
      "highway-offloading-dqn",
      Small.highway + [
        Small.training, Small.selection, "algorithm.normalization=running", "algorithm.scale_rewards=true",
        Small.block(clients: Small.twoClients, rounds: 2),
      ])
    let results = try await Small.train(experiment, in: folder.path)
    let file = try CheckpointFile.read("\(folder.path)/seed-0/last.h5")
    #expect(!file.names.contains { ["replay", "environment", "learner", "random", "site"].contains($0) })
    let parameters = try #require(try PolicyFile(results[0].policies[0]).policies.groups.first?.parameters.first)
    let server = try file.group("federation").group("server")
    #expect(try server.group("edge-0").floats("model").count == parameters.values.count)
    #expect(try server.group("edge-0").names.sorted() == ["model", "rule", "samples", "version"])
    // Statistics differ, and so do the policies: each client has its own.
    #expect(results[0].policies.count == 2)
    let policies = try results[0].policies.map { try PolicyFile($0) }
    #expect(policies[0].policies.groups[0].normalizer != policies[1].policies.groups[0].normalizer)
    #expect(policies[0].policies.groups[0].parameters == policies[1].policies.groups[0].parameters)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/seed-0/best.h5"))
  }

  @Test func `layers that stay at home differ, the others are the same`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try Small.experiment(
      "highway-offloading-dqn",
      Small.highway + [
        Small.training, Small.selection,
        Small.block(clients: Small.twoClients, rounds: 2, more: "personal_layers: 1"),
      ])
    let results = try await Small.train(experiment, in: folder.path)
    let parameters = try results[0].policies.map { try PolicyFile($0).policies.groups[0].parameters[0] }
    let layers = parameters[0].layout.slots.map(\.layer)
    let last = try #require(layers.last)
    for slot in parameters[0].layout.slots {
      #expect((parameters[0][slot.name] == parameters[1][slot.name]) == (slot.layer != last), "\(slot.name)")
    }
  }

  @Test func `a hundred clients fit`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try Small.experiment(
      "highway-offloading-dqn",
      Small.highway + [
        "training={log_every_steps: 40, checkpoint_every_steps: 40}", Small.selection,
        Small.block(clients: "[{name: site, count: 100}]", rounds: 2, steps: 40, more: "sampling: {clients: 20}"),
      ])
    let result = try await Small.train(experiment, in: folder.path, workers: 2)[0]
    #expect(result.bestReturn.isFinite)
    let rows = try String(contentsOfFile: "\(folder.path)/seed-0/metrics.csv", encoding: .utf8).split(separator: "\n")
    let header = rows[0].split(separator: ",").map(String.init)
    let last = rows[rows.count - 1].split(separator: ",", omittingEmptySubsequences: false)
    #expect(last[try #require(header.firstIndex(of: "merged_updates"))] == "40")
  }

  @Test(arguments: [
    ("clients: [{name: a/b}]", "a client's name is a folder's"),
    ("clients: [{name: a}, {name: a}]", "two clients are called 'a'"),
    ("clients: [{name: a, set: [radio.noise]}]", "is not written key.path=value"),
    ("clients: [{name: a, set: [radio.nois=3]}]", "unknown key 'nois'"),
    ("clients: [{name: a, delay_rounds: 1}]", "need an asynchronous server"),
    ("edges: {groups: [{clients: [onl]}], cloud_every_rounds: 2}", "did you mean 'only'"),
    ("rule: {name: fedavgg}", "did you mean 'fedavg'"),
    ("rule: {name: krum, liars: 1}", "krum needs at least 5 clients (2 · liars + 3) in a round, not 1"),
    ("targets: move", "'merge', 'copy', 'keep'"),
    ("sampling: {clients: 2}", "from 1 to 1"),
    ("share: actors", "federation.share"),
    ("asynchronous: {mixing: 1, exponent: 0}, moments: merge", "no mean of moments"),
  ])
  func `what is wrong is said in a sentence`(change: String, sentence: String) throws {
    var keys = [
      "rounds": "2", "local_steps": "40", "clients": "[{name: only}]", "rule": "{name: fedavg}", "share": "both",
      "targets": "copy", "moments": "reset", "weights": "samples",
    ]
    let pattern = /(\w+): ([^:]+(?:\{.*\}|\[.*\])?|\{.*\}|\[.*\])(?:, (\w+): (\w+))?/
    let match = try #require(try pattern.wholeMatch(in: change))
    keys[String(match.1)] = String(match.2)
    if let key = match.3, let value = match.4 { keys[String(key)] = String(value) }
    let block = "federation={\(keys.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    let failure = #expect(throws: Failure.self) {
      let experiment = try Small.experiment(
        "highway-offloading-dqn", Small.highway + [Small.training, Small.selection, block])
      _ = try Training(experiment, seeds: [0], output: "").announcement()
    }
    #expect(failure?.code == .content)
    #expect(failure?.description.contains(sentence) == true, "\(failure?.description ?? "nothing")")
  }
}
