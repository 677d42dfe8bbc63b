internal import Configuration
internal import Policies

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
    var evaluation = ModelEvaluation(model.policy, parameters: model.parameterIndex)
    var inputs = [PolicyGraph.observation: JSONValue.list(rows.map { .floats($0.observation) })]
    let outputs: [String: JSONValue]
    switch model.policy.head {
    case .greedyValue:
      inputs[GreedyValueHead.mask] = .list(rows.map { .list($0.mask.map(JSONValue.boolean)) })
      outputs = GreedyValueHead.answers(&evaluation, rows)
    }
    return .object([
      "purpose": .list(rows.map { .text($0.purpose) }),
      "inputs": .object(inputs),
      "outputs": .object(outputs),
    ])
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
