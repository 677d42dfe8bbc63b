import Configuration

/// What is asked: a scenario, an algorithm with its recipe, how long to train, how to choose the best, which seeds.
public struct Experiment: Sendable {
  /// How long to train and what to write on the way.
  public struct Training: Sendable, Equatable {
    /// Environment steps; all agents acting once is one step. Of a federation, those of a client that takes part in
    /// every round.
    public var steps: Int
    /// Environments stepped together.
    public var environments: Int
    /// Environment steps between two rows of `metrics.csv`.
    public var logEvery: Int
    /// Environment steps between two writings of `last.h5`.
    public var checkpointEvery: Int
    /// What the learner is rewarded by.
    public var rewards: PracticeRewards
  }

  /// How the best policy is chosen, and how it is judged in the end.
  public struct Selection: Sendable, Equatable {
    /// Environment steps between two evaluations.
    public var every: Int
    /// Greedy episodes in each, always the same ones.
    public var episodes: Int
    /// Episodes for the final evaluation beside all rules, which travels in `best.h5`.
    public var finalEpisodes: Int
  }

  /// The experiment's name: that of its folder.
  public let name: String
  /// SHA-256 of the resolved file.
  public let digest: String
  /// The scenario with its overrides.
  public let scenario: Scenario
  /// The algorithm.
  public let algorithm: any Algorithm.Type
  /// How long to train.
  public let training: Training
  /// How the best is chosen.
  public let selection: Selection
  /// The seeds.
  public let seeds: [UInt64]
  /// The sites that learn together; nil for a learner by itself.
  let federation: FederationSettings?
  /// The text as resolved.
  public var text: String { document.resolvedText() }
  /// The file.
  public var path: String { document.path }
  private let document: ConfigurationDocument

  /// Reads an experiment file and the scenario that it names.
  public init(_ path: String, overrides: [Override] = [], registry: Registry = .standard) throws(Failure) {
    let document = try translated {
      var document = try ConfigurationDocument(contentsOf: path)
      for override in overrides where override.ofScenario == nil {
        try document.override(override.path, with: override.value, typed: override.typed)
      }
      return document
    }
    self.document = document
    name = Self.name(of: document)
    digest = try translated { try document.digest() }
    var root = document.root()
    let scenarioPath = try translated { try root.filePath("scenario") }
    scenario = try Scenario(scenarioPath, overrides: overrides.compactMap(\.ofScenario), registry: registry)
    let names = registry.algorithms.map { $0.name }
    let chosen = try translated {
      var mapping = try root.mapping("algorithm")
      return try mapping.choice("name", among: names)
    }
    guard let algorithm = registry.algorithms.first(where: { $0.name == chosen }) else {
      preconditionFailure("the registry lost \(chosen)")
    }
    self.algorithm = algorithm
    let federation: FederationSettings? =
      try translated { root.has("federation") }
      ? try FederationSettings(
        from: &root, scenario: scenarioPath, overrides: overrides.compactMap(\.ofScenario), registry: registry) : nil
    self.federation = federation
    (training, selection, seeds) = try translated {
      if root.has("description") { _ = try root.text("description") }
      let seeds = try root.integers("seeds", count: 1...1000, in: 0...Int.max).map(UInt64.init)
      guard Set(seeds).count == seeds.count else { throw root.error("seeds", "a seed stands there twice") }
      let training = try Training(from: try root.mapping("training"), federation)
      let selection = try Selection(from: try root.mapping("selection"))
      try root.finish()
      return (training, selection, seeds)
    }
    _ = try recipe(algorithm)
  }

  /// The algorithm's recipe, every key of it read.
  func recipe<Chosen: Algorithm>(_ algorithm: Chosen.Type) throws(Failure) -> Chosen.Recipe {
    try translated {
      var root = document.root()
      var mapping = try root.mapping("algorithm")
      _ = try mapping.text("name")
      let recipe = try Chosen.recipe(from: &mapping, trainingSteps: learnerSteps)
      try mapping.finish()
      return recipe
    }
  }

  /// The environment steps that a learner's schedules go by.
  var learnerSteps: Int {
    guard let federation, federation.isPooled else { return training.steps }
    return training.steps * federation.clients.count
  }

  private static func name(of document: ConfigurationDocument) -> String {
    document.directory.split(separator: "/").last.map(String.init) ?? "experiment"
  }
}

extension Experiment.Training {
  fileprivate init(
    from mapping: ConfigurationMapping, _ federation: FederationSettings?
  ) throws(ConfigurationError) {
    var mapping = mapping
    steps = try mapping.integer("steps", in: 1...Int(Int32.max), default: federation?.steps)
    environments = try mapping.integer("environments", in: 1...4096, default: 1)
    if let federation {
      guard steps == federation.steps else {
        throw mapping.error(
          "steps", "\(steps) is not federation.rounds × federation.local_steps, \(federation.steps); leave it out")
      }
      guard federation.localSteps.isMultiple(of: environments) else {
        throw mapping.error(
          "environments", "federation.local_steps, \(federation.localSteps), is no multiple of \(environments)")
      }
    }
    logEvery = try mapping.integer("log_every_steps", in: 1...Int(Int32.max), default: max(1, steps / 100))
    checkpointEvery = try mapping.integer(
      "checkpoint_every_steps", in: 1...Int(Int32.max), default: max(1, steps / 10))
    rewards = try mapping.choice("rewards", default: PracticeRewards.own)
    try mapping.finish()
  }
}

extension Experiment.Selection {
  fileprivate init(from mapping: ConfigurationMapping) throws(ConfigurationError) {
    var mapping = mapping
    every = try mapping.integer("every_steps", in: 1...Int(Int32.max))
    episodes = try mapping.integer("episodes", in: 1...10_000)
    finalEpisodes = try mapping.integer("final_episodes", in: 0...10_000, default: 20)
    try mapping.finish()
  }
}
