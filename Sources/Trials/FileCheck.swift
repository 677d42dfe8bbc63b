import Configuration
import Policies
import ReinforcementLearning

/// Validation of the files that a person writes or receives.
public enum FileCheck {
  /// Reads a scenario, an experiment or a checkpoint wholly and says what it is; fails with what is wrong.
  ///
  /// A scenario's world is made and played for a few steps; an experiment's scenario too.
  ///
  /// - Parameter steps: where given, how long a scenario is played under random actions, and then for some episodes
  ///   under every rule.
  public static func run(
    _ path: String, overrides: [Override], steps: Int? = nil, registry: Registry = .standard
  ) throws(Failure) -> String {
    if path.hasSuffix(".h5") {
      let file = try PolicyFile(path)
      return
        "checkpoint of \(file.policies.algorithm) for \(file.scenario.id), seed \(file.seed), step \(file.step)"
    }
    if try isExperiment(path) {
      let experiment = try Experiment(path, overrides: overrides, registry: registry)
      let announcement = try Training(experiment, seeds: experiment.seeds, output: "").announcement()
      return "experiment, \(announcement.joined(separator: "; "))"
    }
    let scenario = try Scenario(path, overrides: try Override.forScenario(overrides), registry: registry)
    let description = try play(scenario.family, scenario)
    guard let steps else { return description }
    let findings = try ScenarioAudit.run(scenario, steps: steps, episodes: 3)
    if let finding = findings.first {
      let more = findings.count > 1 ? " (and \(findings.count - 1) more)" : ""
      throw Failure(.content, "\(scenario.path): the world breaks a promise of environments: \(finding)\(more)")
    }
    if Interruption.isRequested { throw Failure(.interrupted, "interrupted before \(path) was played to the end") }
    return "\(description), \(steps) random steps and every rule"
  }

  private static func isExperiment(_ path: String) throws(Failure) -> Bool {
    try translated {
      var root = try ConfigurationDocument(contentsOf: path).root()
      return root.has("algorithm") || root.has("scenario")
    }
  }

  private static func play<Family: EnvironmentFamily>(
    _ family: Family.Type, _ scenario: Scenario
  ) throws(Failure) -> String {
    let world = try scenario.makeWorld(family)
    if let defect = checkEnvironment(world, seeds: [0], steps: 20).first {
      throw Failure(.content, "\(scenario.path): the world breaks a promise of environments: \(defect)")
    }
    let groups = world.groups.map { "\($0.count) × \($0.name)" }.joined(separator: ", ")
    let notes = family.notes(on: world).map { "; \($0)" }.joined()
    return "scenario \(scenario.id) (\(groups))\(notes)"
  }
}
