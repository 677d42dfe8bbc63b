internal import Configuration
internal import Policies
internal import ReinforcementLearning

/// Inputs and our own answers for each model of a bundle, as `golden.json` has them.
///
/// `models.<file>` has `purpose` (why each row is there), `inputs` and `outputs`, both under the names of the
/// graph's tensors with a list of rows each.
enum GoldenSet {
  static let schema = "edgewise.golden/1"

  static func json(_ models: [BundleModel]) -> JSONValue {
    var entries: [String: JSONValue] = [:]
    for model in models { entries[model.file] = entry(model) }
    return .object([
      "schema": .text(schema),
      "tolerance": .number(PolicyContract.tolerance),
      "models": .object(entries),
    ])
  }

  private static func entry(_ model: BundleModel) -> JSONValue {
    let rows = model.goldenRows
    let answers = GoldenAnswers(model)
    let columns = Dictionary(
      uniqueKeysWithValues: [
        (PolicyGraph.observation, rows.map { JSONValue.floats($0.observation) }),
        (ActionPort.mask, rows.map { .list($0.mask.map(JSONValue.boolean)) }),
        (PolicyGraph.stateInput, rows.map { .floats($0.state) }),
      ])
    return .object([
      "purpose": .list(rows.map { .text($0.purpose) }),
      "inputs": entries(of: model.graph.inputs, columns),
      "outputs": entries(of: model.graph.outputs, answers.columns),
    ])
  }

  /// The columns that the graph has ports for.
  private static func entries(of ports: [ONNXGraph.Port], _ columns: [String: [JSONValue]]) -> JSONValue {
    .object(Dictionary(uniqueKeysWithValues: ports.map { ($0.name, .list(columns[$0.name] ?? [])) }))
  }
}

/// Our own answers to the golden rows of a model, under the names of the graph's outputs.
private struct GoldenAnswers {
  private(set) var columns: [String: [JSONValue]] = [:]

  init(_ model: BundleModel) {
    let space = model.policy.group.action
    let head = PolicyGraph.head(of: model.policy)
    var evaluation = ModelEvaluation(model.policy, parameters: model.parameterIndex)
    for row in model.goldenRows {
      let answer = evaluation.answer(to: row.observation, state: row.state)
      if let (name, count) = head.values {
        columns[name, default: []].append(.floats(Array(answer.values[..<count])))
      }
      columns[PolicyGraph.stateOutput, default: []].append(.floats(answer.state))
      let action = evaluation.action(of: answer, permitted: row.mask)
      if let name = ActionPort.integers(of: space) {
        columns[name, default: []].append(Self.integers(action.integers, of: space))
      }
      if let name = ActionPort.reals(of: space) { columns[name, default: []].append(.floats(action.reals)) }
    }
  }

  /// A number for one choice, a list where there may be several.
  private static func integers(_ choices: [Int], of space: ActionSpace) -> JSONValue {
    if case .multiDiscrete = space { return .list(choices.map(JSONValue.integer)) }
    return .integer(choices.first ?? 0)
  }
}

extension JSONValue {
  /// A `Float` with as few digits as tell it from its neighbours; null if it is infinite or not a number.
  static func float(_ value: Float) -> JSONValue {
    guard value.isFinite else { return .null }
    guard let short = Double(value.description), Float(short) == value else { return .number(Double(value)) }
    return .number(short)
  }

  static func floats(_ values: [Float]) -> JSONValue { .list(values.map(JSONValue.float)) }
}
