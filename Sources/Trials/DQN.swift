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
    let weights = zip(hidden, hidden.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    guard weights <= 100_000_000 else {
      throw network.error("hidden", "these layers have \(weights) weights, more than the 100,000,000 allowed")
    }
    let activation = try network.choice("activation", of: Activation.self)
    try network.finish()
    var exploration = try mapping.mapping("exploration")
    let initial = try exploration.number("initial", in: .fraction)
    let final = try exploration.number("final", in: .fraction)
    let fraction = try exploration.number("fraction", in: .fraction)
    try exploration.finish()
    var replay = try mapping.mapping("replay")
    let capacity = try replay.integer("capacity", in: 1...1_000_000_000)
    let byteLimit = try replay.number("max_bytes", in: .positive, default: 4e9)
    try replay.finish()
    let batch = try mapping.integer("batch_size", in: 1...1_048_576)
    guard batch * hidden.reduce(0, +) <= 100_000_000 else {
      throw mapping.error("batch_size", "\(batch) rows of \(hidden.reduce(0, +)) hidden units do not fit into memory")
    }
    return DQNConfiguration(
      doubleQ: try mapping.boolean("double"),
      learningRate: Float(try mapping.number("learning_rate", in: .above(0).to(1))),
      batchSize: batch, replayCapacity: capacity, replayByteLimit: byteLimit,
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

  public static func replayBytes(_ recipe: DQNConfiguration, groups: [AgentGroup]) -> Double {
    DQNLearner.replayBytes(recipe, groups: groups)
  }

  public static func excess(_ recipe: DQNConfiguration, groups: [AgentGroup]) -> String? {
    let bytes = replayBytes(recipe, groups: groups)
    guard bytes > recipe.replayByteLimit else { return nil }
    return "algorithm.replay: \(recipe.replayCapacity) transitions would take \(format(bytes / 1e9)) GB, more than "
      + "max_bytes, \(format(recipe.replayByteLimit / 1e9)) GB; lower capacity or raise max_bytes"
  }

  public static func unsupported(_ groups: [AgentGroup]) -> String? { DQNLearner.unsupported(groups) }

  public static func makeLearner(
    _ recipe: DQNConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64
  ) -> DQNLearner {
    DQNLearner(recipe, groups: groups, environments: environments, seed: seed)
  }
}
