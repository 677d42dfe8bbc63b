internal import Policies
package import ReinforcementLearning

/// The names of what a graph answers as an action, and how it makes it of action values.
package enum ActionPort {
  /// The input that says which options of the world's choices are permitted: `[batch, maskCount]`.
  package static let mask = "action_mask"
  /// The action where it is integers or real numbers: int64 `[batch]` for one choice, int64 `[batch, k]` for
  /// several, float32 `[batch, d]` for real numbers.
  package static let action = "action"
  /// The choice of an action that has both: int64 `[batch]`.
  package static let discrete = "action_discrete"
  /// The real numbers of an action that has both: float32 `[batch, d]`.
  package static let continuous = "action_continuous"

  /// The name of an action's integers; nil where it has none.
  package static func integers(of space: ActionSpace) -> String? {
    switch space {
    case .discrete, .multiDiscrete: action
    case .box: nil
    case .hybrid: discrete
    }
  }

  /// The name of an action's real numbers; nil where it has none.
  package static func reals(of space: ActionSpace) -> String? {
    switch space {
    case .discrete, .multiDiscrete: nil
    case .box: action
    case .hybrid: continuous
    }
  }
}

/// What heads share: the choice of the greatest permitted value.
extension ONNXGraph {
  /// Adds the integers of an action and declares them as a result: in each choice the option of the greatest
  /// permitted value, the lowest on a tie. Nothing where an action has no choices.
  ///
  /// The mask selects, it is not added: `Where(action_mask, values, −∞)`.
  ///
  /// - Parameters:
  ///   - count: the columns of `values`, of which the leading ones are the options of the choices.
  ///   - values: the matrix [batch, count].
  mutating func appendIntegers(
    _ space: ActionSpace, _ branches: ActionBranches, of count: Int, reading values: String
  ) {
    guard let name = ActionPort.integers(of: space) else { return }
    let options = appendColumns(0..<branches.maskCount, of: count, reading: values, to: "choice_values")
    let forbidden = constant("forbidden", shape: [], [-.infinity])
    let permitted = node("Where", [ActionPort.mask, options, forbidden], to: "permitted_values")
    guard case .multiDiscrete = space else {
      node("ArgMax", [permitted], to: name, ["axis": 1, "keepdims": 0, "select_last_index": 0])
      return output(name, .int64)
    }
    var choices: [String] = []
    var first = 0
    for choice in 0..<branches.integers {
      let options = first..<first + branches.options[choice]
      choices.append(
        appendBranch("choice.\(choice)", options, of: branches.maskCount, reading: permitted))
      first = options.upperBound
    }
    node("Concat", choices, to: name, ["axis": 1])
    output(name, .int64, columns: branches.integers)
  }

  /// Adds the best option of one branch as a column [batch, 1].
  mutating func appendBranch(
    _ name: String, _ options: Range<Int>, of count: Int, reading values: String
  ) -> String {
    let own = appendColumns(options, of: count, reading: values, to: "\(name).values")
    return node("ArgMax", [own], to: "\(name).option", ["axis": 1, "keepdims": 1, "select_last_index": 0])
  }
}
