import Checkpointing
import Configuration
import Foundation
import Snapshots
import TestSupport
import Testing
import Trials

/// The recipe of the MADDPG family: what must be there, what may be left out and then means the paper's choice.
@Suite struct MADDPGRecipeTests {
  /// A member and the lines that its algorithm needs beside what all need.
  struct Member: Sendable, CustomTestStringConvertible {
    let name: String
    var lines: [String] = []
    var isSingle = false

    var testDescription: String { name }
  }

  static let twin = ["policy_delay: 2", "smoothing: {deviation: 0.2, clip: 0.5}"]
  static let members = [
    Member(name: "maddpg", lines: ["critic: {sees: joint}"]),
    Member(name: "matd3", lines: ["critic: {sees: pooled, embedding: 4}"] + twin),
    Member(name: "iddpg"), Member(name: "ddpg", isSingle: true), Member(name: "td3", lines: twin, isSingle: true),
  ]

  static let common = [
    "learning_rate: {actor: 1e-3, critic: 2e-3}", "batch_size: 16", "replay: {capacity: 700}", "warmup_steps: 100",
    "random_steps: 50", "discount: 0.9", "train_every_steps: 4", "updates: 2", "tau: 0.02",
    "network: {actor: [8], critic: [12], activation: relu, initialization: xavier-uniform}", "parameters: individual",
    "normalization: none", "regularization: 1e-3", "exploration: {noise: gaussian, deviation: 0.1}",
  ]

  /// An experiment of a member without some keys and with other lines.
  private func experiment(
    _ member: Member, without key: String? = nil, adding added: [String] = [], agents: Bool? = nil,
    in folder: TemporaryFolder
  ) throws -> Experiment {
    func name(_ line: String) -> String { String(line.prefix { $0 != ":" }) }
    let replaced = Set(added.map(name) + [key].compactMap { $0 })
    let lines = (Self.common + member.lines).filter { !replaced.contains(name($0)) } + added
    let hasAgents = agents ?? !member.isSingle
    let scenario = hasAgents ? "particle-world/simple_spread-original" : "classic-control/Pendulum-v1"
    let text =
      "description: a test\nscenario: \(project)/Environments/\(scenario).yaml\nseeds: [0]\nalgorithm:\n"
      + (["name: \(member.name)"] + lines).map { "  \($0)\n" }.joined()
      + "training: {steps: 200}\nselection: {every_steps: 200, episodes: 1, final_episodes: 0}\n"
    return try Experiment(try folder.write(text, to: "\(UUID().uuidString)/experiment.yaml"))
  }

  private func sentence(_ body: () throws -> Experiment) -> String {
    let failure = #expect(throws: Failure.self) { try body() }
    #expect(failure?.code == .content)
    return failure?.description ?? ""
  }

  @Test(arguments: members)
  func `nothing that decides a result can be left out`(member: Member) throws {
    let folder = try TemporaryFolder()
    _ = try experiment(member, in: folder)
    for line in Self.common + member.lines {
      let key = String(line.prefix { $0 != ":" })
      let text = sentence { try experiment(member, without: key, in: folder) }
      #expect(text.contains("algorithm.\(key)"), "\(key): \(text)")
    }
    for (line, missing) in [
      ("learning_rate: {actor: 1e-3}", "learning_rate.critic"),
      ("learning_rate: {critic: 1e-3}", "learning_rate.actor"),
      ("network: {actor: [8], activation: relu, initialization: orthogonal}", "network.critic"),
      ("network: {critic: [8], activation: relu, initialization: orthogonal}", "network.actor"),
      ("exploration: {noise: gaussian}", "exploration.deviation"), ("exploration: {deviation: 0}", "exploration.noise"),
      ("exploration: {noise: ornstein-uhlenbeck, deviation: 0.2, dt: 1}", "exploration.theta"),
      ("exploration: {noise: ornstein-uhlenbeck, deviation: 0.2, theta: 1}", "exploration.dt"),
      ("replay: {}", "replay.capacity"),
    ] {
      let text = sentence { try experiment(member, adding: [line], in: folder) }
      #expect(text.contains("algorithm.\(missing)"), "\(line): \(text)")
    }
  }

