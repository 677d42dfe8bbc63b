import Agents
import Configuration
import NeuralNetworks
import ReinforcementLearning

/// Reads the keys of the MADDPG family.
///
/// What decides a result must be there; the paper's choices are the defaults of the options about which public code
/// disagrees: `indices`, `others`, `reward`, `gumbel` and `exploration.random_choice`.
struct MADDPGRecipe {
  var mapping: ConfigurationMapping
  private let name: String
  private let trainingSteps: Int
  private let isTwin: Bool
  private let isAlone: Bool

  /// - Parameters:
  ///   - isTwin: whether there are two critics, delayed actors and smoothed targets.
  ///   - isAlone: whether critics see their own agent only.
  init(_ mapping: ConfigurationMapping, name: String, trainingSteps: Int, isTwin: Bool, isAlone: Bool) {
    self.mapping = mapping
    self.name = name
    self.trainingSteps = trainingSteps
    self.isTwin = isTwin
    self.isAlone = isAlone
  }

  mutating func read() throws(ConfigurationError) -> MADDPGConfiguration {
    var recipe = MADDPGConfiguration.paper
    recipe.name = name
    recipe.critic = try critic()
    recipe.twinCritics = isTwin
    recipe.policyDelay = isTwin ? try mapping.integer("policy_delay", in: 1...1000) : 1
    recipe.smoothing = isTwin ? try smoothing() : nil
    recipe.batchSize = try mapping.integer("batch_size", in: 1...1_048_576)
    recipe.warmupSteps = try mapping.integer("warmup_steps", in: 0...Int(Int32.max))
    recipe.randomSteps = try mapping.integer("random_steps", in: 0...Int(Int32.max))
    recipe.discount = Float(try mapping.number("discount", in: .fraction))
    recipe.trainEvery = try mapping.integer("train_every_steps", in: 1...Int(Int32.max))
    recipe.updatesPerBlock = try mapping.integer("updates", in: 1...1_000_000)
    recipe.tau = Float(try mapping.number("tau", in: .above(0).to(1)))
    recipe.sharing = try mapping.choice("parameters", of: MADDPGConfiguration.Sharing.self)
    recipe.normalization = try mapping.choice("normalization", of: MADDPGConfiguration.Normalization.self)
    recipe.indices = try mapping.choice("indices", of: MADDPGConfiguration.Indices.self, default: .individual)
    recipe.others = try mapping.choice("others", of: MADDPGConfiguration.Others.self, default: .replayed)
    recipe.reward = try mapping.choice("reward", of: MADDPGConfiguration.Reward.self, default: .own)
    recipe.regularization = Float(try mapping.number("regularization", in: .atLeast(0)))
    try readReplay(into: &recipe)
    try readNetwork(into: &recipe)
    try readDescent(into: &recipe)
    try readGumbel(into: &recipe)
    try readExploration(into: &recipe)
    return recipe
  }

  private mutating func critic() throws(ConfigurationError) -> MADDPGConfiguration.Critic {
    if isAlone { return .own }
    var critic = try mapping.mapping("critic")
    let sees = try critic.choice("sees", among: ["joint", "pooled"])
    let result: MADDPGConfiguration.Critic =
      sees == "joint" ? .joint : .pooled(embedding: try critic.integer("embedding", in: 1...65_536))
    try critic.finish()
    return result
  }

  private mutating func smoothing() throws(ConfigurationError) -> MADDPGConfiguration.Smoothing {
    var smoothing = try mapping.mapping("smoothing")
    let result = MADDPGConfiguration.Smoothing(
      deviation: Float(try smoothing.number("deviation", in: .between(0, 2))),
      clip: Float(try smoothing.number("clip", in: .between(0, 2))))
    try smoothing.finish()
    return result
  }

  private mutating func readReplay(into recipe: inout MADDPGConfiguration) throws(ConfigurationError) {
    var replay = try mapping.mapping("replay")
    recipe.replayCapacity = try replay.integer("capacity", in: 1...1_000_000_000)
    recipe.replayByteLimit = try replay.number("max_bytes", in: .positive, default: 4e9)
    try replay.finish()
  }

