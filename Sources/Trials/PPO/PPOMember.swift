public import Agents
public import Configuration
public import ReinforcementLearning

/// A member of the family of proximal policy optimisation: what its critics see.
public protocol PPOMember: Algorithm where Recipe == PPOConfiguration, Trainee == PPOLearner {
  /// What its critics see.
  static var criticSees: PPOConfiguration.Critic { get }
  /// Whether it makes no sense without a prior.
  static var needsPrior: Bool { get }
}

extension PPOMember {
  public static var needsPrior: Bool { false }

  public static func prior(_ recipe: PPOConfiguration) -> PPOConfiguration.Prior? { recipe.prior }

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> PPOConfiguration {
    var reader = PPORecipe(
      mapping, name: name, criticSees: criticSees, needsPrior: needsPrior, trainingSteps: trainingSteps)
    let recipe = try reader.read()
    mapping = reader.mapping
    return recipe
  }

  public static func unsupported(_ recipe: PPOConfiguration, groups: [AgentGroup]) -> String? {
    PPOLearner.unsupported(recipe, groups: groups)
  }

  public static func replayBytes(_ recipe: PPOConfiguration, groups: [AgentGroup], environments: Int) -> Double {
    PPOLearner.rolloutBytes(recipe, groups: groups, environments: environments)
  }

  public static func excess(_ recipe: PPOConfiguration, groups: [AgentGroup], environments: Int) -> String? {
    let bytes = replayBytes(recipe, groups: groups, environments: environments)
    guard bytes > recipe.rolloutByteLimit else { return nil }
    return "algorithm.rollout_steps: \(recipe.rolloutSteps) steps of \(environments) environments would take "
      + "\(format(bytes / 1e9)) GB, more than algorithm.max_bytes, \(format(recipe.rolloutByteLimit / 1e9)) GB; lower "
      + "rollout_steps or training.environments, or raise max_bytes"
  }

  public static func makeLearner(
    _ recipe: PPOConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64
  ) -> PPOLearner {
    PPOLearner(recipe, groups: groups, environments: environments, seed: seed)
  }
}
