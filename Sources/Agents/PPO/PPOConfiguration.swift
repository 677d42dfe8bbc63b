public import NeuralNetworks
import Randomness
import ReinforcementLearning

/// The recipe of a run of proximal policy optimisation. Every value that decides the outcome stands here.
public struct PPOConfiguration: Sendable, Equatable {
  /// Whose parameters act for a group.
  public typealias Sharing = DQNConfiguration.Sharing
  /// What the networks read.
  public typealias Normalization = DQNConfiguration.Normalization

  /// What a critic sees.
  public enum Critic: String, Sendable, CaseIterable {
    /// The agent's own observation: independent learners.
    case own
    /// The observations of all agents of all groups, those of empty slots zero; and, where agents share their
    /// parameters, which of them it is (C. Yu et al. 2022).
    case central
  }

  /// One of the two networks of an agent, with its step size.
  public struct Network: Sendable, Equatable {
    /// Widths of the hidden layers.
    public var hidden: [Int]
    /// The hidden layers' activation.
    public var activation: Activation
    /// Whether each hidden layer is normalised before its activation (J. Ba et al. 2016).
    public var layerNorm: Bool
    /// How weights are drawn.
    public var initialization: Initialization
    /// What the last layer's first parameters are multiplied by; small for an actor, so that it begins undecided.
    public var outputScale: Float
    /// The optimizer's step size at the first update.
    public var learningRate: Float

    /// A network by its parts.
    public init(
      hidden: [Int], activation: Activation, layerNorm: Bool = false, initialization: Initialization = .uniformFanIn,
      outputScale: Float, learningRate: Float
    ) {
      self.hidden = hidden
      self.activation = activation
      self.layerNorm = layerNorm
      self.initialization = initialization
      self.outputScale = outputScale
      self.learningRate = learningRate
    }
  }

  /// The algorithm's name: `ippo`, `mappo` or `otfac`.
  public var name: String
  /// What the critics see.
  public var criticSees: Critic
  /// Steps of each environment in a rollout.
  public var rolloutSteps: Int
  /// How often an update goes through a rollout.
  public var epochs: Int
  /// Parts into which a rollout is cut anew in each epoch.
  public var minibatches: Int
  /// The greatest memory of the rollout, in bytes.
  public var rolloutByteLimit: Double = 4e9
  /// The discount γ.
  public var discount: Float
  /// The weight λ of longer returns in an advantage (``AdvantageEstimation``).
  public var traceDecay: Float
  /// How far the probability ratio may move from 1 (``ClippedSurrogate``).
  public var clip: Float
  /// How far a value may move in an update, in the unit that the critic learns in; nil without a bound.
  public var valueClip: Float?
  /// What a nat of entropy is worth.
  public var entropyBonus: Float
  /// The loss of a value.
  public var valueLoss: Loss
  /// Whether advantages are brought to mean 0 and deviation 1 in each rollout, over the rows of a set of parameters.
  public var normalizesAdvantages: Bool
  /// The weight of what was known in the running mean and variance of returns (``ValueNormalizer``); nil where values
  /// are learned in the rewards' unit.
  public var valueDecay: Double?
  /// The policy's network.
  public var actor: Network
  /// The value's network.
  public var critic: Network
  /// The first standard deviation of real numbers before they are squashed; nil where actions have none.
  public var initialDeviation: Float?
  /// What makes a step of a gradient.
  public var optimizer: Optimizer.Kind = .adam()
  /// The step sizes over the environment steps of the training, from the first ones on.
  public var learningRateSchedule: LearningRateSchedule = .constant()
  /// The greatest global norm of a gradient, of actor and critic by themselves.
  public var gradientClip: Float
  /// Whose parameters act.
  public var sharing: Sharing
  /// What the networks read.
  public var normalization: Normalization
  /// What actors begin from and are held near; nil for nothing.
  public var prior: Prior?

  /// A recipe by its parts; the further ones are properties.
  public init(
    name: String, criticSees: Critic, rolloutSteps: Int, epochs: Int, minibatches: Int, discount: Float,
    traceDecay: Float, clip: Float, valueClip: Float?, entropyBonus: Float, valueLoss: Loss,
    normalizesAdvantages: Bool, valueDecay: Double?, actor: Network, critic: Network, initialDeviation: Float?,
    gradientClip: Float, sharing: Sharing, normalization: Normalization
  ) {
    self.name = name
    self.criticSees = criticSees
    self.rolloutSteps = rolloutSteps
    self.epochs = epochs
    self.minibatches = minibatches
    self.discount = discount
    self.traceDecay = traceDecay
    self.clip = clip
    self.valueClip = valueClip
    self.entropyBonus = entropyBonus
    self.valueLoss = valueLoss
    self.normalizesAdvantages = normalizesAdvantages
    self.valueDecay = valueDecay
    self.actor = actor
    self.critic = critic
    self.initialDeviation = initialDeviation
    self.gradientClip = gradientClip
    self.sharing = sharing
    self.normalization = normalization
  }

  /// How the parameters of one of the networks follow their gradients.
  func descent(of network: Network) -> Descent {
    Descent(
      optimizer: optimizer, learningRate: network.learningRate, schedule: learningRateSchedule,
      gradientClip: gradientClip)
  }
}

extension PPOConfiguration.Network {
  /// The network between so many inputs and outputs.
  func layers(inputs: Int, outputs: Int) -> NeuralNetworks.Network {
    var layers: [Layer] = []
    var width = inputs
    for units in hidden {
      layers.append(
        .dense(Dense(inputs: width, outputs: units, activation: layerNorm ? .identity : activation)))
      if layerNorm { layers.append(.layerNorm(LayerNorm(count: units, activation: activation))) }
      width = units
    }
    layers.append(.dense(Dense(inputs: width, outputs: outputs)))
    return NeuralNetworks.Network(layers: layers)
  }

  /// First parameters, those of the last layer scaled.
  func initialParameters(of network: NeuralNetworks.Network, using stream: inout RandomStream) -> ParameterVector {
    var parameters = network.initialParameters(initialization, using: &stream)
    for slot in network.layout.slots where slot.layer == "layers.\(network.layers.count - 1)" {
      for index in slot.range { parameters.values[index] *= outputScale }
    }
    return parameters
  }
}
