import Policies
import ReinforcementLearning

/// What policies earned in the same episodes of one scenario.
public struct Evaluation: Sendable {
  /// One policy's part.
  public struct Entry: Sendable {
    /// The rule's name or the checkpoint's path.
    public let policy: String
    /// SHA-256 of the checkpoint.
    public let digest: String?
    /// The seed that the policy was trained with.
    public let trainingSeed: UInt64?
    /// Whether it sees more than an agent observes.
    public let seesMore: Bool
    /// The return of each episode: Σ over steps of the mean reward over active agents.
    public let returns: [Double]
    /// The mean over episodes of each group's return.
    public let groups: [(name: String, mean: Double)]
    /// The metrics, pooled over episodes.
    public let metrics: [(name: String, value: Double?)]
    /// What each part of the rewards adds to the mean return, weight included; empty where rewards have no parts.
    public let terms: [(name: String, mean: Double)]
    /// What was noticed, such as another digest.
    public let notes: [String]

    /// Statistics of the returns.
    public var statistics: SampleStatistics { SampleStatistics(returns) }
  }

  /// The scenario's name.
  public let scenario: String
  /// The scenario's digest.
  public let digest: String
  /// What was set from outside.
  public let overrides: [(path: String, text: String)]
  /// Episodes for each policy.
  public let episodes: Int
  /// The seed of the episodes.
  public let seed: UInt64
  /// The mean over the episodes of the return that no policy can exceed; nil where none is known.
  public let bound: Double?
  /// A policy's part each.
  public private(set) var entries: [Entry]
  /// What a person should know about the world.
  public let notes: [String]
}

/// A policy that was asked for, ready to act in worlds of a kind.
struct Contestant<World: Environment>: Sendable {
  let name: String
  let digest: String?
  let trainingSeed: UInt64?
  let seesMore: Bool
  let notes: [String]
  let controller: any Controller<World>
}

/// What one episode gave.
struct EpisodeResult: Sendable {
  var total = 0.0
  var groups: [Double] = []
  var terms: [Double] = []
  var metrics: [Metric] = []
  var broken: [String] = []
}

/// Plays one episode.
func playEpisode<World: Environment, Player: Controller<World>>(
  _ world: inout World, _ controller: inout Player, seed: UInt64,
  afterStep: (borrowing World, Int, JointAction, StepOutcome) -> Void = { _, _, _, _ in }
) -> EpisodeResult {
  var result = EpisodeResult(groups: [Double](repeating: 0, count: world.groups.count))
  var action = JointAction(for: world.groups)
  var outcome = StepOutcome(agents: world.agentCount)
  var active = [Bool](repeating: true, count: world.agentCount)
  let terms = world.rewardTerms
  var parts = [Double](repeating: 0, count: world.agentCount * terms.count)
  result.terms = [Double](repeating: 0, count: terms.count)
  world.reset(seed: seed)
  controller.begin(seed: seed)
  var step = 0
  while !outcome.episodeOver {
    readActive(world, into: &active)
    controller.act(in: world, &action)
    world.step(action, outcome: &outcome)
    controller.note(outcome)
    add(outcome, active, world.groups, to: &result)
    if !terms.isEmpty {
      var span = parts.mutableSpan
      world.writeRewardTerms(into: &span)
      add(parts, of: terms, active, to: &result)
    }
    afterStep(world, step, action, outcome)
    step += 1
  }
  result.metrics = world.metrics()
  result.broken = world.brokenInvariants()
  return result
}

private func readActive<World: Environment>(_ world: borrowing World, into active: inout [Bool]) {
  var first = 0
  for (index, group) in world.groups.enumerated() {
    var all = active.mutableSpan
    var part = all._mutatingExtracting(first..<first + group.count)
    world.writeActive(group: index, into: &part)
    first += group.count
  }
}

private func add(
  _ outcome: StepOutcome, _ active: [Bool], _ groups: [AgentGroup], to result: inout EpisodeResult
) {
  var agent = 0
  var total = 0.0
  var present = 0
  for (index, group) in groups.enumerated() {
    var groupTotal = 0.0
    var groupPresent = 0
    for _ in 0..<group.count {
      if active[agent] {
        groupTotal += outcome.rewards[agent]
        groupPresent += 1
      }
      agent += 1
    }
    if groupPresent > 0 { result.groups[index] += groupTotal / Double(groupPresent) }
    total += groupTotal
    present += groupPresent
  }
  if present > 0 { result.total += total / Double(present) }
}