  private mutating func readNetwork(into recipe: inout MADDPGConfiguration) throws(ConfigurationError) {
    var network = try mapping.mapping("network")
    recipe.actorHidden = try hiddenWidths("actor", of: &network)
    recipe.criticHidden = try hiddenWidths("critic", of: &network)
    recipe.activation = try network.choice("activation", of: Activation.self)
    recipe.layerNorm = try network.boolean("layer_norm", default: false)
    let scheme = try network.choice("initialization", among: Initialization.names)
    recipe.initialization = Initialization.named(scheme) ?? .uniformFanIn
    let units = (recipe.actorHidden + recipe.criticHidden).reduce(0, +)
    guard recipe.batchSize * units <= 100_000_000 else {
      throw mapping.error(
        "batch_size", "\(recipe.batchSize) rows of \(units) hidden units do not fit into memory; lower one of them")
    }
    try network.finish()
  }

  private mutating func readDescent(into recipe: inout MADDPGConfiguration) throws(ConfigurationError) {
    var rates = try mapping.mapping("learning_rate")
    let actor = Float(try rates.number("actor", in: .above(0).to(1)))
    let critic = Float(try rates.number("critic", in: .above(0).to(1)))
    try rates.finish()
    let clip = mapping.has("gradient_clip") ? Float(try mapping.number("gradient_clip", in: .positive)) : nil
    var optimizer = Optimizer.Kind.adam()
    if var keys = try mapping.optionalMapping("optimizer") {
      optimizer = try Optimizer.Kind(from: &keys)
      try keys.finish()
    }
    var schedule = LearningRateSchedule.constant()
    if var keys = try mapping.optionalMapping("learning_rate_schedule") {
      let span = max(0, trainingSteps - recipe.warmupSteps)
      let updates = max(1, span / recipe.trainEvery * recipe.updatesPerBlock)
      schedule = try LearningRateSchedule(from: &keys, updates: updates)
      try keys.finish()
    }
    recipe.criticDescent = Descent(optimizer: optimizer, learningRate: critic, schedule: schedule, gradientClip: clip)
    recipe.actorDescent = Descent(optimizer: optimizer, learningRate: actor, schedule: schedule, gradientClip: clip)
  }

  private mutating func readGumbel(into recipe: inout MADDPGConfiguration) throws(ConfigurationError) {
    guard var gumbel = try mapping.optionalMapping("gumbel") else { return }
    recipe.temperature = try line("temperature", of: &gumbel, in: .above(0).to(1000))
    recipe.targetChoice = try gumbel.choice("target", of: MADDPGConfiguration.TargetChoice.self, default: .sampled)
    try gumbel.finish()
  }

  private mutating func readExploration(into recipe: inout MADDPGConfiguration) throws(ConfigurationError) {
    var exploration = try mapping.mapping("exploration")
    let deviation = try line("deviation", of: &exploration, in: .between(0, 10))
    let kind: MADDPGConfiguration.Noise.Kind =
      try exploration.choice("noise", among: ["gaussian", "ornstein-uhlenbeck"]) == "gaussian"
      ? .gaussian
      : .ornsteinUhlenbeck(
        theta: try exploration.number("theta", in: .positive), dt: try exploration.number("dt", in: .above(0).to(1)))
    recipe.noise = MADDPGConfiguration.Noise(kind: kind, deviation: deviation)
    if exploration.has("random_choice") {
      recipe.randomChoice = try line("random_choice", of: &exploration, in: .fraction)
    }
    try exploration.finish()
  }

  /// A number, or `{initial, final, fraction}`: a straight line over a fraction of the training.
  private func line(
    _ key: String, of mapping: inout ConfigurationMapping, in range: NumberRange
  ) throws(ConfigurationError) -> Schedule {
    guard (try? mapping.mapping(key)) != nil else { return .constant(try mapping.number(key, in: range)) }
    var line = try mapping.mapping(key)
    let initial = try line.number("initial", in: range)
    let final = try line.number("final", in: range)
    let fraction = try line.number("fraction", in: .fraction)
    try line.finish()
    return .linear(from: initial, to: final, over: Int((fraction * Double(trainingSteps)).rounded()))
  }
}

/// Widths of hidden layers, at least one.
func hiddenWidths(_ key: String, of network: inout ConfigurationMapping) throws(ConfigurationError) -> [Int] {
  let hidden = try network.integers(key, count: 1...16, in: 1...65_536)
  let weights = zip(hidden, hidden.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  guard weights <= 100_000_000 else {
    throw network.error(key, "these layers have \(weights) weights, more than the 100,000,000 allowed")
  }
  return hidden
}
