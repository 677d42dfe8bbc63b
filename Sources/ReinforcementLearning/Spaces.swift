/// One number of an observation: what it means and where it lies.
public struct ObservationField: Sendable, Equatable {
  /// The field's name, unique in its space: `task_bits`.
  public let name: String
  /// The unit as it is written after a number, or "1" for a pure number: `bit`, `s`, `dB`.
  public let unit: String
  /// The least and the greatest value; either may be infinite.
  public let range: ClosedRange<Float>
  /// What it tells, in a phrase.
  public let meaning: String

  /// A field by its parts.
  public init(_ name: String, unit: String, in range: ClosedRange<Float>, _ meaning: String) {
    self.name = name
    self.unit = unit
    self.range = range
    self.meaning = meaning
  }
}

/// What an agent of a group sees: a vector of `Float`s, each a named field.
public struct ObservationSpace: Sendable, Equatable {
  /// The fields in their order.
  public let fields: [ObservationField]

  /// A space of the given fields.
  public init(_ fields: [ObservationField]) { self.fields = fields }

  /// The number of values in one observation.
  public var count: Int { fields.count }

  /// The index of the first value outside its field's range or not a number, if there is one.
  public func firstViolation(_ values: Span<Float>) -> Int? {
    for index in 0..<fields.count where !fields[index].range.contains(values[index]) { return index }
    return nil
  }
}

/// What an agent of a group may decide.
public enum ActionSpace: Sendable, Equatable {
  /// One choice; each label says what the choice does.
  case discrete(labels: [String])
  /// Several choices at once, each with its number of options.
  case multiDiscrete([Int])
  /// Real numbers, each within its range.
  case box([ClosedRange<Float>])
  /// One choice together with real numbers.
  case hybrid(labels: [String], box: [ClosedRange<Float>])

  /// Integers in one action.
  public var discreteCount: Int {
    switch self {
    case .discrete, .hybrid: 1
    case .multiDiscrete(let options): options.count
    case .box: 0
    }
  }

  /// Real numbers in one action.
  public var continuousCount: Int {
    switch self {
    case .discrete, .multiDiscrete: 0
    case .box(let ranges): ranges.count
    case .hybrid(_, let ranges): ranges.count
    }
  }

  /// The number of options of each integer of an action.
  public var choices: [Int] {
    switch self {
    case .discrete(let labels), .hybrid(let labels, _): [labels.count]
    case .multiDiscrete(let options): options
    case .box: []
    }
  }

  /// The range of each real number of an action.
  public var ranges: [ClosedRange<Float>] {
    switch self {
    case .discrete, .multiDiscrete: []
    case .box(let ranges), .hybrid(_, let ranges): ranges
    }
  }

  /// Entries in one action mask: all options of all choices, one after another; 0 where nothing can be masked.
  public var maskCount: Int {
    switch self {
    case .discrete(let labels), .hybrid(let labels, _): labels.count
    case .multiDiscrete(let options): options.reduce(0, +)
    case .box: 0
    }
  }
}

/// Agents that share an observation space and an action space.
public struct AgentGroup: Sendable, Equatable {
  /// The group's name: `vehicle`.
  public let name: String
  /// The number of agents, or of slots where agents come and go.
  public let count: Int
  /// What each agent of the group sees.
  public let observation: ObservationSpace
  /// What each agent of the group decides.
  public let action: ActionSpace

  /// A group by its parts.
  public init(name: String, count: Int, observation: ObservationSpace, action: ActionSpace) {
    self.name = name
    self.count = count
    self.observation = observation
    self.action = action
  }
}
