public import Agents
public import Configuration
import NeuralNetworks

/// `algorithm.name: rainbow`: double, dueling, prioritised, n-step, noisy and categorical together (M. Hessel et al.,
/// "Rainbow: combining improvements in deep reinforcement learning", AAAI 2018).
public enum Rainbow: DQNMember {
  public static let name = "rainbow"

  public static let summary = "DQN with double, dueling, prioritised, n-step, noisy and categorical learning together"

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> DQNConfiguration {
    var reader = DQNRecipe(mapping, name: name, trainingSteps: trainingSteps, parts: .rainbow, loss: "cross-entropy")
    let support = try reader.support()
    var recipe = try reader.read()
    recipe.values = .categorical(support)
    mapping = reader.mapping
    return recipe
  }
}
