public import Configuration
import Federation
import Policies

/// What there is: scenarios, experiments, algorithms, rules, what federations are made of, checkpoints.
public struct Catalogue: Sendable {
  /// The kinds of things that can be listed.
  public enum Kind: String, Sendable, CaseIterable {
    /// Scenario files.
    case environments
    /// Experiment files.
    case experiments
    /// Learning algorithms.
    case algorithms
    /// Rules.
    case baselines
    /// What makes one model of several clients' updates.
    case aggregations
    /// What writes updates in fewer bytes.
    case compressors
    /// What liars do.
    case attacks
    /// Released policies.
    case checkpoints
  }

  /// One thing.
  public struct Item: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Where it lies, if it is a file.
    public let path: String?
    /// What it is, or what is wrong with it.
    public let summary: String
  }

  private let folder: ProjectFolder
  private let registry: Registry

  /// The catalogue of a project.
  public init(_ folder: ProjectFolder, registry: Registry = .standard) {
    self.folder = folder
    self.registry = registry
  }

  /// All things of a kind, in the order of their names.
  public func items(_ kind: Kind) -> [Item] {
    switch kind {
    case .environments:
      folder.files(in: "Environments", endingIn: ".yaml").map { path in
        item(path) { full throws(Failure) in
          let scenario = try Scenario(full, registry: registry)
          return (scenario.id, scenario.family.summary)
        }
      }
    case .experiments:
      folder.files(in: "Experiments", endingIn: "experiment.yaml").map { path in
        item(path) { full throws(Failure) in
          let experiment = try Experiment(full, registry: registry)
          return (
            experiment.name,
            "\(experiment.algorithm.name) on \(experiment.scenario.id), \(experiment.training.steps) steps, "
              + "\(experiment.seeds.count) seeds"
          )
        }
      }
    case .algorithms: registry.algorithms.map { Item(name: $0.name, path: nil, summary: $0.summary) }
    case .baselines: baselines
    case .aggregations: registry.aggregationRules.map { Item(name: $0.name, path: nil, summary: $0.summary) }
    case .compressors: registry.compressors.map { Item(name: $0.name, path: nil, summary: $0.summary) }
    case .attacks: Attacks.all.map { Item(name: $0.name, path: nil, summary: $0.summary) }
    case .checkpoints:
      folder.files(in: "Checkpoints", endingIn: ".h5").map { path in
        item(path) { full throws(Failure) in
          let file = try PolicyFile(full)
          return (path, "\(file.policies.algorithm) for \(file.scenario.id), seed \(file.seed)")
        }
      }
    }
  }

  private var baselines: [Item] {
    var rules: [RuleSummary] = []
    for family in registry.environments {
      for rule in family.allRules where !rules.contains(rule) { rules.append(rule) }
    }
    return rules.map {
      Item(name: $0.name, path: nil, summary: $0.summary + ($0.seesMore ? " (sees more)" : ""))
    }
  }

  private func item(_ path: String, _ read: (String) throws(Failure) -> (String, String)) -> Item {
    do throws(Failure) {
      let (name, summary) = try read("\(folder.path ?? ".")/\(path)")
      return Item(name: name, path: path, summary: summary)
    } catch {
      return Item(name: path, path: path, summary: "unusable: \(error)")
    }
  }

  /// The things of some kinds as JSON.
  public func json(_ kinds: [Kind]) -> JSONValue {
    .object(
      Dictionary(
        kinds.map { kind in
          (
            kind.rawValue,
            .list(
              items(kind).map {
                .object(["name": .text($0.name), "path": .optional($0.path), "summary": .text($0.summary)])
              })
          )
        }, uniquingKeysWith: { $1 }))
  }

  /// The things of some kinds as tables.
  public func table(_ kinds: [Kind]) -> String {
    kinds.map { kind in
      var table = TextTable([kind.rawValue, "what it is"])
      for item in items(kind) { table.add([item.name, item.summary]) }
      return table.text
    }.joined(separator: "\n")
  }
}
