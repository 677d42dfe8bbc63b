public import Agents
public import Configuration
public import ReinforcementLearning

/// A member of the DQN family: its own keys on top of those that all share.
///
/// A further member is one file with its name, summary and recipe, and one line in ``Registry``.
public protocol DQNMember: Algorithm where Recipe == DQNConfiguration, Trainee == DQNLearner {}

extension DQNMember {
  public static func unsupported(_ recipe: DQNConfiguration, groups: [AgentGroup]) -> String? {
    DQNLearner.unsupported(groups, levels: recipe.levels)
  }

  public static func replayBytes(_ recipe: DQNConfiguration, groups: [AgentGroup], environments: Int) -> Double {
    DQNLearner.replayBytes(recipe, groups: groups)
  }

  public static func excess(_ recipe: DQNConfiguration, groups: [AgentGroup], environments: Int) -> String? {
    recipe.excess(ofReplayBytes: replayBytes(recipe, groups: groups, environments: environments))
  }

  public static func makeLearner(
    _ recipe: DQNConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64
  ) -> DQNLearner {
    DQNLearner(recipe, groups: groups, environments: environments, seed: seed)
  }
}

extension DQNConfiguration {
  /// Why replays of so many bytes are more than the recipe allows itself; nil when they are not.
  func excess(ofReplayBytes bytes: Double) -> String? {
    guard bytes > replayByteLimit else { return nil }
    return "algorithm.replay: \(replayCapacity) transitions would take \(format(bytes / 1e9)) GB, more than "
      + "max_bytes, \(format(replayByteLimit / 1e9)) GB; lower capacity or raise max_bytes"
  }
}

/// `algorithm.name: dqn`.
public enum DQN: DQNMember {
  public static let name = "dqn"

  public static let summary = "deep Q-learning, plain or double, with replay and a target network"

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> DQNConfiguration {
    var reader = DQNRecipe(mapping, name: name, trainingSteps: trainingSteps)
    let recipe = try reader.read()
    mapping = reader.mapping
    return recipe
  }
}
