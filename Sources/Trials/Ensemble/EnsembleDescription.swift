import Configuration
import ReinforcementLearning

extension Scenario {
  /// What a program needs to know of the scenario's world: groups with their spaces, terms of the reward, rules.
  ///
  /// A range's end that is infinite is null.
  func description(of world: some Environment, notes: [String], mayForbid: Bool) -> JSONValue {
    let idle = JointAction(idleIn: world)
    return .object([
      "schema": .text("edgewise.scenario/1"),
      "id": .text(id),
      "sha256": .text(digest),
      "environment": .text(family.name),
      "summary": .text(family.summary),
      "masks": .boolean(mayForbid),
      "state_count": .integer(world.stateCount),
      "rules": .list(ruleNames.map(JSONValue.text)),
      "notes": .list(notes.map(JSONValue.text)),
      "reward_terms": .list(
        world.rewardTerms.map {
          .object(["name": .text($0.name), "weight": .number($0.weight), "meaning": .text($0.meaning)])
        }),
      "groups": .list(
        world.groups.enumerated().map { index, group in
          .object([
            "name": .text(group.name), "count": .integer(group.count),
            "observation": .list(group.observation.fields.map(field)),
            "action": action(group.action),
            "idle": .object([
              "discrete": part(idle.discrete, idle.discreteStart[index], group.count * group.action.discreteCount) {
                .integer(Int($0))
              },
              "continuous": part(
                idle.continuous, idle.continuousStart[index], group.count * group.action.continuousCount
              ) { .number(Double($0)) },
            ]),
          ])
        }),
    ])
  }

  private func field(_ field: ObservationField) -> JSONValue {
    .object([
      "name": .text(field.name), "unit": .text(field.unit), "meaning": .text(field.meaning),
      "low": .number(Double(field.range.lowerBound)), "high": .number(Double(field.range.upperBound)),
    ])
  }

  private func action(_ space: ActionSpace) -> JSONValue {
    let low = JSONValue.list(space.ranges.map { .number(Double($0.lowerBound)) })
    let high = JSONValue.list(space.ranges.map { .number(Double($0.upperBound)) })
    return switch space {
    case .discrete(let labels):
      .object(["kind": .text("discrete"), "labels": .list(labels.map(JSONValue.text))])
    case .multiDiscrete(let options):
      .object(["kind": .text("multi_discrete"), "options": .list(options.map(JSONValue.integer))])
    case .box: .object(["kind": .text("box"), "low": low, "high": high])
    case .hybrid(let labels, _):
      .object(["kind": .text("hybrid"), "labels": .list(labels.map(JSONValue.text)), "low": low, "high": high])
    }
  }

  private func part<Value>(_ value: [Value], _ start: Int, _ count: Int, _ json: (Value) -> JSONValue) -> JSONValue {
    .list(value[start..<start + count].map(json))
  }
}
