import Agents
import Configuration
import NeuralNetworks

/// Reads the keys that the members of the DQN family share.
///
/// What every member needs must be there, so that no default decides a result; a part of the family that is left out
/// is switched off. Rainbow fixes `double` and `dueling` and demands `n_step`, `noisy_sigma` and `replay.priority`; a
/// plain member knows none of these three, nor memory.
struct DQNRecipe {
  /// Which parts of the family a member has.
  enum Parts { case any, rainbow, plain }

  var mapping: ConfigurationMapping
  private let name: String
  private let trainingSteps: Int
  private let parts: Parts
  private let loss: String?

  /// - Parameter loss: the only loss that the member knows; nil for those of a temporal difference.
  init(
    _ mapping: ConfigurationMapping, name: String, trainingSteps: Int, parts: Parts = .any, loss: String? = nil
  ) {
    self.mapping = mapping
    self.name = name
    self.trainingSteps = trainingSteps
    self.parts = parts
    self.loss = loss
  }

  private var isRainbow: Bool { parts == .rainbow }

  /// The atoms of a distribution: `atoms`, `value_minimum`, `value_maximum`.
  mutating func support() throws(ConfigurationError) -> CategoricalSupport {
    let atoms = try mapping.integer("atoms", in: 2...1000)
    let minimum = try mapping.number("value_minimum", in: .any)
    let maximum = try mapping.number("value_maximum", in: .above(minimum))
    guard Float(minimum) < Float(maximum) else {
      throw mapping.error("value_maximum", "\(maximum) is no more than value_minimum, \(minimum), in 32 bits")
    }
    return CategoricalSupport(minimum: Float(minimum), maximum: Float(maximum), count: atoms)
  }

  /// The recipe, its values expectations.
  mutating func read() throws(ConfigurationError) -> DQNConfiguration {
    let exploration = try exploration()
    var recipe = DQNConfiguration(
      doubleQ: isRainbow ? true : try mapping.boolean("double"),
      learningRate: Float(try mapping.number("learning_rate", in: .above(0).to(1))),
      batchSize: try mapping.integer("batch_size", in: 1...1_048_576), replayCapacity: 1,
      warmupSteps: try mapping.integer("warmup_steps", in: 0...Int(Int32.max)),
      discount: Float(try mapping.number("discount", in: .fraction)),
      trainEvery: try mapping.integer("train_every_steps", in: 1...Int(Int32.max)),
      updatesPerBlock: try mapping.integer("updates", in: 1...1_000_000), target: try target(),
      exploration: exploration, hidden: [], activation: .relu, loss: try readLoss(),
      gradientClip: Float(try mapping.number("gradient_clip", in: .positive)),
      sharing: try mapping.choice("parameters", of: DQNConfiguration.Sharing.self),
      normalization: try mapping.choice("normalization", of: DQNConfiguration.Normalization.self))
    recipe.name = name
    recipe.dueling = isRainbow ? true : try mapping.boolean("dueling", default: false)
    if parts != .plain {
      recipe.returnSteps = try mapping.integer("n_step", in: 1...1000, default: isRainbow ? nil : 1)
    }
    if isRainbow || parts == .any && mapping.has("noisy_sigma") {
      recipe.noise = Float(try mapping.number("noisy_sigma", in: .above(0).to(10)))
    }
    recipe.scalesRewards = try mapping.boolean("scale_rewards", default: false)
    if mapping.has("gradient_value_clip") {
      recipe.gradientValueClip = Float(try mapping.number("gradient_value_clip", in: .positive))
    }
    try readNetwork(into: &recipe)
    try readReplay(into: &recipe)
    try readOptimizer(into: &recipe)
    recipe.levels = try actionLevels(from: &mapping)
    return recipe
  }

  private mutating func exploration() throws(ConfigurationError) -> DQNConfiguration.Exploration {
    var exploration = try mapping.mapping("exploration")
    let initial = try exploration.number("initial", in: .fraction)
    let final = try exploration.number("final", in: .fraction)
    let fraction = try exploration.number("fraction", in: .fraction)
    try exploration.finish()
    return DQNConfiguration.Exploration(
      initial: initial, final: final, steps: Int((fraction * Double(trainingSteps)).rounded()))
  }

  private mutating func target() throws(ConfigurationError) -> DQNConfiguration.Target {
    var target = try mapping.mapping("target")
    let update = try target.choice("update", among: ["hard", "polyak"])
    let result: DQNConfiguration.Target =
      update == "hard"
      ? .hard(everySteps: try target.integer("every_steps", in: 1...Int(Int32.max)))
      : .polyak(tau: Float(try target.number("tau", in: .above(0).to(1))))
    try target.finish()
    return result
  }

