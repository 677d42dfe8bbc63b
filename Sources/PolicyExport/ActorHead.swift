internal import Configuration
internal import NeuralNetworks
internal import Policies
internal import ReinforcementLearning

/// The head `actor`: logits, of which in each choice the greatest permitted one is taken, the lowest option on a
/// tie; and real numbers, squashed into their ranges. Without noise.
struct ActorHead: PolicyHead {
  /// The logits before the mask: `[batch, options]`.
  static let logits = "logits"

  private let outputs: ActorOutputs
  private let space: ActionSpace
  let branches: ActionBranches

  static func objection(to policy: GroupPolicy) -> String? {
    guard let outputs = policy.actorOutputs else {
      return "a real number of its actions has a range without end, into which nothing can be squashed"
    }
    guard policy.network.outputCount == outputs.count else {
      return "the network gives \(policy.network.outputCount) values for \(outputs.logitCount) options and "
        + "\(outputs.ranges.count) real numbers"
    }
    return nil
  }

  init(_ policy: GroupPolicy) {
    guard let outputs = policy.actorOutputs, let branches = ActionBranches(.multiDiscrete(outputs.choices)) else {
      preconditionFailure(Self.objection(to: policy) ?? "")
    }
    (self.outputs, self.branches, space) = (outputs, branches, policy.group.action)
  }

  var values: (name: String, count: Int)? {
    outputs.logitCount > 0 ? (Self.logits, outputs.logitCount) : nil
  }

  func append(to graph: inout ONNXGraph, network: (inout ONNXGraph, _ name: String) -> Void) {
    let whole = outputs.ranges.isEmpty ? Self.logits : "outputs"
    network(&graph, whole)
    if outputs.logitCount > 0 {
      let logits = graph.appendColumns(0..<outputs.logitCount, of: outputs.count, reading: whole, to: Self.logits)
      graph.appendIntegers(space, branches, of: outputs.logitCount, reading: logits)
    }
    if let name = ActionPort.reals(of: space) {
      graph.appendSquashed(outputs, reading: whole, to: name)
      graph.output(name, .float32, columns: outputs.ranges.count)
    }
    if let values { graph.output(values.name, .float32, columns: values.count) }
  }

  func action(of values: [Float], permitted mask: [Bool]) -> HeadAction {
    var discrete = [Int32](repeating: 0, count: outputs.choices.count)
    var continuous = [Float](repeating: 0, count: outputs.ranges.count)
    outputs.writeGreedy(values.span, permitted: mask.span, into: &discrete, at: 0, &continuous, at: 0)
    return HeadAction(integers: discrete.map(Int.init), reals: continuous)
  }

  var actionMeaning: String {
    var parts: [String] = []
    if !outputs.choices.isEmpty {
      parts.append(
        "the columns of logits and of action_mask are the options of each choice; each choice takes its option of "
          + "the greatest permitted logit, the first of equals")
    }
    if !outputs.ranges.isEmpty {
      parts.append(
        "each real number is (low + high) / 2 + (high - low) / 2 * tanh(x) of an output x of the network, without "
          + "noise, and lies in its range")
    }
    return parts.joined(separator: "; ")
  }

  var numberEntries: [String: JSONValue] { [:] }

  var valuesEntry: JSONValue {
    .object([
      "meaning": .text(
        "the logit of each option, before the mask; the softmax over the permitted options of a choice is the "
          + "probability with which the actor took each while it learned")
    ])
  }

  var passesNaN: Bool { !outputs.ranges.isEmpty }
}

extension ONNXGraph {
  /// Adds the real numbers of an actor: `low/2 + high/2 + (high/2 − low/2) · tanh(x)`, held within low and high.
  fileprivate mutating func appendSquashed(_ outputs: ActorOutputs, reading input: String, to output: String) {
    let count = outputs.ranges.count
    func constant(_ graph: inout ONNXGraph, _ name: String, _ value: (ClosedRange<Float>) -> Float) -> String {
      graph.constant("\(output).\(name)", shape: [count], outputs.ranges.map(value))
    }
    let half = constant(&self, "half") { $0.upperBound / 2 - $0.lowerBound / 2 }
    let middle = constant(&self, "middle") { $0.lowerBound / 2 + $0.upperBound / 2 }
    let low = constant(&self, "low", \.lowerBound)
    let high = constant(&self, "high", \.upperBound)
    let numbers = appendColumns(
      outputs.logitCount..<outputs.count, of: outputs.count, reading: input, to: "\(output).numbers")
    let place = node("Tanh", [numbers], to: "\(output).place")
    let scaled = node("Mul", [place, half], to: "\(output).scaled")
    let shifted = node("Add", [scaled, middle], to: "\(output).shifted")
    let raised = node("Max", [shifted, low], to: "\(output).raised")
    node("Min", [raised, high], to: output)
  }
}
