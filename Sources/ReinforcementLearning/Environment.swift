public import Snapshots

/// A world in which N ≥ 1 agents, in groups, act at the same instants.
///
/// The vocabulary is that of Gymnasium and of PettingZoo's parallel form. A single-agent world has one group of
/// one agent. Agents are numbered through all groups in their order. An environment is a value: a copy is a
/// snapshot that runs on by itself.
///
/// Populations may change: a group has fixed slots, and ``writeActive(group:into:)`` says who is there. When an
/// agent leaves, the step's outcome says `terminated` for its slot; whoever takes the slot afterwards begins a
/// new trajectory. Inactive slots are neither rewarded nor stored.
///
/// Every exogenous draw is a function of the seed and its place in the world, never of the actions, so that two
/// policies face the same world under the same seed.
public protocol Environment: Sendable, Restorable {
  /// How many environments of this kind are stepped together; one after another unless a world brings its own way.
  associatedtype Batch: EnvironmentBatch = LoopedBatch<Self> where Batch.World == Self

  /// The groups of agents; constant over an environment's life.
  var groups: [AgentGroup] { get }

  /// Begins an episode. The same seed gives the same world, bit for bit.
  mutating func reset(seed: UInt64)

  /// Lets all agents act and time go on by one step. Actions of inactive slots are ignored. Writes every entry of
  /// the outcome, whatever stood there. Does not allocate.
  mutating func step(_ actions: borrowing JointAction, outcome: inout StepOutcome)

  /// Writes the observations of a group's slots, row after row (`count × observation.count`).
  func observe(group: Int, into values: inout MutableSpan<Float>)

  /// Writes which options each slot of a group may choose (`count × action.maskCount`). At least one option of
  /// each choice is permitted for an active slot.
  func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>)

  /// Writes which slots of a group hold an agent now.
  func writeActive(group: Int, into active: inout MutableSpan<Bool>)

  /// The number of values in ``state(into:)``.
  var stateCount: Int { get }

  /// Writes the state that a central critic may see. The default: all observations in the order of the groups.
  func state(into values: inout MutableSpan<Float>)

  /// Whether it shows learners a prior (``Advised``). Constant over an environment's life.
  var isAdvised: Bool { get }

  /// Writes the probability that a prior gives each option of a group's slots (`count × action.maskCount`); all 0 for
  /// choices without advice. Not called where ``isAdvised`` is false.
  func writeAdvice(group: Int, into advice: inout MutableSpan<Float>)

  /// What an agent does when it does nothing, for counterfactuals; allowed even where masks forbid it.
  func idleAction(for agent: Int) -> AgentAction

  /// Becomes a copy of another environment of the same make, without allocating where memory can be reused.
  mutating func assign(from other: Self)

  /// The parts that every agent's reward is made of; empty where a reward has no parts. Constant over an environment's
  /// life. Where there are parts, every reward is the sum of weight times value over them.
  var rewardTerms: [RewardTerm] { get }

  /// Writes the values of each agent's parts in the last step, before weights (`agentCount × rewardTerms.count`); 0 for
  /// slots that were inactive.
  func writeRewardTerms(into values: inout MutableSpan<Double>)

  /// A number that the return of no policy can exceed in the episode of a seed, or nil where none is known. The return
  /// is Σ over steps of the mean reward over active agents. Changes nothing.
  func returnBound(seed: UInt64) -> Double?

  /// What an ended or running episode adds to the metrics of an evaluation.
  func metrics() -> [Metric]

  /// The names of the columns of ``records()``.
  var recordColumns: [String] { get }

  /// The last step as rows of a table, with the physical quantities that made the rewards.
  func records() -> [[RecordValue]]

  /// The largest violation of the laws that this world keeps (conservation, Little's identity), as sentences;
  /// empty when all hold.
  func brokenInvariants() -> [String]
}

extension Environment {
  /// The number of agents (slots) in all groups.
  public var agentCount: Int { groups.reduce(0) { $0 + $1.count } }

  /// The number of a group's first agent.
  public func firstAgent(ofGroup group: Int) -> Int { groups[..<group].reduce(0) { $0 + $1.count } }

  public func writeActionMask(group: Int, into mask: inout MutableSpan<Bool>) {
    for index in 0..<mask.count { mask[index] = true }
  }

  public func writeActive(group: Int, into active: inout MutableSpan<Bool>) {
    for index in 0..<active.count { active[index] = true }
  }

  public var stateCount: Int { groups.reduce(0) { $0 + $1.count * $1.observation.count } }

  public func state(into values: inout MutableSpan<Float>) {
    var first = 0
    for (index, group) in groups.enumerated() {
      let count = group.count * group.observation.count
      var part = values._mutatingExtracting(first..<first + count)
      observe(group: index, into: &part)
      first += count
    }
  }

  public var isAdvised: Bool { false }

  public func writeAdvice(group: Int, into advice: inout MutableSpan<Float>) {
    for index in 0..<advice.count { advice[index] = 0 }
  }

