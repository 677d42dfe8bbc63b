internal import NeuralNetworks
package import Policies

/// Our own forward pass of one exported model, row by row: normaliser, network and head, without noise.
package struct ModelEvaluation {
  /// What a model answers to a row.
  package struct Answer: Sendable, Equatable {
    /// What the head reads, before the mask: the value of each option of all branches, or an actor's outputs.
    package let values: [Float]
    /// The recurrent state behind the step; empty for a network without memory.
    package let state: [Float]

    /// Whether all numbers are finite.
    var isFinite: Bool { values.allSatisfy(\.isFinite) && state.allSatisfy(\.isFinite) }
  }

  private let parameters: ParameterVector
  private let head: any PolicyHead
  private var evaluation: ValueEvaluation

  /// An evaluation of the policy under one set of its parameters.
  package init(_ policy: GroupPolicy, parameters index: Int) {
    parameters = policy.parameters[index]
    head = PolicyGraph.head(of: policy)
    evaluation = ValueEvaluation(policy.network, policy.normalizer, head: policy.values, rows: 1)
  }

  /// The number of values in an answer.
  var valueCount: Int { evaluation.values.count }

  /// The answer to one observation in physical units.
  ///
  /// - Parameters:
  ///   - observation: a value for each field.
  ///   - state: what the last step left; empty for the zeros with which a trajectory begins.
  package mutating func answer(to observation: [Float], state: [Float] = []) -> Answer {
    if state.isEmpty {
      evaluation.forget(row: 0)
    } else {
      precondition(
        state.count == evaluation.stateCount, "a state of \(state.count) values for \(evaluation.stateCount)")
      evaluation.state = state
    }
    evaluation.evaluate(observation.span, rows: 0..<1, under: parameters)
    return Answer(values: evaluation.values, state: evaluation.state)
  }

  /// The action that an answer makes under a mask; option 0 where a choice permits none.
  package func action(of answer: Answer, permitted mask: [Bool]) -> HeadAction {
    head.action(of: answer.values, permitted: mask)
  }
}

extension ActionBranches {
  /// The permitted option of the greatest value in each branch, the lowest on a tie; nil when a branch permits none.
  package func choices(of values: [Float], permitted mask: [Bool]) -> [Int]? {
    var choices: [Int] = []
    var first = 0
    for branch in options.indices {
      guard let choice = greedyOption(values.span, permitted: mask.span, branch: branch, from: first) else {
        return nil
      }
      choices.append(choice)
      first += options[branch]
    }
    return choices
  }
}
