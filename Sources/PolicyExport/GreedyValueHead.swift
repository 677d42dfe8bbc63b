internal import Configuration
internal import NeuralNetworks
internal import Policies
internal import ReinforcementLearning

/// The head `argmax-q`: action values, of which in each branch the greatest permitted one is taken, the lowest
/// option on a tie.
struct GreedyValueHead: PolicyHead {
  /// The action values before the mask: `[batch, options]`.
  static let values = "q_values"

  let branches: ActionBranches
  private let head: ValueHead
  private let space: ActionSpace

  static func objection(to policy: GroupPolicy) -> String? {
    guard let branches = policy.branches else {
      return "its real numbers have no levels, among which a policy of the kind \(policy.head.rawValue) chooses"
    }
    let (outputs, atoms) = (policy.network.outputCount, policy.values.atoms)
    guard outputs == branches.count * atoms else {
      let wanted = atoms == 1 ? "\(branches.count) actions" : "\(branches.count) actions of \(atoms) atoms"
      return "the network gives \(outputs) values for \(wanted)"
    }
    return nil
  }

  init(_ policy: GroupPolicy) {
    guard let branches = policy.branches else { preconditionFailure(Self.objection(to: policy) ?? "") }
    (self.branches, head, space) = (branches, policy.values, policy.group.action)
  }

  var values: (name: String, count: Int)? { (Self.values, branches.count) }

  func append(to graph: inout ONNXGraph, network: (inout ONNXGraph, _ name: String) -> Void) {
    graph.appendValues(head, options: branches.count, to: Self.values, of: network)
    graph.appendIntegers(space, branches, of: branches.count, reading: Self.values)
    if let name = ActionPort.reals(of: space) {
      graph.appendLevels(branches, reading: Self.values, to: name)
      graph.output(name, .float32, columns: branches.levels.count)
    }
    graph.output(Self.values, .float32, columns: branches.count)
  }

  func action(of values: [Float], permitted mask: [Bool]) -> HeadAction {
    let choices = branches.choices(of: values, permitted: mask) ?? branches.options.map { _ in 0 }
    return HeadAction(
      integers: Array(choices[..<branches.integers]),
      reals: zip(branches.levels, choices[branches.integers...]).map { $0[$1] })
  }

  var actionMeaning: String {
    "the columns of q_values are the options of each choice, then the levels of each real number; those of "
      + "action_mask are the options of each choice; each choice and each real number takes its greatest permitted "
      + "value, the first of equals"
  }

  var numberEntries: [String: JSONValue] { ["levels": .list(branches.levels.map(JSONValue.floats))] }

  var valuesEntry: JSONValue { ValueContract.json(head) }

  var passesNaN: Bool { false }
}

extension ONNXGraph {
  /// Adds the level of the greatest value of each real number.
  fileprivate mutating func appendLevels(_ branches: ActionBranches, reading values: String, to output: String) {
    var numbers: [String] = []
    var first = branches.maskCount
    for (number, levels) in branches.levels.enumerated() {
      let options = first..<first + levels.count
      let level = appendBranch("number.\(number)", options, of: branches.count, reading: values)
      let table = constant("number.\(number).levels", shape: [levels.count], levels)
      numbers.append(node("Gather", [table, level], to: "number.\(number)", ["axis": 0]))
      first = options.upperBound
    }
    node("Concat", numbers, to: output, ["axis": 1])
  }
}
