import Agents
import NeuralNetworks
import Policies
import ReinforcementLearning
import Snapshots
import Testing

/// A learner of each kind that can share, in a world of its own, for the tests of this folder.
struct SharingCase: Sendable, CustomTestStringConvertible {
  /// The optimizer, its step size and the greatest norm of a gradient of all networks.
  struct Descending: Sendable {
    var optimizer = Optimizer.Kind.adam()
    var rate: Float = 1e-2
    var clip: Float = 10
  }

  let name: String
  /// The world for a number of agents.
  let world: @Sendable (_ agents: Int) -> KnownAnswerWorld
  /// What can be chosen to be shared.
  let parts: [SharedParameters.Part]
  let hasTargets: Bool
  let make: @Sendable (_ groups: [AgentGroup], _ seed: UInt64, _ descending: Descending) -> any SharingLearner

  var testDescription: String { name }

  static let all = values + teams + actorCritics

  static let values = [
    value("dqn, one network, running normalisation, scaled rewards") {
      $0.normalization = .running
      $0.scalesRewards = true
    },
    value("dqn, one network each, dueling, noisy, distributions, hard targets") {
      $0.sharing = .individual
      $0.dueling = true
      $0.noise = 0.3
      $0.hidden = [16, 16]
      $0.values = .categorical(FamilyTests.support)
      $0.target = .hard(everySteps: 30)
      $0.priority = FamilyTests.priority
    },
    value("dqn, recurrent") {
      $0.recurrence = .init(hidden: 8, length: 4, burnIn: 2, overlap: 2)
      $0.layerNorm = true
    },
  ]

  static let teams = [
    team("vdn", .sum) { $0.sharing = .individual },
    team("qmix", .monotonic(embedding: 4, hypernetHidden: 6)) { $0.normalization = .running },
  ]

  static let actorCritics = [
    actorCritic("iddpg, one set of parameters, running normalisation") {
      $0.sharing = .shared
      $0.normalization = .running
    },
    actorCritic("matd3, current others") {
      $0.critic = .joint
      $0.others = .current
      $0.indices = .shared
      MADDPGFamilyTests.twin(&$0)
    },
    actorCritic("pooled critics, one set of parameters") {
      $0.critic = .pooled(embedding: 4)
      $0.sharing = .shared
    },
    proximal("ippo, running normalisation") { $0.normalization = .running },
    proximal("mappo, one set of parameters each") {
      $0.criticSees = .central
      $0.sharing = .individual
    },
  ]

  static func value(_ name: String, _ change: @escaping @Sendable (inout DQNConfiguration) -> Void) -> SharingCase {
    SharingCase(name: name, world: { .matching(agents: $0) }, parts: [.both], hasTargets: true) {
      groups, seed, descending in
      var recipe = LearningBench().recipe
      recipe.warmupSteps = 20
      change(&recipe)
      recipe.take(descending)
      return DQNLearner(recipe, groups: groups, environments: 1, seed: seed)
    }
  }

  static func team(
    _ name: String, _ mixing: ValueDecompositionConfiguration.Mixing,
    _ change: @escaping @Sendable (inout DQNConfiguration) -> Void
  ) -> SharingCase {
    SharingCase(name: name, world: { .matching(agents: $0) }, parts: [.both], hasTargets: true) {
      groups, seed, descending in
      let bench = TeamBench(mixing) {
        $0.agents.warmupSteps = 20
        change(&$0.agents)
        $0.agents.take(descending)
      }
      return ValueDecompositionLearner(bench.recipe, groups: groups, environments: 1, seed: seed)
    }
  }

