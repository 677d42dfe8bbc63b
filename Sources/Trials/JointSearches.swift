import Baselines
import ReinforcementLearning

/// The searches for joint actions that act in every world of a family that allows them.
///
/// They are slow: a step takes as many trials as are said here. `all` leaves them out. `genetic@5` plays five steps in
/// each trial, those after the first with idle agents, for worlds in which a reward comes after what earned it.
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

  /// The steps that a trial plays: the number behind an `@`, else 1.
  private static func horizon(in specification: String) throws(Failure) -> Int {
    guard let mark = specification.firstIndex(of: "@") else { return 1 }
    guard let horizon = Int(specification[specification.index(after: mark)...]), horizons.contains(horizon) else {
      throw Failure(
        .usage,
        "--policy \(specification): behind the @ stands how many steps a trial plays, from \(horizons.lowerBound) to "
          + "\(horizons.upperBound)")
    }
    return horizon
  }

  /// The search of a specification, or nil if there is none; an error where a world is too large for it.
  static func controller<World: Environment>(
    _ specification: String, for world: World
  ) throws(Failure) -> (any Controller<World>)? {
    let name = Self.name(in: specification)
    guard summaries.contains(where: { $0.name == name }) else { return nil }
    let horizon = try Self.horizon(in: specification)
    switch name {
    case exhaustive:
      if let reason = JointSearchController<World, ExhaustiveSearch>.refusal(
        for: world, trialsPerStep: exhaustiveTrials, levels: levels)
      {
        throw Failure(.usage, "--policy \(name): \(reason)")
      }
      return JointSearchController(
        ExhaustiveSearch(), for: world, trialsPerStep: exhaustiveTrials, horizon: horizon, levels: levels)
    case bestResponse:
      return BestResponseController(for: world, trialsPerStep: responseTrials, horizon: horizon, levels: levels)
    case genetic:
      return JointSearchController(
        GeneticSearch(), for: world, trialsPerStep: trialsPerStep, horizon: horizon, levels: levels)
    case swarm:
      return JointSearchController(
        ParticleSwarmSearch(), for: world, trialsPerStep: trialsPerStep, horizon: horizon, levels: levels)
    default: return nil
    }
  }
}