/// Adds the mean over active agents of each weighted part.
private func add(_ parts: [Double], of terms: [RewardTerm], _ active: [Bool], to result: inout EpisodeResult) {
  let present = active.count { $0 }
  guard present > 0 else { return }
  for (index, term) in terms.enumerated() {
    var sum = 0.0
    for agent in active.indices where active[agent] { sum += parts[agent * terms.count + index] }
    result.terms[index] += term.weight * sum / Double(present)
  }
}

/// Plays the same episodes with each policy, shared among workers; the result does not depend on their number.
func compare<World: Environment>(
  _ world: World, _ contestants: [Contestant<World>], episodes: Int, seeds: EpisodeSeeds, workers: Int,
  bounds: [Double]? = nil
) async throws(Failure) -> [Evaluation.Entry] {
  var entries: [Evaluation.Entry] = []
  for contestant in contestants {
    let results = await play(world, contestant.controller, episodes: episodes, seeds: seeds, workers: workers)
    if Interruption.isRequested { throw Failure(.interrupted, "interrupted before the evaluation was done") }
    if let sentence = results.compactMap(\.broken.first).first {
      throw Failure(.fault, "the simulation broke its own laws under \(contestant.name): \(sentence)")
    }
    if let bounds, let episode = results.indices.first(where: { exceeds(results[$0].total, bounds[$0]) }) {
      throw Failure(
        .fault,
        "the simulation let \(contestant.name) earn \(results[episode].total) in episode \(episode), where no policy can "
          + "earn more than \(bounds[episode]): the world or its bound is wrong")
    }
    entries.append(entry(contestant, results, world))
  }
  return entries
}

/// Whether a return passes a bound by more than rounding.
func exceeds(_ total: Double, _ bound: Double) -> Bool { total > bound + 1e-9 * max(1, bound.magnitude) }

/// The bound on the return of each episode, shared among workers; nil where the world knows none.
func returnBounds<World: Environment>(
  of world: World, episodes: Int, seeds: EpisodeSeeds, workers: Int
) async -> [Double]? {
  guard episodes > 0, world.returnBound(seed: seeds.seed(episode: 0)) != nil else { return nil }
  let count = max(1, min(workers, episodes))
  var bounds = [Double?](repeating: nil, count: episodes)
  await withTaskGroup(of: [(Int, Double?)].self) { group in
    for worker in 0..<count {
      group.addTask {
        stride(from: worker, to: episodes, by: count).map { ($0, world.returnBound(seed: seeds.seed(episode: $0))) }
      }
    }
    for await share in group {
      for (episode, bound) in share { bounds[episode] = bound }
    }
  }
  let known = bounds.compactMap { $0 }
  return known.count == episodes ? known : nil
}

private func play<World: Environment>(
  _ world: World, _ controller: any Controller<World>, episodes: Int, seeds: EpisodeSeeds, workers: Int
) async -> [EpisodeResult] {
  let count = max(1, min(workers, episodes))
  var results = [EpisodeResult](repeating: EpisodeResult(), count: episodes)
  await withTaskGroup(of: [(Int, EpisodeResult)].self) { group in
    for worker in 0..<count {
      group.addTask {
        playShare(world, controller, worker: worker, of: count, episodes: episodes, seeds: seeds)
      }
    }
    for await share in group {
      for (episode, result) in share { results[episode] = result }
    }
  }
  return results
}

private func playShare<World: Environment>(
  _ world: World, _ controller: some Controller<World>, worker: Int, of workers: Int, episodes: Int,
  seeds: EpisodeSeeds
) -> [(Int, EpisodeResult)] {
  var world = world
  var controller = controller
  var share: [(Int, EpisodeResult)] = []
  for episode in stride(from: worker, to: episodes, by: workers) where !Interruption.isRequested {
    share.append((episode, playEpisode(&world, &controller, seed: seeds.seed(episode: episode))))
  }
  return share
}

private func entry<World: Environment>(
  _ contestant: Contestant<World>, _ results: [EpisodeResult], _ world: World
) -> Evaluation.Entry {
  var metrics: [Metric] = results.first?.metrics ?? []
  for result in results.dropFirst() {
    for index in metrics.indices { metrics[index].merge(result.metrics[index]) }
  }
  let count = Double(results.count)
  return Evaluation.Entry(
    policy: contestant.name, digest: contestant.digest, trainingSeed: contestant.trainingSeed,
    seesMore: contestant.seesMore, returns: results.map(\.total),
    groups: world.groups.enumerated().map { index, group in
      (group.name, results.reduce(0) { $0 + $1.groups[index] } / count)
    },
    metrics: Evaluation.commonMetrics(metrics.map { ($0.name, $0.value) }),
    terms: world.rewardTerms.enumerated().map { index, term in
      (term.name, results.reduce(0) { $0 + $1.terms[index] } / count)
    }, notes: contestant.notes)
}

