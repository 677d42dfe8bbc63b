/// Where a task may be computed.
public enum OffloadingPlace: Sendable, Equatable {
  /// Nowhere: the choice of who has no task.
  case none
  /// On the device itself.
  case device
  /// At the edge unit of the given rank: 0 is the strongest in reach.
  case edge(rank: Int)
  /// In the cloud, through the edge unit of the given rank.
  case cloud(rank: Int)
}

/// What one option of an offloading decision means; the same for all agents.
public struct OffloadingOption: Sendable, Equatable {
  /// Where the task goes.
  public let place: OffloadingPlace
  /// Whether the option spends all it can: full clock speed, full transmit power.
  public let isFullEffort: Bool

  /// An option by its parts.
  public init(place: OffloadingPlace, isFullEffort: Bool) {
    self.place = place
    self.isFullEffort = isFullEffort
  }
}

/// An option as an agent says it in its action.
public struct OffloadingDecision: Sendable, Equatable {
  /// The action's integer; nil where actions have none.
  public let choice: Int32?
  /// The action's real numbers.
  public let numbers: [Float]

  /// A decision by its parts.
  public init(choice: Int32?, numbers: [Float] = []) {
    self.choice = choice
    self.numbers = numbers
  }
}

/// What a rule may look at when it predicts.
public enum OffloadingKnowledge: Sendable, Equatable {
  /// Exactly the numbers in the agent's observation.
  case observation
  /// The true present state of channels and queues, which no agent sees.
  case trueState
}

/// The choices and queues of a world in which tasks are sent somewhere, as rules read them.
///
/// Deciders are the world's agents in their numbering; options are what rules choose among.
public protocol OffloadingView {
  /// The number of agents (slots).
  var deciderCount: Int { get }
  /// The meaning of each option.
  var options: [OffloadingOption] { get }
  /// What an action that takes an option says.
  func decision(for option: Int) -> OffloadingDecision
  /// Whether an agent is present and has a task to place now.
  func isDeciding(_ agent: Int) -> Bool
  /// Whether an agent may choose an option now.
  func isPermitted(_ option: Int, for agent: Int) -> Bool
  /// The wait that an agent sees at an option's place, in seconds.
  func observedWait_s(at option: Int, for agent: Int) -> Double
  /// The time that an agent's task would take by an option if nobody else decided anything now, in seconds.
  func predictedLatency_s(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double
  /// What an agent's task would cost it by an option, in the world's own measure, if nobody else decided anything now.
  func predictedCost(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double
  /// The energy that an agent's task would take by an option if nobody else decided anything now, in joules.
  func predictedEnergy_J(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double
  /// The energy that the world's own measure counts as one.
  var energyReference_J: Double { get }
  /// The time within which an agent's task should be finished; infinite where it has none.
  func deadline_s(for agent: Int) -> Double
  /// How long an agent's task would keep a processor at an option's place busy, in seconds.
  func service_s(of option: Int, for agent: Int) -> Double
  /// How many tasks are at an option's place now, waiting, computed or on their way there; nil where this is not counted.
  func tasksInside(at option: Int, for agent: Int) -> Int?
}

extension OffloadingView {
  /// The option's number, in worlds whose actions are one integer for each option.
  public func decision(for option: Int) -> OffloadingDecision { OffloadingDecision(choice: Int32(option)) }

  /// The latency, in worlds that have no other measure.
  public func predictedCost(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double {
    predictedLatency_s(of: option, for: agent, from: knowledge)
  }

  /// None, in worlds that do not count energy.
  public func predictedEnergy_J(of option: Int, for agent: Int, from knowledge: OffloadingKnowledge) -> Double { 0 }

  /// One joule, in worlds that have no other measure.
  public var energyReference_J: Double { 1 }

  /// Never, in worlds without deadlines.
  public func deadline_s(for agent: Int) -> Double { .infinity }

  /// None, in worlds that do not say.
  public func service_s(of option: Int, for agent: Int) -> Double { 0 }

  /// Not counted.
  public func tasksInside(at option: Int, for agent: Int) -> Int? { nil }
}
