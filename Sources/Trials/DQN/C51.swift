public import Agents
public import Configuration
import NeuralNetworks

/// `algorithm.name: c51`: the distribution of returns over fixed atoms (M. Bellemare, W. Dabney, R. Munos, "A
/// distributional perspective on reinforcement learning", ICML 2017).
public enum C51: DQNMember {
  public static let name = "c51"

  public static let summary = "DQN that learns the distribution of returns over fixed atoms"

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> DQNConfiguration {
    var reader = DQNRecipe(mapping, name: name, trainingSteps: trainingSteps, loss: "cross-entropy")
    let support = try reader.support()
    var recipe = try reader.read()
    recipe.values = .categorical(support)
    mapping = reader.mapping
    return recipe
  }
}
