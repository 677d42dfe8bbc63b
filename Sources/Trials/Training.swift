public import Federation
import ReinforcementLearning

/// Trains the seeds of an experiment, several at a time, each to the same outcome however many there are.
public struct Training: Sendable {
  /// What is trained.
  public let experiment: Experiment
  /// The seeds to train.
  public let seeds: [UInt64]
  /// The folder that receives `seed-<n>/`.
  public let output: String
  /// Whether to go on from `last.h5` where there is one.
  public let resumes: Bool
  /// A policy to begin from.
  public let origin: PolicyFile?
  /// Threads: for seeds trained at the same time and, where there are more of them than seeds, for their agents.
  public let workers: Int
  /// What carries models and updates between the clients of a federation and their server.
  public let transport: any Transport

  /// A training by its parts.
  public init(
    _ experiment: Experiment, seeds: [UInt64], output: String, resumes: Bool = false,
    from origin: PolicyFile? = nil,
    workers: Int = 1, transport: any Transport = InProcessTransport()
  ) {
    self.experiment = experiment
    self.seeds = seeds
    self.output = output
    self.resumes = resumes
    self.origin = origin
    self.workers = workers
    self.transport = transport
  }

  /// What the experiment will take, in sentences, before anything is done; looks at all that has to be in order.
  public func announcement() throws(Failure) -> [String] {
    guard transport.processes == 1 || experiment.federation != nil else {
      throw Failure(
        .usage,
        "\(transport.processes) processes for one learner: \(experiment.path) has no federation: to share out; start it once"
      )
    }
    try refuseOverwriting()
    return try announcement(experiment.scenario.family, experiment.algorithm)
  }

  private func announcement<Family: EnvironmentFamily, Chosen: Algorithm>(
    _ family: Family.Type, _ algorithm: Chosen.Type
  ) throws(Failure) -> [String] {
    let world = try experiment.scenario.makeWorld(family)
    let recipe = try suitableRecipe(family, algorithm, for: world)
    let learners = experiment.federation.map { $0.isPooled ? 1 : $0.clients.count } ?? 1
    let bytes =
      algorithm.replayBytes(recipe, groups: world.groups, environments: experiment.training.environments)
      * Double(min(workers, seeds.count) * learners)
    _ = try federatedWorlds(family, algorithm, recipe)
    let sites = experiment.federation.map { ", \($0.summary)" } ?? ""
    return [
      "\(experiment.name): \(algorithm.name) on \(experiment.scenario.id)\(sites), \(seeds.count) "
        + "\(seeds.count == 1 ? "seed" : "seeds") of \(experiment.training.steps) steps, replay "
        + "\(Int((bytes / 1e6).rounded(.up))) MB"
    ] + Priors.notes(algorithm.prior(recipe)) + experiment.training.rewards.notes(on: world) + family.notes(on: world)
  }

  /// The recipe, if the algorithm can learn the world with it and within its memory.
  private func suitableRecipe<Family: EnvironmentFamily, Chosen: Algorithm>(
    _ family: Family.Type, _ algorithm: Chosen.Type, for world: Family.World
  ) throws(Failure) -> Chosen.Recipe {
    let recipe = try experiment.recipe(algorithm)
    if let reason = algorithm.unsupported(recipe, groups: world.groups)
      ?? algorithm.excess(recipe, groups: world.groups, environments: experiment.training.environments)
      ?? Priors.unsupported(algorithm.prior(recipe), by: world, of: family)
    {
      throw Failure(.content, "\(experiment.path): \(reason)")
    }
    if let reason = experiment.training.rewards.unsupported(by: world) {
      throw Failure(.content, "\(experiment.path): training.rewards: \(reason)")
    }
    return recipe
  }

  /// Trains all seeds.
  ///
  /// - Parameter report: is told how each seed is getting on; called from several threads.
  public func run(report: @escaping @Sendable (TrainingProgress) -> Void) async throws(Failure)
    -> [TrainingResult]
  {
    try await run(experiment.scenario.family, experiment.algorithm, report)
  }

