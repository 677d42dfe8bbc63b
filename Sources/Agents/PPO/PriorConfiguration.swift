extension PPOConfiguration {
  /// A prior over the options of agents, which actors first imitate and then leave slowly.
  ///
  /// Rollouts that begin in the first ``warmStartSteps`` are acted by the prior, and actors learn from them to make their
  /// cross-entropy with it small; critics learn as ever. Afterwards actors act, and β KL(π‖π₀) is added to their loss,
  /// with β falling on a straight line from ``weight`` to 0 over ``decaySteps``.
  public struct Prior: Sendable, Equatable {
    /// The name of what gives the advice: `optimal-transport`.
    public var name: String
    /// Environment steps in which the prior acts.
    public var warmStartSteps: Int
    /// β right after them.
    public var weight: Float
    /// Environment steps after them until β is 0.
    public var decaySteps: Int
    /// What makes the advice, as it is told by ``name``; learners do not read it.
    public var advice: Advice

    /// What decides how a prior by optimal transport advises.
    public struct Advice: Sendable, Equatable {
      /// ε, in the unit of costs: how undecided it is.
      public var regularization: Double
      /// The weight of latency in units of the deadline; nil where the world's own measure of cost counts.
      public var latencyWeight: Double?
      /// The weight of energy in units of the world's reference; nil as above.
      public var energyWeight: Double?
      /// What load beyond a computer's capacity costs.
      public var overflowCost: Double

      /// Advice by its parts.
      public init(regularization: Double, latencyWeight: Double?, energyWeight: Double?, overflowCost: Double) {
        self.regularization = regularization
        self.latencyWeight = latencyWeight
        self.energyWeight = energyWeight
        self.overflowCost = overflowCost
      }
    }

    /// A prior by its parts.
    public init(name: String, warmStartSteps: Int, weight: Float, decaySteps: Int, advice: Advice) {
      self.name = name
      self.warmStartSteps = warmStartSteps
      self.weight = weight
      self.decaySteps = decaySteps
      self.advice = advice
    }

    /// Whether the prior acts in a rollout that begins after so many environment steps.
    public func acts(at step: Int) -> Bool { step < warmStartSteps }

    /// β for a rollout that begins after so many environment steps; 0 while the prior acts.
    public func strength(at step: Int) -> Float {
      let since = step - warmStartSteps
      guard since >= 0, since < decaySteps else { return 0 }
      return weight * (1 - Float(since) / Float(decaySteps))
    }
  }
}
