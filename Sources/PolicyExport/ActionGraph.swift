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

extension ONNXGraph {
  /// Adds the action that has the greatest permitted value in each branch, the lowest option on a tie, and
  /// declares it as a result.
  ///
  /// The mask selects, it is not added: `Where(action_mask, values, −∞)`.
  mutating func appendAction(_ space: ActionSpace, _ branches: ActionBranches, reading values: String) {
    var permitted = values
    if branches.maskCount > 0 {
      let choices = appendColumns(
        0..<branches.maskCount, of: branches.count, reading: values, to: "choice_values")
      let forbidden = constant("forbidden", shape: [], [-.infinity])
      permitted = node("Where", [ActionPort.mask, choices, forbidden], to: "permitted_values")
    }
    if let name = ActionPort.integers(of: space) {
      appendIntegers(space, branches, reading: permitted, to: name)
    }
    if let name = ActionPort.reals(of: space) {
      appendReals(branches, reading: values, to: name)
    }
  }

  private mutating func appendIntegers(
    _ space: ActionSpace, _ branches: ActionBranches, reading permitted: String, to name: String
  ) {
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

  private mutating func appendReals(_ branches: ActionBranches, reading values: String, to name: String) {
    var numbers: [String] = []
    var first = branches.maskCount
    for (number, levels) in branches.levels.enumerated() {
      let options = first..<first + levels.count
      let level = appendBranch("number.\(number)", options, of: branches.count, reading: values)
      let table = constant("number.\(number).levels", shape: [levels.count], levels)
      numbers.append(node("Gather", [table, level], to: "number.\(number)", ["axis": 0]))
      first = options.upperBound
    }
    node("Concat", numbers, to: name, ["axis": 1])
    output(name, .float32, columns: branches.levels.count)
  }

  /// Adds the best option of one branch as a column [batch, 1].
  private mutating func appendBranch(
    _ name: String, _ options: Range<Int>, of count: Int, reading values: String
  ) -> String {
    let own = appendColumns(options, of: count, reading: values, to: "\(name).values")
    return node("ArgMax", [own], to: "\(name).option", ["axis": 1, "keepdims": 1, "select_last_index": 0])
  }
}
