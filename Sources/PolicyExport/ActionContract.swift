internal import Configuration
internal import Policies
internal import ReinforcementLearning

/// What a policy's actions are, as `policy.json` has them.
///
/// One choice is a list of `index` and `label`. Any other action is an object: its `kind`; `options`, the number
/// of options of each choice, with `labels` where they have names; `low` and `high`, the range of each real number,
/// with `levels` where the policy chooses among some values; and a `meaning` that says what is made of which columns.
enum ActionContract {
  static func json(_ policy: GroupPolicy) -> JSONValue {
    let head = PolicyGraph.head(of: policy)
    let meaning = JSONValue.text(head.actionMeaning)
    func numbers(_ ranges: [ClosedRange<Float>]) -> [String: JSONValue] {
      [
        "meaning": meaning,
        "low": .floats(ranges.map(\.lowerBound)),
        "high": .floats(ranges.map(\.upperBound)),
      ].merging(head.numberEntries) { own, _ in own }
    }
    switch policy.group.action {
    case .discrete(let labels):
      return .list(
        labels.enumerated().map { .object(["index": .integer($0), "label": .text($1)]) })
    case .multiDiscrete(let options):
      return .object([
        "kind": .text("multi-discrete"), "options": .list(options.map(JSONValue.integer)), "meaning": meaning,
      ])
    case .box(let ranges):
      return .object(["kind": .text("box")].merging(numbers(ranges)) { own, _ in own })
    case .hybrid(let labels, let ranges):
      let choice: [String: JSONValue] = [
        "kind": .text("hybrid"), "options": .list([.integer(labels.count)]),
        "labels": .list(labels.map(JSONValue.text)),
      ]
      return .object(choice.merging(numbers(ranges)) { own, _ in own })
    }
  }
}