  private func run<Family: EnvironmentFamily, Chosen: Algorithm>(
    _ family: Family.Type, _ algorithm: Chosen.Type, _ report: @escaping @Sendable (TrainingProgress) -> Void
  ) async throws(Failure) -> [TrainingResult] {
    let world = try experiment.scenario.makeWorld(family)
    _ = try suitableRecipe(family, algorithm, for: world)
    try refuseOverwriting()
    var outcomes: [Outcome] = []
    await withTaskGroup(of: Outcome.self) { group in
      var waiting = Array(seeds.reversed())
      for _ in 0..<(transport.processes > 1 ? 1 : min(max(workers, 1), seeds.count)) {
        guard let seed = waiting.popLast() else { break }
        group.addTask { await outcome(seed, family, algorithm, world, report) }
      }
      for await outcome in group {
        outcomes.append(outcome)
        if outcome.failure == nil, let seed = waiting.popLast() {
          group.addTask { await self.outcome(seed, family, algorithm, world, report) }
        }
      }
    }
    if let failure = outcomes.compactMap(\.failure).first { throw failure }
    return seeds.compactMap { seed in outcomes.first { $0.seed == seed }?.result }
  }

  /// What one seed came to, or why it did not.
  private struct Outcome: Sendable {
    let seed: UInt64
    var result: TrainingResult?
    var failure: Failure?
  }

  private func outcome<Family: EnvironmentFamily, Chosen: Algorithm>(
    _ seed: UInt64, _ family: Family.Type, _ algorithm: Chosen.Type, _ world: Family.World,
    _ report: @Sendable (TrainingProgress) -> Void
  ) async -> Outcome {
    do throws(Failure) {
      return Outcome(seed: seed, result: try await train(seed, family, algorithm, world, report))
    } catch {
      return Outcome(seed: seed, failure: error)
    }
  }

  private func train<Family: EnvironmentFamily, Chosen: Algorithm>(
    _ seed: UInt64, _ family: Family.Type, _ algorithm: Chosen.Type, _ world: Family.World,
    _ report: @Sendable (TrainingProgress) -> Void
  ) async throws(Failure) -> TrainingResult {
    if let prior = algorithm.prior(try experiment.recipe(algorithm)), let guide = family.adviser(prior, for: world) {
      return try await train(seed, family, algorithm, world, advisedBy: guide, report)
    }
    switch experiment.training.rewards {
    case .own: return try await train(seed, family, algorithm, world, practice: { $0 }, report)
    case .difference:
      return try await train(seed, family, algorithm, world, practice: { $0.differenceRewarded() }, report)
    }
  }

  /// With what a prior advises in every world.
  private func train<Family: EnvironmentFamily, Chosen: Algorithm, Guide: Adviser>(
    _ seed: UInt64, _ family: Family.Type, _ algorithm: Chosen.Type, _ world: Family.World, advisedBy guide: Guide,
    _ report: @Sendable (TrainingProgress) -> Void
  ) async throws(Failure) -> TrainingResult where Guide.World == Family.World {
    switch experiment.training.rewards {
    case .own:
      try await train(seed, family, algorithm, world, practice: { $0.advised(by: guide.advising($0)) }, report)
    case .difference:
      try await train(
        seed, family, algorithm, world,
        practice: { $0.differenceRewarded().advised(by: DifferenceAdviser(guide.advising($0))) }, report)
    }
  }

  /// - Parameter practice: makes what the learner practises in of a world.
  private func train<Family: EnvironmentFamily, Chosen: Algorithm, Practice: Environment>(
    _ seed: UInt64, _ family: Family.Type, _ algorithm: Chosen.Type, _ world: Family.World,
    practice: (Family.World) -> Practice, _ report: @Sendable (TrainingProgress) -> Void
  ) async throws(Failure) -> TrainingResult {
    let folder = folder(of: seed)
    try TextFile.makeFolder(folder)
    let recipe = try experiment.recipe(algorithm)
    if let federation = experiment.federation {
      return try await train(seed, family, algorithm, federation, recipe, practice: practice, report)
    }
    var run = TrainingRun<Family, Chosen, Practice>(
      experiment, seed: seed, folder: folder, world: world, practice: practice(world), recipe: recipe,
      workers: max(1, workers / seeds.count))
    if resumes, TextFile.exists(run.lastPath) {
      try run.resume()
    } else if let origin {
      try run.adopt(origin)
    }
    let wasComplete = run.isComplete
    try await run.train(report: report)
    try await run.judge(workers: 1)
    let result = run.result
    return TrainingResult(
      seed: seed, bestStep: result.bestStep, bestReturn: result.bestReturn, folder: folder,
      policies: result.policies, wasComplete: wasComplete)
  }

  func folder(of seed: UInt64) -> String { "\(output)/seed-\(seed)" }

  /// A run that is there already is only ever continued.
  private func refuseOverwriting() throws(Failure) {
    guard !resumes else { return }
    for seed in seeds where TextFile.exists("\(folder(of: seed))/last.h5") {
      throw Failure(
        .cannotWrite,
        "\(folder(of: seed)) holds a run already; continue it with --resume, or choose another folder with --output"
      )
    }
  }
}
