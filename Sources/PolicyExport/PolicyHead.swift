internal import Configuration
internal import Policies
internal import ReinforcementLearning

/// How a network's outputs become an action, in every form that a bundle gives it.
///
/// A head has a file of its own with a conformer, and one line in the switch of ``PolicyGraph``.
protocol PolicyHead: Sendable {
  /// Why a policy cannot be exported under this head, as the end of a sentence; nil when it can.
  static func objection(to policy: GroupPolicy) -> String?

  /// The head of a policy to which there is no objection.
  init(_ policy: GroupPolicy)

  /// The branches in each of which the greatest permitted of the leading values is taken.
  var branches: ActionBranches { get }

  /// What a graph gives before the mask: the leading values of a row; nil where there is nothing to show.
  var values: (name: String, count: Int)? { get }

  /// Adds all from the network to the action, and declares the action and the values before the mask as results.
  ///
  /// - Parameter network: what appends the network and gives its outputs the name that it is told.
  func append(to graph: inout ONNXGraph, network: (inout ONNXGraph, _ name: String) -> Void)

  /// The action for the values of one row; option 0 where a choice permits none.
  func action(of values: [Float], permitted mask: [Bool]) -> HeadAction

  /// How columns follow each other and what is made of them, as `policy.json` says it under `actions`.
  var actionMeaning: String { get }

  /// What `policy.json` says of real numbers besides their ranges.
  var numberEntries: [String: JSONValue] { get }

  /// What the values before the mask are, as `policy.json` has them under their name.
  var valuesEntry: JSONValue { get }

  /// Whether an observation that is not a number gives real numbers that are none either.
  var passesNaN: Bool { get }
}

/// An action as a head makes it of a row.
package struct HeadAction: Sendable, Equatable {
  /// The option of each choice.
  package let integers: [Int]
  /// The real numbers.
  package let reals: [Float]
}