extension Evaluation {
  /// This evaluation with its first policy under another name, and without its digest.
  func naming(first name: String) -> Evaluation {
    var copy = self
    copy.entries[0] = entries[0].renamed(name)
    return copy
  }

  /// The four figures that every domain reports, null where they have no meaning, and then its own.
  static func commonMetrics(_ own: [(name: String, value: Double?)]) -> [(name: String, value: Double?)] {
    let common = ["latency_mean_s", "latency_p95_s", "deadline_miss_ratio", "energy_per_task_j"]
    let missing = common.filter { name in !own.contains { $0.name == name } }
    return missing.map { ($0, nil) } + own
  }

  /// Evaluates policies in a scenario.
  ///
  /// - Parameters:
  ///   - specifications: names of rules or paths of checkpoints.
  ///   - progress: is told which policy is being played.
  public static func run(
    _ scenario: Scenario, policies specifications: [String], episodes: Int, seed: UInt64, workers: Int
  ) async throws(Failure) -> Evaluation {
    try await run(scenario.family, scenario, specifications, episodes, seed, workers)
  }

  private static func run<Family: EnvironmentFamily>(
    _ family: Family.Type, _ scenario: Scenario, _ specifications: [String], _ episodes: Int, _ seed: UInt64,
    _ workers: Int
  ) async throws(Failure) -> Evaluation {
    let world = try scenario.makeWorld(family)
    var contestants: [Contestant<Family.World>] = []
    for specification in specifications {
      contestants.append(try contestant(specification, family, world, scenarioDigest: scenario.digest))
    }
    return try await run(family, scenario, world, contestants, episodes: episodes, seed: seed, workers: workers)
  }

  /// Lets contestants play the same episodes, beside the bound where there is one.
  static func run<Family: EnvironmentFamily>(
    _ family: Family.Type, _ scenario: Scenario, _ world: Family.World, _ contestants: [Contestant<Family.World>],
    episodes: Int, seed: UInt64, workers: Int
  ) async throws(Failure) -> Evaluation {
    let seeds = EpisodeSeeds(.evaluation, seed: seed)
    let bounds = await returnBounds(of: world, episodes: episodes, seeds: seeds, workers: workers)
    let entries = try await compare(
      world, contestants, episodes: episodes, seeds: seeds, workers: workers, bounds: bounds)
    return Evaluation(
      scenario: scenario.id, digest: scenario.digest, overrides: scenario.overrides, episodes: episodes,
      seed: seed, bound: bounds.map { $0.reduce(0, +) / Double(episodes) }, entries: entries,
      notes: family.notes(on: world))
  }

  /// The policy that a specification names: a rule, else a checkpoint's path.
  static func contestant<Family: EnvironmentFamily>(
    _ specification: String, _ family: Family.Type, _ world: Family.World, scenarioDigest: String
  ) throws(Failure) -> Contestant<Family.World> {
    if let controller = try family.controller(specification, for: world) {
      let summary = family.allRules.first { $0.name == JointSearches.name(in: specification) }
      return Contestant(
        name: specification, digest: nil, trainingSeed: nil, seesMore: summary?.seesMore ?? false, notes: [],
        controller: controller)
    }
    guard specification.contains("/") || specification.hasSuffix(".h5") else {
      let known = family.allRules.map(\.name).joined(separator: ", ")
      throw Failure(
        .usage,
        "--policy \(specification): no rule of that name; write one of \(known), or the path of a checkpoint (.h5)"
      )
    }
    let file = try PolicyFile(specification)
    if let reason = file.policies.mismatch(with: world.groups) {
      throw Failure(.content, "\(specification) does not fit this scenario: \(reason)")
    }
    var notes: [String] = []
    if file.scenario.digest != scenarioDigest {
      notes.append("trained on another scenario (\(file.scenario.id), \(file.scenario.digest.prefix(12)))")
    }
    return Contestant(
      name: specification, digest: file.digest, trainingSeed: file.seed, seesMore: false, notes: notes,
      controller: PolicyController(file.policies, for: world))
  }
}
