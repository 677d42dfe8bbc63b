public import NeuralNetworks
import ReinforcementLearning

/// The recipe of a DQN run. Every value that decides the outcome stands here; there is no hidden default.
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
  }

  /// Whether the online network chooses and the target network values the next action (van Hasselt et al. 2016).
  public var doubleQ: Bool
  /// Adam's step size.
  public var learningRate: Float
  /// Transitions in an update.
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

  /// A recipe by all its parts.
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

  var epsilon: Schedule { .linear(from: exploration.initial, to: exploration.final, over: exploration.steps) }
}
