import Federation
import Policies
import ReinforcementLearning

/// Trains a seed of a federated experiment.
extension Training {
  /// - Parameter practice: makes what a site practises in of its world.
  func train<Family: EnvironmentFamily, Chosen: Algorithm, Practice: Environment>(
    _ seed: UInt64, _ family: Family.Type, _ algorithm: Chosen.Type, _ federation: FederationSettings,
    _ recipe: Chosen.Recipe, practice: (Family.World) -> Practice, _ report: @Sendable (TrainingProgress) -> Void
  ) async throws(Failure) -> TrainingResult {
    try SiteExchange(transport).requireShared(folder(of: seed))
    let worlds = try federatedWorlds(family, algorithm, recipe)
    var run = FederatedRun<Family, Chosen, Practice>(
      experiment, federation, seed: seed, folder: folder(of: seed), worlds: worlds, practices: worlds.map(practice),
      recipe: recipe, transport: transport, workers: max(1, workers / seeds.count))
    if resumes, TextFile.exists(run.lastPath) {
      try run.resume()
    } else if let origin {
      try run.adopt(origin)
    }
    let wasComplete = run.isComplete
    try run.train(report: report)
    try await run.judge()
    return TrainingResult(
      seed: seed, bestStep: run.best.steps.max() ?? 0, bestReturn: run.best.mean ?? .nan, folder: run.folder,
      policies: run.bestPaths, privacy: run.privacy, wasComplete: wasComplete)
  }

  /// The clients' worlds in their order, after all that has to fit together was looked at.
  func federatedWorlds<Family: EnvironmentFamily, Chosen: Algorithm>(
    _ family: Family.Type, _ algorithm: Chosen.Type, _ recipe: Chosen.Recipe
  ) throws(Failure) -> [Family.World] {
    guard let federation = experiment.federation else { return [] }
    let processes = transport.processes
    guard processes <= federation.clients.count, processes == 1 || !federation.isPooled else {
      let count = federation.isPooled ? 1 : federation.clients.count
      throw Failure(
        .usage, "\(processes) processes for \(count) learners; start no more processes than there are clients")
    }
    var worlds: [Family.World] = []
    var first: SharedLayout?
    for client in federation.clients {
      if let same = federation.clients[..<worlds.count].firstIndex(where: {
        $0.scenario.digest == client.scenario.digest
      }
      ) {
        worlds.append(worlds[same])
        continue
      }
      guard ObjectIdentifier(client.scenario.family) == ObjectIdentifier(family) else {
        throw Failure(
          .content,
          "\(experiment.path): federation.clients: \(client.name) lives in \(client.scenario.id), a world of another kind "
            + "than the experiment's \(experiment.scenario.id)")
      }
      let world = try client.scenario.makeWorld(family)
      try refuse(algorithm.unsupported(recipe, groups: world.groups), client)
      if federation.isPooled {
        let fits = worlds.isEmpty || worlds[0].groups == world.groups
        try refuse(fits ? nil : "its agents, observations or actions are not those of the first client", client)
      } else {
        let learner = algorithm.makeLearner(
          recipe, groups: world.groups, environments: experiment.training.environments, seed: 0)
        try refuse(learner.unsupported(federation.shared).map { "federation.share: \($0)" }, client)
        let layout = learner.layout(of: federation.shared)
        try refuse(
          first == nil || first == layout || !federation.makeRule().exchanges
            ? nil : "its networks are not those of the first client", client)
        if let privacy = federation.privacy, let secure = federation.secure {
          try refuse(privacy.unsupported(count: layout.mergedCount, in: secure), client)
        }
        first = first ?? layout
      }
      worlds.append(world)
    }
    return worlds
  }

  private func refuse(_ reason: String?, _ client: FederationSettings.Client) throws(Failure) {
    if let reason { throw Failure(.content, "\(experiment.path): federation.clients: \(client.name): \(reason)") }
  }
}
