internal import Policies
internal import ReinforcementLearning

/// One model of a bundle: a set of parameters, the file it is in and the agents for which it acts.
struct BundleModel {
  /// The group's index in the policy set.
  let group: Int
  let policy: GroupPolicy
  let parameterIndex: Int
  let graph: ONNXGraph
  let goldenRows: [GoldenRow]

  /// The model's file: `vehicle.onnx` where the agents share it, else `vehicle-3.onnx`.
  var file: String { Self.file(policy, parameterIndex) }

  /// The indices, within the group, of the agents for which it acts.
  var agents: [Int] {
    (0..<policy.group.count).filter { policy.parameterIndex(ofAgent: $0) == parameterIndex }
  }

  /// All models of a policy set, in the order of the groups; `path` is what an error names.
  static func all(of policies: PolicySet, path: String) throws(ExportError) -> [BundleModel] {
    guard !policies.groups.isEmpty else {
      throw ExportError(.unsuitablePolicy, path: path, reason: "the policy acts for no group of agents")
    }
    var models: [BundleModel] = []
    var files: Set<String> = []
    for (group, policy) in policies.groups.enumerated() {
      let name = policy.group.name
      let objection = objection(toName: name) ?? PolicyGraph.objection(to: policy)
      if let objection {
        throw ExportError(
          .unsuitablePolicy, path: path, reason: "group \(name.debugDescription): \(objection)")
      }
      for index in policy.parameters.indices {
        let file = file(policy, index)
        guard files.insert(file).inserted else {
          throw ExportError(.unsuitablePolicy, path: path, reason: "two models would be called \(file)")
        }
        let golden = GoldenRows(policy, parameters: index)
        if let overflow = golden.overflow {
          throw ExportError(
            .unsuitablePolicy, path: path,
            reason:
              "group \(name.debugDescription): the outputs of "
              + "\(policy.networkName(index)) overflow (\(overflow))"
          )
        }
        let graph = PolicyGraph.make(policy, parameters: index)
        models.append(
          BundleModel(
            group: group, policy: policy, parameterIndex: index, graph: graph, goldenRows: golden.rows))
      }
    }
    return models
  }

  private static func file(_ policy: GroupPolicy, _ index: Int) -> String {
    policy.isShared ? "\(policy.group.name).onnx" : "\(policy.group.name)-\(index).onnx"
  }

  private static func objection(toName name: String) -> String? {
    let plain = name.unicodeScalars.allSatisfy {
      $0.value >= 32 && $0.value != 127 && $0 != "/" && $0 != "\\"
    }
    return plain && !name.isEmpty && !name.hasPrefix(".") ? nil : "this name cannot be part of a file's name"
  }
}
