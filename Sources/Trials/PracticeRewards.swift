internal import ReinforcementLearning

/// What a learner is rewarded by while it trains: `training.rewards` of an experiment.
///
/// Selection and evaluation go by the world's own rewards, whatever a learner is taught by.
public enum PracticeRewards: String, Sendable, CaseIterable {
  /// The rewards of the world.
  case own
  /// The difference that an agent's action makes to the sum of all agents' rewards (`DifferenceRewarded`).
  case difference

  /// The steps of random play in which some action must make a difference.
  private static let probeSteps = 2000

  /// What a person should know of the time that it takes and of the figures that come out.
  func notes(on world: some Environment) -> [String] {
    switch self {
    case .own: []
    case .difference:
      [
        "learns from difference rewards: each step costs up to \(world.agentCount + 1) steps of the world, and "
          + "return_mean in metrics.csv is a sum of differences; selection and evaluation go by the world's own rewards"
      ]
    }
  }

  /// Why a world cannot be learned by these rewards, as the end of a sentence; nil when it can.
  func unsupported(by world: some Environment) -> String? {
    switch self {
    case .own: nil
    case .difference:
      Self.someActionCounts(in: world.differenceRewarded())
        ? nil
        : "no action made a difference to the rewards of its own step in \(Self.probeSteps) steps of random play, so "
          + "that difference rewards would teach nothing here; choose own"
    }
  }

  /// Whether anybody is paid anything under random play.
  private static func someActionCounts<World: Environment>(in start: DifferenceRewarded<World>) -> Bool {
    var world = start
    var chance = RandomController(for: world)
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    outcome.episodeOver = true
    var episodes: UInt64 = 0
    for _ in 0..<probeSteps {
      if outcome.episodeOver {
        world.reset(seed: episodes)
        chance.begin(seed: episodes)
        episodes += 1
      }
      chance.act(in: world, &action)
      world.step(action, outcome: &outcome)
      if outcome.rewards.contains(where: { $0 != 0 }) { return true }
    }
    return false
  }
}
