public import Agents
import Baselines
public import EdgeCloud
public import ReinforcementLearning

/// What can advise learners: `algorithm.prior.name`.
public enum Priors {
  /// All names.
  public static let names = [OptimalTransport.name]

  /// The adviser of a name in a world in which tasks are placed; nil where actions have no choices.
  public static func adviser<World: Environment & ComputingView>(
    _ prior: PPOConfiguration.Prior, for world: World
  ) -> (any Adviser<World>)? {
    TransportAdviser(TransportAllocation.Settings(prior.advice), for: world)
  }

  /// Why a family's world cannot give the advice that is asked for, as a sentence; nil when it can.
  static func unsupported<Family: EnvironmentFamily>(
    _ prior: PPOConfiguration.Prior?, by world: Family.World, of family: Family.Type
  ) -> String? {
    guard let prior, family.adviser(prior, for: world) == nil else { return nil }
    return "algorithm.prior.name: '\(prior.name)' knows no prior for this world of \(family.name); it places tasks on "
      + "computers, in vehicular-offloading and roadside-offloading, by actions with choices (actions: discrete or "
      + "hybrid)"
  }

  /// What a person should know of the time that a prior takes and of how it leads.
  static func notes(_ prior: PPOConfiguration.Prior?) -> [String] {
    guard let prior else { return [] }
    return [
      "the prior '\(prior.name)' acts and is imitated for the first \(prior.warmStartSteps) steps; then it holds the "
        + "actors near it by a weight that falls from \(prior.weight) to 0 over \(prior.decaySteps) steps"
    ]
  }
}

extension TransportAllocation.Settings {
  fileprivate init(_ advice: PPOConfiguration.Prior.Advice) {
    var weights: TransportAllocation.Weights?
    if let latency = advice.latencyWeight, let energy = advice.energyWeight {
      weights = TransportAllocation.Weights(latency: latency, energy: energy)
    }
    self.init(weights: weights, regularization: advice.regularization, overflowCost: advice.overflowCost)
  }
}
