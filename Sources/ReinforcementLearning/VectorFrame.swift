/// What all environments of a vectorised run show, do and receive at one step, in one contiguous batch per group.
///
/// Rows are ordered by environment, then by slot: row `environment × count + slot`. Networks read the
/// observations as they stand.
public struct VectorFrame: Sendable {
  /// One group's part.
  public struct Group: Sendable {
    /// The group that it belongs to.
    public let group: AgentGroup
    /// The number of rows: environments × slots.
    public let rows: Int
    /// Observations before the step, `rows × observation.count`.
    public var observations: [Float]
    /// Permitted options before the step, `rows × action.maskCount`.
    public var masks: [Bool]
    /// What a prior would do before the step, `rows × action.maskCount` probabilities; empty in worlds without one.
    public var advice: [Float]
    /// Who is there before the step.
    public var active: [Bool]
    /// Integers of the actions, `rows × action.discreteCount`.
    public var actions: [Int32]
    /// Real numbers of the actions, `rows × action.continuousCount`.
    public var continuousActions: [Float]
    /// Rewards of the step.
    public var rewards: [Double]
    /// Whose trajectory ended for good.
    public var terminated: [Bool]
    /// Whose trajectory was cut short.
    public var truncated: [Bool]
    /// Observations after the step and before any reset: the true last ones where an episode ended. Rows of
    /// terminated slots may already show a newcomer; nothing may be read from them.
    public var nextObservations: [Float]
    /// Permitted options after the step and before any reset.
    public var nextMasks: [Bool]
    /// What a prior would do after the step and before any reset; empty in worlds without one.
    public var nextAdvice: [Float]

    init(_ group: AgentGroup, environments: Int, isAdvised: Bool) {
      self.group = group
      rows = environments * group.count
      observations = [Float](repeating: 0, count: rows * group.observation.count)
      masks = [Bool](repeating: true, count: rows * group.action.maskCount)
      advice = [Float](repeating: 0, count: isAdvised ? masks.count : 0)
      active = [Bool](repeating: false, count: rows)
      actions = [Int32](repeating: 0, count: rows * group.action.discreteCount)
      continuousActions = [Float](repeating: 0, count: rows * group.action.continuousCount)
      rewards = [Double](repeating: 0, count: rows)
      terminated = [Bool](repeating: false, count: rows)
      truncated = [Bool](repeating: false, count: rows)
      nextObservations = observations
      nextMasks = masks
      nextAdvice = advice
    }

    /// Makes what was next the present.
    package mutating func moveOn() {
      swap(&observations, &nextObservations)
      swap(&masks, &nextMasks)
      swap(&advice, &nextAdvice)
    }
  }

  /// The number of environments.
  public let environments: Int
  /// The groups' parts.
  public var groups: [Group]
  /// Which environments' episodes ended in the step.
  public var episodeOver: [Bool]

  /// Room for `environments` copies of a world with the given groups, with advice where there is some.
  public init(_ groups: [AgentGroup], environments: Int, isAdvised: Bool = false) {
    self.environments = environments
    self.groups = groups.map { Group($0, environments: environments, isAdvised: isAdvised) }
    episodeOver = [Bool](repeating: false, count: environments)
  }
}
