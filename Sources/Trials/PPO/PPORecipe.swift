import Agents
import Configuration
import NeuralNetworks

/// Reads the keys of proximal policy optimisation.
///
/// What every run needs must be there, so that no default decides a result; what is left out is switched off.
struct PPORecipe {
  var mapping: ConfigurationMapping
  private let name: String
  private let criticSees: PPOConfiguration.Critic
  private let needsPrior: Bool
  private let trainingSteps: Int

  init(
    _ mapping: ConfigurationMapping, name: String, criticSees: PPOConfiguration.Critic, needsPrior: Bool,
    trainingSteps: Int
  ) {
    self.mapping = mapping
    self.name = name
    self.criticSees = criticSees
    self.needsPrior = needsPrior
    self.trainingSteps = trainingSteps
  }

  mutating func read() throws(ConfigurationError) -> PPOConfiguration {
    let (actor, critic) = try networks()
    var recipe = PPOConfiguration(
      name: name, criticSees: criticSees,
      rolloutSteps: try mapping.integer("rollout_steps", in: 1...1_000_000),
      epochs: try mapping.integer("epochs", in: 1...10_000),
      minibatches: try mapping.integer("minibatches", in: 1...1_000_000),
      discount: Float(try mapping.number("discount", in: .fraction)),
      traceDecay: Float(try mapping.number("trace_decay", in: .fraction)),
      clip: Float(try mapping.number("clip", in: .above(0).to(10))), valueClip: try valueClip(),
      entropyBonus: Float(try mapping.number("entropy_bonus", in: .between(0, 1000))), valueLoss: try valueLoss(),
      normalizesAdvantages: try mapping.boolean("normalize_advantages"), valueDecay: try valueDecay(), actor: actor,
      critic: critic, initialDeviation: try initialDeviation(),
      gradientClip: Float(try mapping.number("gradient_clip", in: .positive)),
      sharing: try mapping.choice("parameters", of: PPOConfiguration.Sharing.self),
      normalization: try mapping.choice("normalization", of: PPOConfiguration.Normalization.self))
    recipe.rolloutByteLimit = try mapping.number("max_bytes", in: .positive, default: 4e9)
    if var optimizer = try mapping.optionalMapping("optimizer") {
      recipe.optimizer = try Optimizer.Kind(from: &optimizer)
      try optimizer.finish()
    }
    if var schedule = try mapping.optionalMapping("learning_rate_schedule") {
      recipe.learningRateSchedule = try LearningRateSchedule(from: &schedule, updates: trainingSteps)
      try schedule.finish()
    }
    if needsPrior || mapping.has("prior") {
      var prior = try mapping.mapping("prior")
      recipe.prior = try PPOConfiguration.Prior(from: &prior, trainingSteps: trainingSteps)
      try prior.finish()
    }
    return recipe
  }

  /// `learning_rate: {actor, critic}` and `network: {actor, critic}`.
  private mutating func networks() throws(ConfigurationError)
    -> (actor: PPOConfiguration.Network, critic: PPOConfiguration.Network)
  {
    var rates = try mapping.mapping("learning_rate")
    var networks = try mapping.mapping("network")
    let actor = try network("actor", from: &networks, rates: &rates)
    let critic = try network("critic", from: &networks, rates: &rates)
    try rates.finish()
    try networks.finish()
    return (actor, critic)
  }

  private func network(
    _ name: String, from networks: inout ConfigurationMapping, rates: inout ConfigurationMapping
  ) throws(ConfigurationError) -> PPOConfiguration.Network {
    var network = try networks.mapping(name)
    let hidden = try network.integers("hidden", count: 1...16, in: 1...65_536)
    let weights = zip(hidden, hidden.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    guard weights <= 100_000_000 else {
      throw network.error("hidden", "these layers have \(weights) weights, more than the 100,000,000 allowed")
    }
    var read = PPOConfiguration.Network(
      hidden: hidden, activation: try network.choice("activation", of: Activation.self),
      outputScale: Float(try network.number("output_scale", in: .above(0).to(100))),
      learningRate: Float(try rates.number(name, in: .above(0).to(1))))
    read.layerNorm = try network.boolean("layer_norm", default: false)
    if network.has("initialization") {
      let name = try network.choice("initialization", among: Initialization.names)
      read.initialization = Initialization.named(name) ?? .uniformFanIn
    }
    try network.finish()
    return read
  }

  /// `value_loss: mse`, or `{huber: threshold}`.
  private mutating func valueLoss() throws(ConfigurationError) -> Loss {
    if (try? mapping.choice("value_loss", among: ["mse"])) != nil { return .mse }
    guard var loss = try? mapping.mapping("value_loss") else {
      throw mapping.error("value_loss", "is 'mse', or the threshold of another loss, {huber: 10}")
    }
    let threshold = try loss.number("huber", in: .positive)
    try loss.finish()
    return .huber(threshold: Float(threshold))
  }

  /// `value_normalization: none`, or `{decay: β}`.
  private mutating func valueDecay() throws(ConfigurationError) -> Double? {
    if (try? mapping.choice("value_normalization", among: ["none"])) != nil { return nil }
    guard var normalization = try? mapping.mapping("value_normalization") else {
      throw mapping.error(
        "value_normalization", "is 'none', or how slowly the statistics of returns move, {decay: 0.99}")
    }
    let decay = try normalization.number("decay", in: .atLeast(0).to(1, excluding: true))
    try normalization.finish()
    return decay
  }

  private mutating func valueClip() throws(ConfigurationError) -> Float? {
    guard mapping.has("value_clip") else { return nil }
    return Float(try mapping.number("value_clip", in: .positive))
  }

  private mutating func initialDeviation() throws(ConfigurationError) -> Float? {
    guard mapping.has("initial_deviation") else { return nil }
    return Float(try mapping.number("initial_deviation", in: .above(0).to(10)))
  }
}
