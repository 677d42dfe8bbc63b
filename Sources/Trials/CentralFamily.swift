public import Agents
public import Configuration
public import ReinforcementLearning

/// The worlds of a family with all agents played by one: `control: central` in a scenario file.
///
/// Rules stay what they are; policies of single agents do not fit.
public enum CentralFamily<Each: EnvironmentFamily>: EnvironmentFamily {
  public static var name: String { Each.name }

  public static var summary: String { Each.summary + ", all of them played by one" }

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws
    -> CentrallyControlled<Each.World>
  {
    let world = try Each.makeWorld(id: id, from: &root)
    guard let central = world.centrallyControlled() else {
      throw root.error(
        "control",
        "one agent cannot play agents that each take a choice and real numbers together; make the actions all choices "
          + "or all numbers (actions: discrete or continuous, where the scenario has this key), or leave out control")
    }
    return central
  }

  public static var rules: [RuleSummary] { Each.rules }

  public static func rule(
    _ name: String, for world: CentrallyControlled<Each.World>
  ) -> (any Controller<CentrallyControlled<Each.World>>)? {
    guard let rule = Each.rule(name, for: world.world) else { return nil }
    return central(rule, for: world.world)
  }

  private static func central<Rule: Controller>(
    _ rule: Rule, for world: Each.World
  ) -> any Controller<CentrallyControlled<Each.World>> where Rule.World == Each.World {
    CentralController(rule, for: world)
  }

  public static func adviser(
    _ prior: PPOConfiguration.Prior, for world: CentrallyControlled<Each.World>
  ) -> (any Adviser<CentrallyControlled<Each.World>>)? {
    guard let adviser = Each.adviser(prior, for: world.world) else { return nil }
    return central(adviser)
  }

  private static func central<Guide: Adviser>(_ adviser: Guide) -> any Adviser<CentrallyControlled<Each.World>>
  where Guide.World == Each.World {
    CentralAdviser(adviser)
  }

  public static var searches: Bool { Each.searches }

  public static var forbidsActions: Bool { Each.forbidsActions }

  public static func notes(on world: CentrallyControlled<Each.World>) -> [String] { Each.notes(on: world.world) }
}

/// Who plays the agents of a world: the key `control`.
enum Control: String, Sendable, CaseIterable {
  /// Each agent by itself.
  case distributed
  /// One for all.
  case central

  /// A family as it is controlled.
  func family(_ each: any EnvironmentFamily.Type) -> any EnvironmentFamily.Type {
    switch self {
    case .distributed: each
    case .central: Self.centralFamily(each)
    }
  }

  private static func centralFamily<Each: EnvironmentFamily>(_ each: Each.Type) -> any EnvironmentFamily.Type {
    CentralFamily<Each>.self
  }
}
