import NeuralNetworks
public import ReinforcementLearning

/// The recipe of a run of VDN or QMIX. Every value that decides the outcome stands here.
public struct ValueDecompositionConfiguration: Sendable, Equatable {
  /// How the values of a team's agents become the value of the team.
  public enum Mixing: Sendable, Equatable {
    /// Their sum (VDN).
    case sum
    /// A network that grows with each of them, whose weights are functions of the state (QMIX).
    ///
    /// - embedding: units of its hidden layer.
    /// - hypernetHidden: hidden units of the networks that make its weights; 0 where these are linear, as in the
    ///   paper.
    case monotonic(embedding: Int, hypernetHidden: Int)
  }

  /// How the agents' action values are made, trained and explored: plain or double, dueling or not. Distributions,
  /// noise, memory, priorities and returns of several steps are not for teams. `replayCapacity` and `batchSize`
  /// count transitions of whole teams, `replayByteLimit` bounds their one replay, and `gradientClip` bounds the
  /// gradient of all parameters together.
  public var agents: DQNConfiguration
  /// How the agents' rewards become the team's.
  public var reward: TeamReward
  /// How the agents' values become the team's.
  public var mixing: Mixing

  /// A recipe by its parts.
  public init(agents: DQNConfiguration, reward: TeamReward, mixing: Mixing) {
    self.agents = agents
    self.reward = reward
    self.mixing = mixing
  }

  /// The algorithm's name: `vdn` or `qmix`.
  public var name: String { mixing == .sum ? "vdn" : "qmix" }

  /// Whether the agents' part asks for nothing that teams do not have.
  var isPlain: Bool {
    agents.values == .expected && agents.noise == nil && agents.recurrence == nil && agents.priority == nil
      && agents.returnSteps == 1
  }
}
