public import Agents
public import Configuration
public import ReinforcementLearning

/// An algorithm that learns a team's value as a function of its agents' values.
///
/// A further one is one file with its name, summary and mixing, and one line in ``Registry``.
public protocol ValueDecompositionMember: Algorithm
where Recipe == ValueDecompositionConfiguration, Trainee == ValueDecompositionLearner {
  /// Reads how the agents' values become the team's.
  static func mixing(
    from mapping: inout ConfigurationMapping
  ) throws(ConfigurationError) -> ValueDecompositionConfiguration.Mixing
}

extension ValueDecompositionMember {
  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> ValueDecompositionConfiguration {
    let reward = try mapping.choice("reward", of: TeamReward.self)
    let mixing = try mixing(from: &mapping)
    var reader = DQNRecipe(mapping, name: name, trainingSteps: trainingSteps, parts: .plain)
    let agents = try reader.read()
    mapping = reader.mapping
    return ValueDecompositionConfiguration(agents: agents, reward: reward, mixing: mixing)
  }

  public static func unsupported(_ recipe: ValueDecompositionConfiguration, groups: [AgentGroup]) -> String? {
    ValueDecompositionLearner.unsupported(recipe, groups: groups)
  }

  public static func replayBytes(
    _ recipe: ValueDecompositionConfiguration, groups: [AgentGroup], environments: Int
  ) -> Double {
    ValueDecompositionLearner.replayBytes(recipe, groups: groups)
  }

  public static func excess(
    _ recipe: ValueDecompositionConfiguration, groups: [AgentGroup], environments: Int
  ) -> String? {
    recipe.agents.excess(ofReplayBytes: replayBytes(recipe, groups: groups, environments: environments))
  }

  public static func makeLearner(
    _ recipe: ValueDecompositionConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64
  ) -> ValueDecompositionLearner {
    ValueDecompositionLearner(recipe, groups: groups, environments: environments, seed: seed)
  }
}

/// `algorithm.name: vdn` (P. Sunehag et al., "Value-decomposition networks for cooperative multi-agent learning",
/// AAMAS 2018).
public enum VDN: ValueDecompositionMember {
  public static let name = "vdn"

  public static let summary = "Q-learning of a team whose value is the sum of its agents' values"

  public static func mixing(
    from mapping: inout ConfigurationMapping
  ) throws(ConfigurationError) -> ValueDecompositionConfiguration.Mixing { .sum }
}
