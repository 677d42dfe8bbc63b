public import Agents
public import Configuration
public import Policies
public import ReinforcementLearning

/// A learning algorithm that experiment files can name.
///
/// Adding one is one file that conforms and one line in ``Registry``.
public protocol Algorithm: Sendable {
  /// What learns.
  associatedtype Trainee: SharingLearner
  /// The complete recipe.
  associatedtype Recipe: Sendable
  /// The name under `algorithm.name`.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }
  /// Reads the recipe from the keys of `algorithm`, of which `name` has been read.
  static func recipe(from mapping: inout ConfigurationMapping, trainingSteps: Int) throws(ConfigurationError)
    -> Recipe
  /// Why worlds of these groups cannot be learned by a recipe; nil when they can.
  static func unsupported(_ recipe: Recipe, groups: [AgentGroup]) -> String?
  /// The memory that stored experience will take at most in so many environments of such a world, in bytes.
  static func replayBytes(_ recipe: Recipe, groups: [AgentGroup], environments: Int) -> Double
  /// Why a recipe would take more memory there than it allows itself; nil when it does not.
  static func excess(_ recipe: Recipe, groups: [AgentGroup], environments: Int) -> String?
  /// The prior that a recipe asks the world for; nil for none.
  static func prior(_ recipe: Recipe) -> PPOConfiguration.Prior?
  /// A new learner.
  static func makeLearner(_ recipe: Recipe, groups: [AgentGroup], environments: Int, seed: UInt64) -> Trainee
}

extension Algorithm {
  public static func prior(_ recipe: Recipe) -> PPOConfiguration.Prior? { nil }
}
