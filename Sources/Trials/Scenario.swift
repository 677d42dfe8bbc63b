import Configuration

/// A scenario file with its overrides: which world it describes and the digest that identifies it.
public struct Scenario: Sendable {
  /// The scenario's name: `vehicular/highway-offloading`.
  public let id: String
  /// SHA-256 of the resolved file and of the files that it names.
  public let digest: String
  /// The kind of world.
  public let family: any EnvironmentFamily.Type
  /// The text as resolved.
  public var text: String { document.resolvedText() }
  /// Key paths and values that were set from outside.
  public var overrides: [(path: String, text: String)] { document.overrides }
  /// The file.
  public var path: String { document.path }
  private let document: ConfigurationDocument

  /// Reads a scenario file and applies overrides (paths without `scenario.`).
  public init(
    _ path: String, overrides: [Override] = [], registry: Registry = .standard
  ) throws(Failure) {
    let document = try translated {
      var document = try ConfigurationDocument(contentsOf: path)
      for override in overrides {
        try document.override(override.path, with: override.value, typed: override.typed)
      }
      return document
    }
    try self.init(document, registry: registry)
  }

  init(_ document: ConfigurationDocument, registry: Registry) throws(Failure) {
    var root = document.root()
    let names = registry.environments.map { $0.name }
    let (id, name, control) = try translated {
      (
        try root.text("id"), try root.choice("environment", among: names),
        try root.choice("control", of: Control.self, default: .distributed)
      )
    }
    guard let family = registry.environments.first(where: { $0.name == name }) else {
      preconditionFailure("the registry lost \(name)")
    }
    self.id = id
    self.family = control.family(family)
    self.document = document
    digest = try translated { try document.digest() }
  }

  /// Makes the world that the scenario describes; reading every key, so that unknown ones are refused.
  func makeWorld<Family: EnvironmentFamily>(_ family: Family.Type) throws(Failure) -> Family.World {
    var root = document.root()
    return try translated {
      _ = try root.text("id")
      _ = try root.text("environment")
      if root.has("description") { _ = try root.text("description") }
      _ = try root.choice("control", of: Control.self, default: .distributed)
      let world = try Family.makeWorld(id: id, from: &root)
      try root.finish()
      return world
    }
  }
}

/// One `--set key.path=value`.
public struct Override: Sendable, Equatable {
  /// The dotted path.
  public let path: String
  /// The value as YAML.
  public let value: String
  /// What the person typed.
  public let typed: String

  /// Reads `key.path=value`.
  public init(_ typed: String) throws(Failure) {
    guard let separator = typed.firstIndex(of: "="), separator != typed.startIndex else {
      throw Failure(
        .usage, "--set \(typed): write a key's path, '=' and a value, like scenario.time.steps=100")
    }
    self.typed = typed
    path = String(typed[..<separator])
    value = String(typed[typed.index(after: separator)...])
  }

  private init(path: String, value: String, typed: String) {
    self.path = path
    self.value = value
    self.typed = typed
  }

  /// The override as the scenario sees it, or nil if it is not the scenario's.
  public var ofScenario: Override? {
    guard path.hasPrefix("scenario.") else { return nil }
    return Override(path: String(path.dropFirst("scenario.".count)), value: value, typed: typed)
  }

  /// The scenario's overrides; any other is refused.
  public static func forScenario(_ overrides: [Override]) throws(Failure) -> [Override] {
    var result: [Override] = []
    for override in overrides {
      guard let inner = override.ofScenario else {
        throw Failure(
          .usage,
          "--set \(override.typed): only the scenario's keys can be set here; write scenario.\(override.typed)"
        )
      }
      result.append(inner)
    }
    return result
  }
}

extension Scenario {
  /// The names of `random` and of all rules that act in this scenario as it is, without the slow searches for joint
  /// actions.
  public func actingRules() throws(Failure) -> [String] { try actingRules(of: family) }

  private func actingRules<Family: EnvironmentFamily>(of family: Family.Type) throws(Failure) -> [String] {
    family.ruleNames(in: try makeWorld(family))
  }

  /// The names of all rules of this kind of world, `random` first, without the slow searches for joint actions.
  public var ruleNames: [String] { ([RuleSummary.random] + family.rules).map(\.name) }
}