  static func actorCritic(
    _ name: String, _ change: @escaping @Sendable (inout MADDPGConfiguration) -> Void
  ) -> SharingCase {
    SharingCase(
      name: name, world: { .hybridAiming(agents: $0) }, parts: SharedParameters.Part.allCases, hasTargets: true
    ) { groups, seed, descending in
      let bench = MADDPGBench {
        $0.warmupSteps = 20
        $0.randomSteps = 20
        change(&$0)
        let descent = Descent(
          optimizer: descending.optimizer, learningRate: descending.rate, gradientClip: descending.clip)
        ($0.actorDescent, $0.criticDescent) = (descent, descent)
      }
      return MADDPGLearner(bench.recipe, groups: groups, environments: 1, seed: seed)
    }
  }

  static func proximal(_ name: String, _ change: @escaping @Sendable (inout PPOConfiguration) -> Void) -> SharingCase {
    SharingCase(
      name: name, world: { .hybridAiming(agents: $0) }, parts: SharedParameters.Part.allCases, hasTargets: false
    ) { groups, seed, descending in
      var recipe = PPOBench().recipe
      (recipe.epochs, recipe.minibatches) = (1, 1)
      recipe.optimizer = descending.optimizer
      recipe.gradientClip = descending.clip
      (recipe.actor.learningRate, recipe.critic.learningRate) = (descending.rate, descending.rate)
      change(&recipe)
      return PPOLearner(recipe, groups: groups, environments: 1, seed: seed)
    }
  }

  /// A learner in its world before the first step.
  func start(seed: UInt64 = 1, agents: Int = 2, _ descending: Descending = Descending()) -> SharingRun {
    let world = world(agents)
    return SharingRun(
      vector: VectorEnvironment(world, count: 1, seeds: EpisodeSeeds(.training, seed: seed)),
      learner: make(world.groups, seed, descending))
  }
}

extension DQNConfiguration {
  fileprivate mutating func take(_ descending: SharingCase.Descending) {
    optimizer = descending.optimizer
    learningRate = descending.rate
    gradientClip = descending.clip
  }
}

/// A learner with its environment. At most one update of each set of parameters follows a step.
struct SharingRun {
  var vector: VectorEnvironment<KnownAnswerWorld>
  var learner: any SharingLearner
  var step = 0

  mutating func train(to end: Int) {
    vector.train(&learner, from: step, to: end)
    step = end
  }

  /// The trained parameters in the order in which the learner holds them.
  var trained: [TrainedState] {
    get throws { try TrainedState.all(in: learner.snapshot()) }
  }
}

/// Trained parameters as a snapshot has them.
struct TrainedState {
  let path: String
  let online, target: [Float]
  let moments: [[Float]]
  /// The optimizer's own number of steps; nil for one that counts none.
  let steps: Int?
  let updates: Int

  static func all(in snapshot: Snapshot, path: String = "") throws -> [TrainedState] {
    if snapshot.contains("online") {
      let optimizer = try snapshot.group("optimizer")
      let names = ["velocity", "mean_square", "first_moment", "second_moment"].filter { optimizer.contains($0) }
      return [
        TrainedState(
          path: path, online: try snapshot.floats("online"), target: try snapshot.floats("target"),
          moments: try names.map { try optimizer.floats($0) },
          steps: optimizer.contains("step") ? try optimizer.integer("step") : nil,
          updates: try snapshot.integer("updates"))
      ]
    }
    return try snapshot.names.flatMap { name in
      guard case .group(let inner)? = snapshot[name] else { return [TrainedState]() }
      return try all(in: inner, path: "\(path)/\(name)")
    }
  }

  /// All state but trained parameters.
  static func rest(of snapshot: Snapshot) -> Snapshot {
    var rest = snapshot
    for name in snapshot.names {
      if snapshot.contains("online"), ["online", "target", "optimizer"].contains(name) { rest[name] = nil }
      if case .group(let inner)? = snapshot[name], rest.contains(name) { rest.set(name, self.rest(of: inner)) }
    }
    return rest
  }
}

extension SharedParameters {
  /// Everything stays or travels as it is.
  static let untouched = SharedParameters(targets: .keep, moments: .keep)
  static let whole = SharedParameters(targets: .merge, moments: .merge)
}
