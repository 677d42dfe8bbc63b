public import NeuralNetworks
public import ReinforcementLearning

/// The recipe of a run of the MADDPG family. Every value that decides the outcome stands here.
public struct MADDPGConfiguration: Sendable, Equatable {
  /// What a critic sees.
  public enum Critic: Sendable, Equatable {
    /// The observations and actions of all agents, in a row (R. Lowe et al. 2017).
    case joint
    /// Those of its own agent only (independent learners).
    case own
    /// Its own agent's, and of each group the mean of the other agents' embeddings of this width, so that its size
    /// does not depend on the number of agents.
    case pooled(embedding: Int)
  }

  /// Whose parameters act for a group.
  public typealias Sharing = DQNConfiguration.Sharing

  /// What the networks read.
  public typealias Normalization = DQNConfiguration.Normalization

  /// Which transitions the agents learn from in an update.
  public enum Indices: String, Sendable, CaseIterable {
    /// Each set of parameters draws its own (the paper's algorithm 1).
    case individual
    /// All learn from the same ones, which is faster.
    case shared
  }

  /// What the other agents do in the critic's input of an actor's update.
  public enum Others: String, Sendable, CaseIterable {
    /// What they did, from the replay (the paper).
    case replayed
    /// What their actors would do now; nothing is differentiated through them.
    case current
  }

  /// What choice the target actors make in the next state.
  public enum TargetChoice: String, Sendable, CaseIterable {
    /// One drawn from their distribution, as the paper's code does.
    case sampled
    /// The most probable one.
    case greedy
  }

  /// Which reward an agent learns from.
  public enum Reward: String, Sendable, CaseIterable {
    /// Its own.
    case own
    /// The mean over the active agents.
    case mean
    /// The sum over the active agents.
    case sum
  }

  /// The noise on real numbers while training, as a part of half their range.
  public struct Noise: Sendable, Equatable {
    /// How the numbers of consecutive steps belong together.
    public enum Kind: Sendable, Equatable {
      /// Not at all: N(0, σ²).
      case gaussian
      /// x ← x − θ·x·dt + σ·√dt·N(0, 1) (G. Uhlenbeck, L. Ornstein 1930), from 0 in every trajectory.
      case ornsteinUhlenbeck(theta: Double, dt: Double)
    }

    /// How the numbers of consecutive steps belong together.
    public var kind: Kind
    /// σ over the environment steps.
    public var deviation: Schedule

    /// A noise by its parts.
    public init(kind: Kind, deviation: Schedule) {
      self.kind = kind
      self.deviation = deviation
    }
  }

  /// Noise on the target actors' real numbers (S. Fujimoto et al. 2018).
  public struct Smoothing: Sendable, Equatable {
    /// Its deviation, as a part of half the range.
    public var deviation: Float
    /// Its greatest magnitude.
    public var clip: Float

    /// A smoothing by its parts.
    public init(deviation: Float, clip: Float) {
      self.deviation = deviation
      self.clip = clip
    }
  }

  /// The algorithm's name: `maddpg`, `matd3`, `iddpg`, `ddpg` or `td3`.
  public var name: String
  /// What a critic sees.
  public var critic: Critic
  /// Whether there are two critics, of whose targets the lesser counts.
  public var twinCritics: Bool
  /// Updates of a critic for one of its actor and of the targets.
  public var policyDelay: Int
  /// Noise on the targets' real numbers; nil without.
  public var smoothing: Smoothing?
  /// How actors follow their gradients.
  public var actorDescent: Descent
  /// How critics follow theirs.
  public var criticDescent: Descent
  /// Transitions in an update.
  public var batchSize: Int
  /// Rows of the joint replay.
  public var replayCapacity: Int
  /// The greatest memory of the replay, in bytes.
  public var replayByteLimit: Double
  /// Environment steps before the first update.
  public var warmupSteps: Int
  /// Environment steps at the start that are played at random.
  public var randomSteps: Int
  /// The discount γ.
  public var discount: Float
  /// Environment steps between two blocks of updates.
  public var trainEvery: Int
  /// Updates in a block.
  public var updatesPerBlock: Int
  /// τ: the fraction by which targets move towards their networks.
  public var tau: Float
  /// Widths of the actors' hidden layers.
  public var actorHidden: [Int]
  /// Widths of the critics' hidden layers.
  public var criticHidden: [Int]
  /// The hidden layers' activation.
  public var activation: Activation
  /// Whether each hidden layer is normalised before its activation; inputs never are.
  public var layerNorm: Bool
  /// How weights are drawn.
  public var initialization: Initialization
  /// Whose parameters act.
  public var sharing: Sharing
  /// What the networks read.
  public var normalization: Normalization
  /// Which transitions the agents learn from.
  public var indices: Indices
  /// What the others do in an actor's update.
  public var others: Others
  /// What choice the target actors make.
  public var targetChoice: TargetChoice
  /// The temperature of the Gumbel-softmax over the environment steps.
  public var temperature: Schedule
  /// The factor of the mean square of an actor's outputs (permitted logits, numbers before tanh) in its loss.
  public var regularization: Float
  /// The noise on real numbers while training.
  public var noise: Noise
  /// The probability of a random choice, over the environment steps, besides the draw from the actor's distribution.
  public var randomChoice: Schedule
  /// Which reward an agent learns from.
  public var reward: Reward

  /// MADDPG as the paper's authors published it (github.com/openai/maddpg), for worlds of particles.
  ///
  /// R. Lowe et al., "Multi-agent actor-critic for mixed cooperative-competitive environments", NeurIPS 2017.
  public static let paper = MADDPGConfiguration(
    name: "maddpg", critic: .joint, twinCritics: false, policyDelay: 1, smoothing: nil,
    actorDescent: Descent(learningRate: 1e-2, gradientClip: 0.5),
    criticDescent: Descent(learningRate: 1e-2, gradientClip: 0.5), batchSize: 1024, replayCapacity: 1_000_000,
    replayByteLimit: 4e9, warmupSteps: 25_600, randomSteps: 0, discount: 0.95, trainEvery: 100, updatesPerBlock: 1,
    tau: 0.01, actorHidden: [64, 64], criticHidden: [64, 64], activation: .relu, layerNorm: false,
    initialization: .xavierUniform, sharing: .individual, normalization: .none, indices: .individual,
    others: .replayed, targetChoice: .sampled, temperature: .constant(1), regularization: 1e-3,
    noise: Noise(kind: .gaussian, deviation: .constant(0.1)), randomChoice: .constant(0), reward: .own)

  /// The network of an actor.
  func actorNetwork(inputs: Int, outputs: Int) -> Network {
    Self.network(inputs: inputs, hidden: actorHidden, outputs: outputs, activation, layerNorm: layerNorm)
  }

  /// A multilayer perceptron whose inputs are never normalised, only, if asked for, its hidden layers.
  static func network(
    inputs: Int, hidden: [Int], outputs: Int, _ activation: Activation, layerNorm: Bool
  ) -> Network {
    var layers: [Layer] = []
    var width = inputs
    for units in hidden {
      layers.append(
        .dense(Dense(inputs: width, outputs: units, activation: layerNorm ? .identity : activation)))
      if layerNorm { layers.append(.layerNorm(LayerNorm(count: units, activation: activation))) }
      width = units
    }
    layers.append(.dense(Dense(inputs: width, outputs: outputs)))
    return Network(layers: layers)
  }
}
