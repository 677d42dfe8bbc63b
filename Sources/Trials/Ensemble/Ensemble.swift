public import Configuration
public import ReinforcementLearning

/// Copies of a scenario's world, stepped together by someone outside who holds no world's type.
///
/// Whoever steps it writes actions into the frame, calls ``step()`` and reads the frame. Everything stands in arrays
/// that never move and are never copied: what an episode showed last alternates between two arrays
/// (``VectorFrame/Group/observations`` is always the present, ``VectorFrame/Group/nextObservations`` what was the
/// present before), and all others stay where they are.
///
/// Seeds are those of `evaluate`: after ``seed(_:)`` the first environment plays the very episodes that
/// `edgewise evaluate --seed` plays, in their order.
public protocol Ensemble: Sendable {
  /// What they show, do and receive. Between two steps it holds the present observations, masks and active flags,
  /// and the rewards and flags of the last step.
  var frame: VectorFrame { get set }
  /// What stood at the ends of episodes and beside the last step.
  var endings: EpisodeEndings { get set }
  /// The scenario's groups, spaces, reward terms and rules, for other programs.
  var description: JSONValue { get }
  /// The parts of each agent's reward.
  var rewardTerms: [RewardTerm] { get }

  /// Lets environment i play the episodes of a run's i-th environment, from the first.
  mutating func seed(_ seed: UInt64, for purpose: EpisodeSeeds.Purpose)

  /// Lets each environment play the episodes of a run of its own, from the first.
  mutating func seed(each seeds: [UInt64], for purpose: EpisodeSeeds.Purpose)

  /// Begins the next episode of the environments that are marked.
  mutating func reset(_ isChosen: (Int) -> Bool)

  /// Takes one step with the frame's actions.
  ///
  /// An integer that is no option and a number that is not finite are refused. A number outside its range becomes the
  /// range's nearer end, a choice that the mask forbids that of the agent's idle action.
  ///
  /// - Returns: how many forbidden choices were replaced.
  mutating func step() throws(Failure) -> Int

  /// Lets a rule or a checkpoint decide from now on in ``act()``.
  mutating func play(_ policy: String) throws(Failure)

  /// Writes the actions of the policy of ``play(_:)`` into the frame.
  mutating func act() throws(Failure)

  /// The number of values in ``state(of:into:)``.
  var stateCount: Int { get }

  /// Writes the state of an environment that a central critic may see.
  func state(of environment: Int, into values: inout MutableSpan<Float>)

  /// The metrics of the episode that an environment plays or, while ``EpisodeEndings/isOver`` says so, has ended.
  func metrics(of environment: Int) throws(Failure) -> [Metric]

  /// A number that the return of no policy can exceed in an environment's episode, or nil where none is known.
  func returnBound(of environment: Int) -> Double?
}

/// What an ensemble keeps besides the frame, in arrays that never move.
public struct EpisodeEndings: Sendable {
  /// Who was there in the last step, for each group `rows`.
  public var acted: [[Bool]]
  /// Where ``isOver``, the true last observations of the ended episode, for each group `rows × observation.count`;
  /// kept only where ended environments begin anew by themselves.
  public var observations: [[Float]]
  /// Where ``isOver``, the last masks, for each group `rows × action.maskCount`; kept only with observations.
  public var masks: [[Bool]]
  /// Which environments' episodes ended in the last step.
  public var isOver: [Bool]
  /// The values of each agent's reward terms in the last step, `environments × agents × terms`; empty where they are
  /// not asked for.
  public var terms: [Double]

  init(_ groups: [AgentGroup], environments: Int, keepsLast: Bool, terms count: Int) {
    acted = groups.map { [Bool](repeating: false, count: environments * $0.count) }
    observations = groups.map {
      [Float](repeating: 0, count: keepsLast ? environments * $0.count * $0.observation.count : 0)
    }
    masks = groups.map { [Bool](repeating: true, count: keepsLast ? environments * $0.count * $0.action.maskCount : 0) }
    isOver = [Bool](repeating: false, count: environments)
    terms = [Double](repeating: 0, count: environments * groups.reduce(0) { $0 + $1.count } * count)
  }
}

/// How an ensemble is to be made.
public struct EnsembleOptions: Sendable, Equatable {
  /// The greatest number of environments.
  public static let environmentLimit = 1 << 20
  /// The greatest number of values that all observations may have together.
  public static let valueLimit = 1 << 28

  /// The number of environments.
  public var environments: Int
  /// Whether an ended environment begins its next episode within the same step.
  public var beginsAnew: Bool
  /// Whether reward terms and the metrics of ended episodes are kept.
  public var keepsRecords: Bool

  /// Options by their parts.
  public init(environments: Int, beginsAnew: Bool, keepsRecords: Bool = false) {
    self.environments = environments
    self.beginsAnew = beginsAnew
    self.keepsRecords = keepsRecords
  }
}

extension Scenario {
  /// Copies of the world that the scenario describes, before their first episodes.
  public func ensemble(_ options: EnsembleOptions) throws(Failure) -> any Ensemble { try ensemble(family, options) }

  private func ensemble<Family: EnvironmentFamily>(
    _ family: Family.Type, _ options: EnsembleOptions
  ) throws(Failure) -> any Ensemble {
    guard (1...EnsembleOptions.environmentLimit).contains(options.environments) else {
      throw Failure(
        .usage,
        "\(options.environments) environments cannot be stepped together; ask for 1 to "
          + "\(EnsembleOptions.environmentLimit)")
    }
    let world = try makeWorld(family)
    let values = world.groups.reduce(0) { $0 + $1.count * $1.observation.count }
    guard values <= EnsembleOptions.valueLimit / options.environments else {
      throw Failure(
        .usage,
        "\(options.environments) environments of \(id) observe \(values) values each, more than "
          + "\(EnsembleOptions.valueLimit) together; ask for fewer")
    }
    return FamilyEnsemble<Family>(self, world, options)
  }
}
