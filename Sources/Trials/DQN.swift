public import Agents
public import Configuration
import NeuralNetworks
public import ReinforcementLearning

/// `algorithm.name: dqn`.
public enum DQN: Algorithm {
  public static let name = "dqn"

  public static let summary = "deep Q-learning, plain or double, with replay and a target network"

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> DQNConfiguration {
    var network = try mapping.mapping("network")
    let hidden = try network.integers("hidden", count: 1...16, in: 1...65_536)
    let activation = try network.choice("activation", of: Activation.self)
    try network.finish()
    var exploration = try mapping.mapping("exploration")
    let initial = try exploration.number("initial", in: .fraction)
    let final = try exploration.number("final", in: .fraction)
    let fraction = try exploration.number("fraction", in: .fraction)
    try exploration.finish()
    var replay = try mapping.mapping("replay")
    let capacity = try replay.integer("capacity", in: 1...1_000_000_000)
    try replay.finish()
    let batch = try mapping.integer("batch_size", in: 1...1_048_576)
    return DQNConfiguration(
      doubleQ: try mapping.boolean("double"),
      learningRate: Float(try mapping.number("learning_rate", in: .above(0).to(1))),
      batchSize: batch, replayCapacity: capacity,
      warmupSteps: try mapping.integer("warmup_steps", in: 0...Int(Int32.max)),
      discount: Float(try mapping.number("discount", in: .fraction)),
      trainEvery: try mapping.integer("train_every_steps", in: 1...Int(Int32.max)),
      updatesPerBlock: try mapping.integer("updates", in: 1...1_000_000), target: try target(from: &mapping),
      exploration: DQNConfiguration.Exploration(
        initial: initial, final: final, steps: Int((fraction * Double(trainingSteps)).rounded())),
      hidden: hidden, activation: activation, loss: try loss(from: &mapping),
      gradientClip: Float(try mapping.number("gradient_clip", in: .positive)),
      sharing: try mapping.choice("parameters", of: DQNConfiguration.Sharing.self),
      normalization: try mapping.choice("normalization", of: DQNConfiguration.Normalization.self))
  }

  private static func target(
    from mapping: inout ConfigurationMapping
  ) throws(ConfigurationError) -> DQNConfiguration.Target {
    var target = try mapping.mapping("target")
    let update = try target.choice("update", among: ["hard", "polyak"])
    let result: DQNConfiguration.Target =
      update == "hard"
      ? .hard(everySteps: try target.integer("every_steps", in: 1...Int(Int32.max)))
      : .polyak(tau: Float(try target.number("tau", in: .above(0).to(1))))
    try target.finish()
    return result
  }

  private static func loss(from mapping: inout ConfigurationMapping) throws(ConfigurationError) -> Loss {
    let name = try mapping.choice("loss", among: ["huber", "mse"])
    return name == "mse" ? .mse : .huber(threshold: 1)
  }

  public static func unsupported(_ groups: [AgentGroup]) -> String? { DQNLearner.unsupported(groups) }

  public static func makeLearner(
    _ recipe: DQNConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64
  ) -> DQNLearner {
    DQNLearner(recipe, groups: groups, environments: environments, seed: seed)
  }
}
