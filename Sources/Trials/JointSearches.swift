import Baselines
import ReinforcementLearning

/// The searches for joint actions that act in every world of a family that allows them.
///
/// They are slow: a step takes as many trials as are said here. `all` leaves them out. `genetic@5` plays five steps in
/// each trial, those after the first with idle agents, and `genetic@5:greedy` with the rule `greedy`, for worlds in which a
/// reward comes after what earned it.
enum JointSearches {
  /// Trials at a step of the genetic algorithm and the swarm.
  static let trialsPerStep = 600
  /// The greatest number of trials at a step of best response, which mostly ends before.
  static let responseTrials = 4_000
  /// Joint actions that exhaustive search may have to try at a step.
  static let exhaustiveTrials = 65_536
  /// Levels of each real number.
  static let levels = 5

  private static let exhaustive = ExhaustiveSearch.name
  private static let bestResponse = "best-response"
  private static let genetic = GeneticSearch.name
  private static let swarm = ParticleSwarmSearch.name

  /// What `list baselines` says of them.
  static let summaries = [
    RuleSummary(
      exhaustive, "best joint action of each step, all tried in a copy of the world (up to \(exhaustiveTrials))",
      seesMore: true),
    RuleSummary(
      bestResponse,
      "agents answer one another until none gains, tried in a copy (up to \(responseTrials) trials a step)",
      seesMore: true),
    RuleSummary(
      genetic, "genetic search for each step's joint action in a copy of the world (\(trialsPerStep) trials a step)",
      seesMore: true),
    RuleSummary(
      swarm, "particle swarm for each step's joint action in a copy of the world (\(trialsPerStep) trials a step)",
      seesMore: true),
  ]

  /// The steps that a trial may play.
  private static let horizons = 1...1000

  /// The name before an `@`.
  static func name(in specification: String) -> String {
    String(specification.prefix { $0 != "@" })
  }

  /// What stands behind an `@`: the steps that a trial plays, 1 if nothing does, and the rule that plays them.
  private static func plan(in specification: String) throws(Failure) -> (horizon: Int, rule: String?) {
    guard let mark = specification.firstIndex(of: "@") else { return (1, nil) }
    let parts = specification[specification.index(after: mark)...].split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let horizon = Int(first), horizons.contains(horizon) else {
      throw Failure(
        .usage,
        "--policy \(specification): behind the @ stands how many steps a trial plays, from \(horizons.lowerBound) to "
          + "\(horizons.upperBound)")
    }
    return (horizon, parts.count > 1 ? String(parts[1]) : nil)
  }

  /// The search of a specification, or nil if there is none; an error where a world is too large for it, or its rule does
  /// not exist.
  static func controller<Family: EnvironmentFamily>(
    _ specification: String, in family: Family.Type, for world: Family.World
  ) throws(Failure) -> (any Controller<Family.World>)? {
    let name = Self.name(in: specification)
    guard summaries.contains(where: { $0.name == name }) else { return nil }
    let plan = try Self.plan(in: specification)
    if name == exhaustive,
      let reason = JointSearchController<Family.World, ExhaustiveSearch, IdleController<Family.World>>.refusal(
        for: world, trialsPerStep: exhaustiveTrials, levels: levels)
    {
      throw Failure(.usage, "--policy \(name): \(reason)")
    }
    guard let rule = plan.rule else { return idling(name, for: world, horizon: plan.horizon) }
    let follower: (any Controller<Family.World>)? =
      rule == RuleSummary.random.name ? RandomController(for: world) : family.rule(rule, for: world)
    guard let follower else {
      let known = ([RuleSummary.random] + family.rules).map(\.name).joined(separator: ", ")
      throw Failure(
        .usage, "--policy \(specification): no rule '\(rule)' to play on with; write one of \(known) behind the colon")
    }
    return following(follower, name, for: world, horizon: plan.horizon)
  }

  private static func idling<World: Environment>(
    _ name: String, for world: World, horizon: Int
  ) -> any Controller<World> {
    switch name {
    case exhaustive:
      JointSearchController(
        ExhaustiveSearch(), for: world, trialsPerStep: exhaustiveTrials, horizon: horizon, levels: levels)
    case bestResponse:
      BestResponseController(for: world, trialsPerStep: responseTrials, horizon: horizon, levels: levels)
    case genetic:
      JointSearchController(
        GeneticSearch(), for: world, trialsPerStep: trialsPerStep, horizon: horizon, levels: levels)
    default:
      JointSearchController(
        ParticleSwarmSearch(), for: world, trialsPerStep: trialsPerStep, horizon: horizon, levels: levels)
    }
  }

  private static func following<Follower: Controller>(
    _ rule: Follower, _ name: String, for world: Follower.World, horizon: Int
  ) -> any Controller<Follower.World> {
    switch name {
    case exhaustive:
      JointSearchController(
        ExhaustiveSearch(), for: world, trialsPerStep: exhaustiveTrials, horizon: horizon, follower: rule,
        levels: levels)
    case bestResponse:
      BestResponseController(
        for: world, trialsPerStep: responseTrials, horizon: horizon, follower: rule, levels: levels)
    case genetic:
      JointSearchController(
        GeneticSearch(), for: world, trialsPerStep: trialsPerStep, horizon: horizon, follower: rule, levels: levels)
    default:
      JointSearchController(
        ParticleSwarmSearch(), for: world, trialsPerStep: trialsPerStep, horizon: horizon, follower: rule,
        levels: levels)
    }
  }
}
