public import NeuralNetworks
import ReinforcementLearning

/// The recipe of a run of the DQN family. Every value that decides the outcome stands here; what a member of the
/// family leaves out is switched off, not defaulted.
public struct DQNConfiguration: Sendable, Equatable {
  /// How the target network follows.
  public enum Target: Sendable, Equatable {
    /// Becomes a copy whenever this many environment steps have passed.
    case hard(everySteps: Int)
    /// After every update moves by the fraction τ towards the online network.
    case polyak(tau: Float)
  }

  /// The probability of a random action: a straight line, then constant.
  public struct Exploration: Sendable, Equatable {
    /// At the first step.
    public var initial: Double
    /// From the step `steps` on.
    public var final: Double
    /// Environment steps over which it changes.
    public var steps: Int

    /// A line by its ends.
    public init(initial: Double, final: Double, steps: Int) {
      self.initial = initial
      self.final = final
      self.steps = steps
    }
  }

  /// Whose parameters act for a group.
  public enum Sharing: String, Sendable, CaseIterable {
    /// One network, learning from all agents of the group.
    case shared
    /// A network, a replay and an optimizer of its own for each agent.
    case individual
  }

  /// What the network reads.
  public enum Normalization: String, Sendable, CaseIterable {
    /// The observation as it is.
    case none
    /// Each field's range mapped to [−1, 1].
    case ranges
    /// Mean 0 and deviation 1 of what training has seen so far (``RunningNormalizer``).
    case running
  }

  /// Prioritised replay (T. Schaul et al., "Prioritized experience replay", ICLR 2016), proportional variant.
  public struct Priority: Sendable, Equatable {
    /// The exponent α of the priorities.
    public var exponent: Double
    /// The exponent β of the importance weights at the first step; 1 at step `steps`, on a straight line.
    public var initialCorrection: Double
    /// Environment steps over which β grows to 1: those of the training.
    public var steps: Int
    /// The number ε added to every error.
    public var epsilon: Double

    /// A rule by its parts.
    public init(exponent: Double, initialCorrection: Double, steps: Int, epsilon: Double) {
      self.exponent = exponent
      self.initialCorrection = initialCorrection
      self.steps = steps
      self.epsilon = epsilon
    }

    /// β after `step` environment steps.
    public func correction(at step: Int) -> Double {
      Schedule.linear(from: initialCorrection, to: 1, over: steps).value(at: step)
    }
  }

  /// Memory over time: a gated recurrent unit trained on sequences (S. Kapturowski et al., "Recurrent experience
  /// replay in distributed reinforcement learning", ICLR 2019: stored state and burn-in).
  public struct Recurrence: Sendable, Equatable {
    /// Hidden units of the GRU, which stands behind the hidden layers.
    public var hidden: Int
    /// Steps of a sequence that are learned from.
    public var length: Int
    /// Steps before them that only bring the state up to date.
    public var burnIn: Int
    /// Steps that two consecutive sequences of a trajectory share, less than `burnIn + length`.
    public var overlap: Int

    /// A memory by its parts.
    public init(hidden: Int, length: Int, burnIn: Int, overlap: Int) {
      self.hidden = hidden
      self.length = length
      self.burnIn = burnIn
      self.overlap = overlap
    }
  }

  /// The algorithm's name: `dqn`, `rainbow`, `c51` or `qr-dqn`.
  public var name = "dqn"
  /// Whether the online network chooses and the target network values the next action (van Hasselt et al. 2016).
  public var doubleQ: Bool
  /// The optimizer's step size at the first update.
  public var learningRate: Float
  /// Transitions in an update; sequences, where there is recurrence.
  public var batchSize: Int
  /// Transitions kept for each set of parameters.
  public var replayCapacity: Int
  /// The greatest memory of all replays together, in bytes.
  public var replayByteLimit: Double
  /// Environment steps before the first update, played at random.
  public var warmupSteps: Int
  /// The discount γ.
  public var discount: Float
  /// Environment steps between two blocks of updates.
  public var trainEvery: Int
  /// Updates in a block.
  public var updatesPerBlock: Int
  /// How the target network follows.
  public var target: Target
  /// The probability of a random action.
  public var exploration: Exploration
  /// Widths of the hidden layers.
  public var hidden: [Int]
  /// The hidden layers' activation.
  public var activation: Activation
  /// The loss of a temporal difference.
  public var loss: Loss
  /// The greatest global norm of a gradient.
  public var gradientClip: Float
  /// Whose parameters act.
  public var sharing: Sharing
  /// What the network reads.
  public var normalization: Normalization

  /// Whether value and advantage have streams of their own (Z. Wang et al., ICML 2016).
  public var dueling = false
  /// σ₀ of noisy layers (M. Fortunato et al., "Noisy networks for exploration", ICLR 2018); nil without noise.
  public var noise: Float?
  /// What is learned of a return: its expectation, a distribution over atoms (M. Bellemare et al., ICML 2017) or
  /// its quantiles (W. Dabney et al., AAAI 2018).
  public var values: ValueHead = .expected
  /// Steps of reward before the target network is asked (R. Sutton 1988); 1 for plain Q-learning.
  public var returnSteps = 1
  /// Which transitions are drawn; nil for all alike.
  public var priority: Priority?
  /// Memory over time; nil without.
  public var recurrence: Recurrence?
  /// Whether each hidden layer is normalised before its activation (J. Ba et al. 2016).
  public var layerNorm = false
  /// How weights are drawn.
  public var initialization: Initialization = .uniformFanIn
  /// What makes a step of a gradient.
  public var optimizer: Optimizer.Kind = .adam()
  /// The step size over the updates, from ``learningRate`` on.
  public var learningRateSchedule: LearningRateSchedule = .constant()
  /// The greatest magnitude of an element of a gradient, applied before the norm; nil without.
  public var gradientValueClip: Float?
  /// Whether rewards are divided by the running standard deviation of the discounted return (``RewardScaling``); the
  /// values learned are then in that unit.
  public var scalesRewards = false
  /// The number of levels of each real number of an action; nil where actions are native.
  public var levels: Int?

  /// A recipe of plain DQN by all its parts; the family's further parts are properties.
  public init(
    doubleQ: Bool, learningRate: Float, batchSize: Int, replayCapacity: Int, replayByteLimit: Double = 4e9,
    warmupSteps: Int, discount: Float,
    trainEvery: Int, updatesPerBlock: Int, target: Target,
    exploration: Exploration, hidden: [Int], activation: Activation, loss: Loss,
    gradientClip: Float, sharing: Sharing, normalization: Normalization
  ) {
    self.doubleQ = doubleQ
    self.learningRate = learningRate
    self.batchSize = batchSize
    self.replayCapacity = replayCapacity
    self.replayByteLimit = replayByteLimit
    self.warmupSteps = warmupSteps
    self.discount = discount
    self.trainEvery = trainEvery
    self.updatesPerBlock = updatesPerBlock
    self.target = target
    self.exploration = exploration
    self.hidden = hidden
    self.activation = activation
    self.loss = loss
    self.gradientClip = gradientClip
    self.sharing = sharing
    self.normalization = normalization
  }

  var descent: Descent {
    Descent(
      optimizer: optimizer, learningRate: learningRate, schedule: learningRateSchedule, gradientClip: gradientClip,
      gradientValueClip: gradientValueClip)
  }

  /// The probability of a random action after `step` environment steps: 1 in the warm-up.
  func epsilon(at step: Int) -> Double {
    if step < warmupSteps { return 1 }
    return Schedule.linear(from: exploration.initial, to: exploration.final, over: exploration.steps).value(at: step)
  }
}