  private mutating func readLoss() throws(ConfigurationError) -> Loss {
    let name = try mapping.choice("loss", among: loss.map { [$0] } ?? ["huber", "mse"])
    return name == "mse" ? .mse : .huber(threshold: 1)
  }

  private mutating func readNetwork(into recipe: inout DQNConfiguration) throws(ConfigurationError) {
    var network = try mapping.mapping("network")
    let hidden = try network.integers("hidden", count: 0...16, in: 1...65_536)
    let weights = zip(hidden, hidden.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    guard weights <= 100_000_000 else {
      throw network.error("hidden", "these layers have \(weights) weights, more than the 100,000,000 allowed")
    }
    recipe.hidden = hidden
    recipe.activation = try network.choice("activation", of: Activation.self)
    recipe.layerNorm = try network.boolean("layer_norm", default: false)
    if network.has("initialization") {
      let name = try network.choice("initialization", among: Initialization.names)
      recipe.initialization = Initialization.named(name) ?? .uniformFanIn
    }
    recipe.recurrence = try recurrence(from: &network)
    guard !hidden.isEmpty || recipe.recurrence != nil else {
      let memory = parts == .plain ? "" : ", or the memory of 'recurrent'"
      throw network.error("hidden", "a network needs a hidden layer\(memory)")
    }
    let units = hidden.reduce(0, +) + (recipe.recurrence.map { 4 * $0.hidden } ?? 0)
    let rows = recipe.batchSize * (recipe.recurrence.map { $0.burnIn + $0.length + 1 } ?? 1)
    guard rows * units <= 100_000_000 else {
      throw mapping.error(
        "batch_size", "\(rows) rows of \(units) hidden units do not fit into memory; lower one of them")
    }
    try network.finish()
  }

  private func recurrence(
    from network: inout ConfigurationMapping
  ) throws(ConfigurationError) -> DQNConfiguration.Recurrence? {
    guard parts != .plain, var recurrent = try network.optionalMapping("recurrent") else { return nil }
    let length = try recurrent.integer("length", in: 1...10_000)
    let burnIn = try recurrent.integer("burn_in", in: 0...10_000)
    let recurrence = DQNConfiguration.Recurrence(
      hidden: try recurrent.integer("hidden", in: 1...65_536), length: length, burnIn: burnIn,
      overlap: try recurrent.integer("overlap", in: 0...(length + burnIn - 1)))
    try recurrent.finish()
    return recurrence
  }

  private mutating func readReplay(into recipe: inout DQNConfiguration) throws(ConfigurationError) {
    var replay = try mapping.mapping("replay")
    recipe.replayCapacity = try replay.integer("capacity", in: 1...1_000_000_000)
    recipe.replayByteLimit = try replay.number("max_bytes", in: .positive, default: 4e9)
    if isRainbow || parts == .any && replay.has("priority") {
      var priority = try replay.mapping("priority")
      recipe.priority = DQNConfiguration.Priority(
        exponent: try priority.number("exponent", in: .between(0, 10)),
        initialCorrection: try priority.number("initial_correction", in: .fraction), steps: trainingSteps,
        epsilon: try priority.number("epsilon", in: .positive))
      try priority.finish()
    }
    try replay.finish()
  }

  private mutating func readOptimizer(into recipe: inout DQNConfiguration) throws(ConfigurationError) {
    if var optimizer = try mapping.optionalMapping("optimizer") {
      recipe.optimizer = try Optimizer.Kind(from: &optimizer)
      try optimizer.finish()
    }
    if var schedule = try mapping.optionalMapping("learning_rate_schedule") {
      let span = max(0, trainingSteps - recipe.warmupSteps)
      let updates = max(1, span / recipe.trainEvery * recipe.updatesPerBlock)
      recipe.learningRateSchedule = try LearningRateSchedule(from: &schedule, updates: updates)
      try schedule.finish()
    }
  }
}

/// `actions: native`, or `{levels: n}` to cut each real number of an action into n levels; native if left out.
func actionLevels(from mapping: inout ConfigurationMapping) throws(ConfigurationError) -> Int? {
  guard mapping.has("actions") else { return nil }
  if (try? mapping.choice("actions", among: ["native"])) != nil { return nil }
  var actions = try mapping.mapping("actions")
  let levels = try actions.integer("levels", in: 2...10_000)
  try actions.finish()
  return levels
}
