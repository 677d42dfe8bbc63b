internal import Configuration
internal import Policies
internal import ReinforcementLearning

/// What a policy's actions are, as `policy.json` has them.
///
/// One choice is a list of `index` and `label`. Any other action is an object: its `kind`; `options`, the number
/// of options of each choice, with `labels` where they have names; `low` and `high`, the range of each real number,
/// and `levels`, the values among which the policy chooses; and a `meaning` that says how columns follow each other.
enum ActionContract {
  private static let meaning =
    "the columns of q_values are the options of each choice, then the levels of each real number; those of "
    + "action_mask are the options of each choice; each choice and each real number takes its greatest permitted "
    + "value, the first of equals"

  static func json(_ policy: GroupPolicy) -> JSONValue {
    switch policy.group.action {
    case .discrete(let labels):
      return .list(
        labels.enumerated().map { .object(["index": .integer($0), "label": .text($1)]) })
    case .multiDiscrete(let options):
      return .object([
        "kind": .text("multi-discrete"), "options": .list(options.map(JSONValue.integer)), "meaning": .text(meaning),
      ])
    case .box(let ranges):
      return .object(["kind": .text("box")].merging(numbers(ranges, policy)) { own, _ in own })
    case .hybrid(let labels, let ranges):
      let choice: [String: JSONValue] = [
        "kind": .text("hybrid"), "options": .list([.integer(labels.count)]),
        "labels": .list(labels.map(JSONValue.text)),
      ]
      return .object(choice.merging(numbers(ranges, policy)) { own, _ in own })
    }
  }

  private static func numbers(_ ranges: [ClosedRange<Float>], _ policy: GroupPolicy) -> [String: JSONValue] {
    [
      "meaning": .text(meaning),
      "low": .floats(ranges.map(\.lowerBound)),
      "high": .floats(ranges.map(\.upperBound)),
      "levels": .list(policy.branches?.levels.map(JSONValue.floats) ?? []),
    ]
  }
}