  /// Line by line against what was asked for; what was left out is the paper's choice.
  @Test(arguments: members)
  func `each run's file says every setting it went by`(member: Member) async throws {
    let folder = try TemporaryFolder()
    let added =
      member.name == "matd3" ? ["reward: sum", "gumbel: {temperature: {initial: 2, final: 1, fraction: 1}}"] : []
    let experiment = try experiment(member, adding: added, in: folder)
    _ = try await Training(experiment, seeds: [0], output: folder.path).run { _ in }
    let text = try CheckpointFile.read("\(folder.path)/seed-0/last.h5").group("experiment").text("recipe")
    let isTwin = member.lines.contains { $0.hasPrefix("smoothing") }
    let critic = ["maddpg": "joint", "matd3": "pooled(embedding: 4)"][member.name] ?? "own"
    var lines = [
      "name: \(member.name)", "critic: \(critic)", "twinCritics: \(isTwin)", "policyDelay: \(isTwin ? 2 : 1)",
      "smoothing: \(isTwin ? "{deviation: 0.2, clip: 0.5}" : "none")", "batchSize: 16", "replayCapacity: 700",
      "replayByteLimit: 4000000000.0", "warmupSteps: 100", "randomSteps: 50", "discount: 0.9", "trainEvery: 4",
      "updatesPerBlock: 2", "tau: 0.02", "actorHidden: [8]", "criticHidden: [12]", "activation: relu",
      "layerNorm: false", "initialization: xavierUniform", "sharing: individual", "normalization: none",
      "indices: individual", "others: replayed", "targetChoice: sampled", "regularization: 0.001",
    ]
    lines.append("reward: \(member.name == "matd3" ? "sum" : "own")")
    let found = Set(text.split(separator: "\n").map(String.init))
    for line in lines { #expect(found.contains(line), "\(line) in\n\(text)") }
    for (name, rate) in [("actorDescent", "0.001"), ("criticDescent", "0.002")] {
      let line = found.first { $0.hasPrefix("\(name):") } ?? ""
      #expect(line.contains("learningRate: \(rate)") && line.contains("gradientClip: none"), "\(line)")
    }
    #expect(found.contains { $0.hasPrefix("temperature: ") && $0.contains(member.name == "matd3" ? "2.0" : "1.0") })
    #expect(found.contains { $0.hasPrefix("noise: ") && $0.contains("gaussian") && $0.contains("0.1") })
    #expect(found.contains { $0.hasPrefix("randomChoice: ") })
  }

  /// Keys that may be left out: a value that fits is taken, a misspelt key is answered, a value out of range is named.
  @Test(arguments: [
    ("indices: shared", "indexes", "indices: both"), ("others: current", "other", "others: all"),
    ("reward: mean", "rewards", "reward: most"), ("gradient_clip: 0.5", "gradient_clips", "gradient_clip: 0"),
    ("gumbel: {temperature: 0.5, target: greedy}", "gumbels", "gumbel: {temperature: 0}"),
    (
      "gumbel: {temperature: {initial: 2, final: 1, fraction: 0.5}}", "gumble", "gumbel: {temperature: 1, target: best}"
    ),
    ("optimizer: {name: rmsprop}", "optimiser", "optimizer: {name: best}"),
    (
      "learning_rate_schedule: {kind: cosine, minimum: 1e-5}", "learning_rate_schedul",
      "learning_rate_schedule: {kind: up}"
    ),
  ])
  func `an optional key is taken, misspelt it is answered, out of range it is named`(
    good: String, misspelt: String, bad: String
  ) throws {
    let folder = try TemporaryFolder()
    let key = String(good.prefix { $0 != ":" })
    for member in Self.members {
      _ = try experiment(member, adding: [good], in: folder)
      let unknown = sentence {
        try experiment(member, adding: [good.replacingOccurrences(of: "\(key):", with: "\(misspelt):")], in: folder)
      }
      #expect(unknown.contains("did you mean '\(key)'"), "\(unknown)")
      let wrong = sentence { try experiment(member, adding: [bad], in: folder) }
      #expect(wrong.contains("algorithm.\(key)"), "\(wrong)")
    }
  }

  @Test func `what is wrong inside a key is named, and what a member decides itself is refused`() throws {
    let folder = try TemporaryFolder()
    for (member, line, names) in [
      (0, "critic: {sees: pooled}", "algorithm.critic.embedding"), (0, "critic: {sees: all}", "algorithm.critic.sees"),
      (0, "critic: {sees: joint, embedding: 4}", "unknown key"), (2, "critic: {sees: joint}", "unknown key"),
      (0, "policy_delay: 2", "unknown key"), (1, "policy_delay: 0", "algorithm.policy_delay"),
      (1, "smoothing: {deviation: 0.2}", "algorithm.smoothing.clip"), (0, "tau: 0", "algorithm.tau"),
      (0, "discount: 1.5", "algorithm.discount"), (0, "network: {actor: [], critic: [8]}", "algorithm.network.actor"),
      (0, "exploration: {noise: gaussian, deviation: -1}", "algorithm.exploration.deviation"),
      (0, "exploration: {noise: pink, deviation: 1}", "algorithm.exploration.noise"),
      (0, "exploration: {noise: gaussian, deviation: 1, theta: 1}", "unknown key"),
      (
        0, "exploration: {noise: gaussian, deviation: {initial: 1, final: 0}}",
        "algorithm.exploration.deviation.fraction"
      ),
      (0, "exploration: {noise: gaussian, deviation: 1, random_choice: 2}", "algorithm.exploration.random_choice"),
      (0, "batch_size: 1000000", "do not fit into memory"), (0, "target: greedy", "unknown key"),
    ] {
      let adding =
        line.hasPrefix("batch_size")
        ? [line, "network: {actor: [512], critic: [512], activation: relu, initialization: orthogonal}"] : [line]
      let text = sentence { try experiment(Self.members[member], adding: adding, in: folder) }
      #expect(text.contains(names), "\(line): \(text)")
    }
  }

  @Test func `members for one agent refuse a world of several and name who learns for them`() async throws {
    let folder = try TemporaryFolder()
    for (member, others) in [(3, "maddpg or iddpg"), (4, "matd3")] {
      let experiment = try experiment(Self.members[member], agents: true, in: folder)
      let failure = await #expect(throws: Failure.self) {
        _ = try await Training(experiment, seeds: [0], output: folder.path).run { _ in }
      }
      let text = failure?.description ?? ""
      #expect(text.contains("\(Self.members[member].name) learns for one agent, this world has 3; \(others) learn"))
    }
  }

  @Test func `a replay that takes more memory than allowed is refused, with what to change`() async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment(
      Self.members[0], adding: ["replay: {capacity: 1_000_000, max_bytes: 1e8}"], in: folder)
    let failure = await #expect(throws: Failure.self) {
      _ = try await Training(experiment, seeds: [0], output: folder.path).run { _ in }
    }
    let text = failure?.description ?? ""
    #expect(text.contains("algorithm.replay: 1000000 joint transitions"), "\(text)")
    #expect(text.contains("more than max_bytes, 0.1000 GB") && text.contains("lower capacity"), "\(text)")
  }
}
