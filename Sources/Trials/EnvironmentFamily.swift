public import Agents
public import Configuration
public import ReinforcementLearning

/// A kind of world that scenario files can name: how it is made from a file, and which rules act in it.
///
/// Adding one is one file that conforms and one line in ``Registry``; a package of a user's can do the same.
public protocol EnvironmentFamily: Sendable {
  /// The kind of world.
  associatedtype World: Environment
  /// The name under the key `environment` of a scenario file.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }
  /// Makes a world from a scenario file whose keys `id` and `environment` have been read; reads all others.
  static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> World
  /// The rules that act in these worlds, besides `random`.
  static var rules: [RuleSummary] { get }
  /// The rule of a name, or nil if there is none.
  static func rule(_ name: String, for world: World) -> (any Controller<World>)?
  /// Whether the searches for joint actions (``JointSearches``) act in these worlds too.
  static var searches: Bool { get }
  /// Whether some options may be masked in these worlds.
  static var forbidsActions: Bool { get }
  /// What advises learners in a world as a prior asks for, or nil where it knows no such world (``Priors``).
  static func adviser(_ prior: PPOConfiguration.Prior, for world: World) -> (any Adviser<World>)?
  /// Sentences that a person should know about a world, such as a shortened episode.
  static func notes(on world: World) -> [String]
}

extension EnvironmentFamily {
  public static var rules: [RuleSummary] { [] }

  public static func rule(_ name: String, for world: World) -> (any Controller<World>)? { nil }

  public static var searches: Bool { true }

  public static var forbidsActions: Bool { true }

  public static func adviser(_ prior: PPOConfiguration.Prior, for world: World) -> (any Adviser<World>)? { nil }

  public static func notes(on world: World) -> [String] { [] }

  /// Everything that acts in these worlds without learning: `random`, the rules, the searches.
  static var allRules: [RuleSummary] { [RuleSummary.random] + rules + (searches ? JointSearches.summaries : []) }

  /// The names of `random` and of the rules that act in a world: some are not for the largest.
  static func ruleNames(in world: World) -> [String] {
    [RuleSummary.random.name] + rules.map(\.name).filter { rule($0, for: world) != nil }
  }

  /// What acts under a name of ``allRules``, a search with or without its horizon, or nil if there is none; an error where
  /// a world is too large for it.
  static func controller(_ name: String, for world: World) throws(Failure) -> (any Controller<World>)? {
    if name == RuleSummary.random.name { return RandomController(for: world) }
    if let rule = rule(name, for: world) { return rule }
    return searches ? try JointSearches.controller(name, in: Self.self, for: world) : nil
  }
}

/// What `list baselines` says of a rule.
public struct RuleSummary: Sendable, Equatable {
  /// The rule's name.
  public let name: String
  /// What it does, in a phrase.
  public let summary: String
  /// Whether it sees more than an agent observes.
  public let seesMore: Bool

  /// A rule by its parts.
  public init(_ name: String, _ summary: String, seesMore: Bool = false) {
    self.name = name
    self.summary = summary
    self.seesMore = seesMore
  }

  /// The rule that every world knows.
  public static let random = RuleSummary("random", "uniform over the permitted actions")
}
