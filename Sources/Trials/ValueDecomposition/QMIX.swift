public import Agents
public import Configuration

/// `algorithm.name: qmix` (T. Rashid et al., "QMIX: monotonic value function factorisation for deep multi-agent
/// reinforcement learning", ICML 2018).
public enum QMIX: ValueDecompositionMember {
  public static let name = "qmix"

  public static let summary = "Q-learning of a team whose value grows with its agents' values, mixed by the state"

  public static func mixing(
    from mapping: inout ConfigurationMapping
  ) throws(ConfigurationError) -> ValueDecompositionConfiguration.Mixing {
    var mixing = try mapping.mapping("mixing")
    let embedding = try mixing.integer("embedding", in: 1...65_536)
    let hidden = try mixing.integer("hypernet_hidden", in: 0...65_536)
    try mixing.finish()
    return .monotonic(embedding: embedding, hypernetHidden: hidden)
  }
}
