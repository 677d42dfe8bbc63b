import TestSupport
import Testing

/// Exact resume of every learner: sum tree, n-step window, noise, recurrent state, a running rollout, a team's and a
/// joint replay included.
@Suite struct ResumeTests {
  /// An experiment and the settings that make it another member.
  struct Member: Sendable, CustomTestStringConvertible {
    let experiment: String
    var settings: [String] = []
    /// What makes it learn often in a short run.
    var cadence = [
      "algorithm.warmup_steps=200", "algorithm.batch_size=16", "algorithm.train_every_steps=4", "algorithm.updates=2",
    ]

    var testDescription: String { ([experiment] + settings).joined(separator: " ") }
  }

  static let members = [
    Member(experiment: "CartPole-v1-dqn", settings: ["algorithm.normalization=ranges"]),
    Member(
      experiment: "CartPole-v1-dqn",
      settings: [
        "algorithm.double=true", "algorithm.dueling=true", "algorithm.n_step=3",
        "algorithm.replay={capacity: 700, priority: {exponent: 0.6, initial_correction: 0.4, epsilon: 1e-3}}",
        "training.environments=4", "algorithm.target={update: polyak, tau: 0.01}",
        "algorithm.learning_rate_schedule={kind: cosine, minimum: 1e-5}", "algorithm.optimizer={name: rmsprop}",
      ]),
    Member(
      experiment: "CartPole-v1-dqn",
      settings: ["algorithm.normalization=running", "algorithm.scale_rewards=true", "training.environments=3"]),
    Member(experiment: "CartPole-v1-c51"),
    Member(experiment: "CartPole-v1-qr-dqn"),
    Member(experiment: "CartPole-v1-rainbow"),
    Member(experiment: "CartPole-v1-positions-dqn"),
    Member(
      experiment: "CartPole-v1-positions-dqn",
      settings: [
        "algorithm.replay={capacity: 700, priority: {exponent: 0.6, initial_correction: 0.4, epsilon: 1e-3}}",
        "algorithm.noisy_sigma=0.3", "training.environments=2",
      ]),
    Member(experiment: "Pendulum-v1-dqn"),
    Member(
      experiment: "highway-offloading-dqn",
      settings: [
        "algorithm.parameters=individual", "algorithm.n_step=2", "scenario.mobility.slots=4", "scenario.time.steps=50",
      ]),
    // A checkpoint of 64 steps falls into the middle of a rollout of 21 · 3.
    Member(
      experiment: "simple_speaker_listener-mappo",
      settings: ["training.environments=3", "algorithm.normalization=running"],
      cadence: ["algorithm.rollout_steps=21", "algorithm.minibatches=3", "algorithm.epochs=2"]),
    Member(
      experiment: "simple_spread-mappo",
      settings: [
        "algorithm.name=ippo", "algorithm.parameters=individual", "scenario.continuous=true",
        "algorithm.initial_deviation=0.5", "algorithm.value_clip=0.2", "training.environments=2",
      ], cadence: ["algorithm.rollout_steps=35", "algorithm.minibatches=2", "algorithm.epochs=2"]),
    Member(experiment: "simple_spread-vdn", settings: ["training.environments=4", "algorithm.normalization=running"]),
    Member(
      experiment: "simple_spread-qmix",
      settings: [
        "training.environments=3", "algorithm.scale_rewards=true", "algorithm.target={update: hard, every_steps: 300}",
      ]),
    Member(experiment: "simple_spread-maddpg", settings: small),
    Member(
      experiment: "simple_spread-maddpg",
      settings: small + [
        "algorithm.critic={sees: pooled, embedding: 8}", "algorithm.parameters=shared",
        "algorithm.normalization=running", "algorithm.others=current", "training.environments=3",
        "algorithm.gumbel={temperature: {initial: 2, final: 0.5, fraction: 0.5}}", "scenario.continuous=true",
      ]),
    Member(experiment: "simple_speaker_listener-matd3", settings: small + ["algorithm.reward=mean"]),
    Member(
      experiment: "Pendulum-v1-td3",
      settings: small + [
        "algorithm.exploration={noise: ornstein-uhlenbeck, theta: 0.15, dt: 0.05, deviation: 0.2}",
        "algorithm.random_steps=100",
      ]),
    Member(experiment: "simple_speaker_listener-maddpg", settings: ["algorithm=\(independent)"]),
  ]

  /// A small replay that wraps, and small networks.
  private static let small = [
    "algorithm.replay={capacity: 700}",
    "algorithm.network={actor: [8], critic: [8], activation: relu, initialization: xavier-uniform}",
  ]

  private static let independent =
    "{name: iddpg, learning_rate: {actor: 1e-3, critic: 1e-3}, batch_size: 16, replay: {capacity: 700}, "
    + "warmup_steps: 200, random_steps: 50, discount: 0.9, train_every_steps: 4, updates: 2, tau: 0.01, "
    + "network: {actor: [8], critic: [8], activation: tanh, layer_norm: true, initialization: orthogonal}, "
    + "parameters: individual, normalization: ranges, regularization: 1e-3, "
    + "exploration: {noise: gaussian, deviation: 0.1, random_choice: 0.1}}"

  private func training(_ member: Member, output: String) -> [String] {
    let common = [
      "training.steps=2000", "training.checkpoint_every_steps=64", "training.log_every_steps=200",
      "selection={every_steps: 500, episodes: 1, final_episodes: 0}",
    ]
    return ["train", "Experiments/\(member.experiment)", "--seed", "5", "--quiet", "--resume", "--output", output]
      + (common + member.cadence + member.settings).flatMap { ["--set", $0] }
  }

  @Test(arguments: members)
  func `killed by SIGKILL and resumed, a run ends in the same bytes`(member: Member) throws {
    try withTemporaryFolder { folder in
      let whole = try Tool.run(training(member, output: "\(folder)/whole"))
      #expect(whole.code == 0, "\(whole.errors)")
      let broken = training(member, output: "\(folder)/broken")
      let kills = try Tool.kill(
        broken, checkpoint: "\(folder)/broken/seed-5/last.h5", after: [0, 10_000, 30_000, 20_000])
      #expect(kills > 0, "the run was killed in its middle at least once")
      #expect(try Tool.run(broken).code == 0)
      try Tool.expectSameBytes("\(folder)/whole/seed-5", "\(folder)/broken/seed-5")
    }
  }
}
