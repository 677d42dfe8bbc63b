public import ReinforcementLearning

/// All that is needed to act in a world: a policy for each of its groups.
public struct PolicySet: Sendable, Equatable {
  /// The algorithm that made it: `dqn`.
  public let algorithm: String
  /// A policy per group, in the order of the world's groups.
  public var groups: [GroupPolicy]

  /// A set by its parts.
  public init(algorithm: String, groups: [GroupPolicy]) {
    self.algorithm = algorithm
    self.groups = groups
  }

  /// Why the policy cannot act in a world of the given groups, in one sentence; nil when it fits.
  ///
  /// Observation schema, action meaning and groups must agree; the number of agents may differ where a group
  /// shares its parameters.
  public func mismatch(with world: [AgentGroup]) -> String? {
    guard groups.map(\.group.name) == world.map(\.name) else {
      return "the policy acts for the groups \(groups.map(\.group.name)), the scenario has \(world.map(\.name))"
    }
    for (policy, group) in zip(groups, world) {
      let ours = policy.group
      if ours.observation.fields.map(\.name) != group.observation.fields.map(\.name)
        || ours.observation.fields.map(\.unit) != group.observation.fields.map(\.unit)
      {
        let known = ours.observation.fields.map(\.name)
        let wanted = group.observation.fields.map(\.name)
        let difference =
          known.difference(from: wanted).isEmpty ? "units differ" : "[\(list(known))] against [\(list(wanted))]"
        return
          "the policy's \(group.name) observes \(known.count) fields, the scenario's \(wanted.count): \(difference)"
      }
      if ours.action != group.action {
        return
          "the policy's \(group.name) chooses among \(describe(ours.action)), the scenario's among \(describe(group.action))"
      }
      if !policy.isShared, ours.count != group.count {
        return
          "the policy has parameters of its own for each of \(ours.count) agents of \(group.name), the scenario has \(group.count)"
      }
    }
    return nil
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private func describe(_ action: ActionSpace) -> String {
    switch action {
    case .discrete(let labels): "\(labels.count) actions [\(list(labels))]"
    case .multiDiscrete(let options): "choices of \(options) options"
    case .box(let ranges): "\(ranges.count) real numbers"
    case .hybrid(let labels, let ranges): "\(labels.count) actions with \(ranges.count) real numbers"
    }
  }
}