  public mutating func assign(from other: Self) { self = other }

  public var rewardTerms: [RewardTerm] { [] }

  public func writeRewardTerms(into values: inout MutableSpan<Double>) {
    for index in 0..<values.count { values[index] = 0 }
  }

  public func returnBound(seed: UInt64) -> Double? { nil }

  public func metrics() -> [Metric] { [] }

  public var recordColumns: [String] { [] }

  public func records() -> [[RecordValue]] { [] }

  public func brokenInvariants() -> [String] { [] }
}

/// One agent's action: its integers and its real numbers.
public struct AgentAction: Sendable, Equatable {
  /// One integer per choice.
  public var discrete: [Int32]
  /// One number per dimension of the box.
  public var continuous: [Float]

  /// An action by its parts.
  public init(discrete: [Int32] = [], continuous: [Float] = []) {
    self.discrete = discrete
    self.continuous = continuous
  }
}

/// The actions of all agents of one environment at one step, in flat arrays.
public struct JointAction: Sendable, Equatable {
  /// The integers of all agents, agent after agent.
  public var discrete: [Int32]
  /// The real numbers of all agents, agent after agent.
  public var continuous: [Float]
  /// Where each group's integers begin.
  public let discreteStart: [Int]
  /// Where each group's real numbers begin.
  public let continuousStart: [Int]

  /// Room for one action of every agent, all zero.
  public init(for groups: [AgentGroup]) {
    var discreteStart: [Int] = []
    var continuousStart: [Int] = []
    var integers = 0
    var reals = 0
    for group in groups {
      discreteStart.append(integers)
      continuousStart.append(reals)
      integers += group.count * group.action.discreteCount
      reals += group.count * group.action.continuousCount
    }
    discrete = [Int32](repeating: 0, count: integers)
    continuous = [Float](repeating: 0, count: reals)
    self.discreteStart = discreteStart
    self.continuousStart = continuousStart
  }
}

/// What one step brought each agent.
public struct StepOutcome: Sendable, Equatable {
  /// The reward of each agent; 0 for inactive slots.
  public var rewards: [Double]
  /// Whether the agent's trajectory ended for good: nothing follows that could be worth anything.
  public var terminated: [Bool]
  /// Whether the agent's trajectory was cut short from outside (a time limit): the future is to be bootstrapped.
  public var truncated: [Bool]
  /// Whether the episode is over and the environment must be reset.
  public var episodeOver: Bool

  /// Room for the outcome of `agents` agents.
  public init(agents: Int) {
    rewards = [Double](repeating: 0, count: agents)
    terminated = [Bool](repeating: false, count: agents)
    truncated = [Bool](repeating: false, count: agents)
    episodeOver = false
  }

  /// Sets everything back to nothing.
  public mutating func clear() {
    for agent in 0..<rewards.count {
      rewards[agent] = 0
      terminated[agent] = false
      truncated[agent] = false
    }
    episodeOver = false
  }
}

/// One cell of a rollout's table.
public enum RecordValue: Sendable, Equatable {
  /// A whole number.
  case integer(Int)
  /// A real number; not a number is written as an empty cell.
  case real(Double)
  /// A word.
  case text(String)
}

/// One figure of an episode in a form that can be merged over episodes.
public struct Metric: Sendable, Equatable {
  /// How the figure is made.
  public enum Content: Sendable, Equatable {
    /// A ratio of sums: numerators and denominators add up.
    case ratio(Double, Double)
    /// A quantile of the pooled samples, by linear interpolation.
    case quantile(Double, [Double])
  }

  /// The figure's name, ending in its unit if it has one: `latency_mean_s`.
  public let name: String
  /// What has been gathered.
  public private(set) var content: Content

  /// A figure by its name and content.
  public init(_ name: String, _ content: Content) {
    self.name = name
    self.content = content
  }

  /// Adds what another episode gathered for the same figure.
  public mutating func merge(_ other: Metric) {
    switch (content, other.content) {
    case (.ratio(let a, let b), .ratio(let c, let d)): content = .ratio(a + c, b + d)
    case (.quantile(let q, let a), .quantile(_, let b)): content = .quantile(q, a + b)
    default: preconditionFailure("metric \(name) is a ratio in one episode and a quantile in another")
    }
  }

  /// The figure, or nil where nothing was gathered.
  public var value: Double? {
    switch content {
    case .ratio(let numerator, let denominator): denominator == 0 ? nil : numerator / denominator
    case .quantile(let q, let samples): samples.isEmpty ? nil : Metric.quantile(q, of: samples)
    }
  }

  /// The q-quantile of samples by linear interpolation between order statistics, as NumPy's default.
  public static func quantile(_ q: Double, of samples: [Double]) -> Double {
    precondition(!samples.isEmpty && (0...1).contains(q), "the \(q)-quantile of \(samples.count) samples")
    let sorted = samples.sorted()
    let position = q * Double(sorted.count - 1)
    let low = Int(position)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
  }
}
