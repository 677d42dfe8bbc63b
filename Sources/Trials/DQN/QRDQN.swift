public import Agents
public import Configuration
import NeuralNetworks

/// `algorithm.name: qr-dqn`: quantiles of the return (W. Dabney et al., "Distributional reinforcement learning with
/// quantile regression", AAAI 2018).
public enum QRDQN: DQNMember {
  public static let name = "qr-dqn"

  public static let summary = "DQN that learns quantiles of the return"

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> DQNConfiguration {
    var reader = DQNRecipe(mapping, name: name, trainingSteps: trainingSteps, loss: "quantile-huber")
    let quantiles = try reader.mapping.integer("quantiles", in: 1...1000)
    var recipe = try reader.read()
    recipe.values = .quantile(count: quantiles)
    mapping = reader.mapping
    return recipe
  }
}
