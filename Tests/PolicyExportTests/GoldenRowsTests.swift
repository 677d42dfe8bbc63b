import Foundation
import NeuralNetworks
import Policies
import PolicyExport
import ReinforcementLearning
import Testing

struct GoldenRowsTests {
  struct Golden: Decodable {
    struct Model: Decodable {
      struct Inputs: Decodable {
        let observation: [[Float]]
        let action_mask: [[Bool]]
      }
      struct Outputs: Decodable {
        let q_values: [[Float]]
        let action: [Int]
      }
      let purpose: [String]
      let inputs: Inputs
      let outputs: Outputs
    }
    let schema: String
    let tolerance: Double
    let models: [String: Model]

    static func of(_ policies: PolicySet) throws -> Golden {
      let files = try PolicyBundle.files(of: policies, origin: SamplePolicies.origin, path: "bundle")
      let golden = try #require(files.first { $0.name == "golden.json" })
      return try JSONDecoder().decode(Golden.self, from: Data(golden.bytes))
    }
  }

  static let cases: [(file: String, group: AgentGroup)] = [
    ("vehicle.onnx", SamplePolicies.vehicle), ("drone-0.onnx", SamplePolicies.drone),
    ("drone-1.onnx", SamplePolicies.drone),
  ]

  @Test func `has at least 32 rows for each model`() throws {
    let golden = try Golden.of(SamplePolicies.set())
    #expect(golden.schema == "edgewise.golden/1" && golden.tolerance == 1e-4)
    #expect(golden.models.keys.sorted() == Self.cases.map(\.file).sorted())
    for (file, group) in Self.cases {
      let model = try #require(golden.models[file])
      let counts = [
        model.purpose.count, model.inputs.observation.count, model.inputs.action_mask.count,
        model.outputs.q_values.count, model.outputs.action.count,
      ]
      #expect(counts.allSatisfy { $0 == counts[0] && $0 >= 32 })
      #expect(model.inputs.observation.allSatisfy { $0.count == group.observation.count })
      #expect(model.inputs.action_mask.allSatisfy { $0.count == group.action.maskCount && $0.contains(true) })
    }
  }

  @Test func `visits both bounds of each field and lets every action win`() throws {
    let golden = try Golden.of(SamplePolicies.set())
    for (file, group) in Self.cases {
      let model = try #require(golden.models[file])
      #expect(Set(model.outputs.action) == Set(0..<group.action.maskCount))
      for (index, field) in group.observation.fields.enumerated() {
        for (bound, word) in [(field.range.lowerBound, "low"), (field.range.upperBound, "high")] {
          let row = try #require(model.purpose.firstIndex(of: "\(field.name) at its \(word) bound"))
          if bound.isFinite { #expect(model.inputs.observation[row][index] == bound) }
        }
      }
    }
  }

  @Test func `has rows whose best action is masked and rows far beyond the ranges`() throws {
    let golden = try Golden.of(SamplePolicies.set())
    for (file, group) in Self.cases {
      let model = try #require(golden.models[file])
      let masked = model.purpose.indices.filter { row in
        let values = model.outputs.q_values[row]
        let best = values.indices.max { values[$0] < values[$1] }
        return best.map { !model.inputs.action_mask[row][$0] } ?? false
      }
      #expect(masked.count >= 4)
      let beyond = model.inputs.observation.filter { row in
        zip(row, group.observation.fields).contains { !$1.range.contains($0) && abs($0) > 1000 }
      }
      #expect(beyond.count >= 2)
    }
  }

  @Test func `gives what the graph gives, evaluated in Double`() throws {
    let policies = SamplePolicies.set()
    let golden = try Golden.of(policies)
    for (policy, index, file) in [(0, 0, "vehicle.onnx"), (1, 0, "drone-0.onnx"), (1, 1, "drone-1.onnx")] {
      let graph = PolicyGraph.make(policies.groups[policy], parameters: index)
      let model = try #require(golden.models[file])
      for row in model.purpose.indices {
        let mask = model.inputs.action_mask[row]
        let tensors = GraphInterpreter.run(
          graph,
          [
            "observation": model.inputs.observation[row].map(Double.init),
            "action_mask": mask.map { $0 ? 1 : 0 },
          ])
        let exact = try #require(tensors["q_values"])
        for (ours, value) in zip(model.outputs.q_values[row], exact) {
          #expect(abs(Double(ours) - value) <= 1e-4 * max(1, abs(value)))
        }
        let chosen = model.outputs.action[row]
        #expect(mask[chosen])
        let best = exact.indices.filter { mask[$0] }.map { exact[$0] }.max() ?? .nan
        #expect(exact[chosen] >= best - 1e-4 * max(1, abs(best)))
      }
    }
  }

  @Test func `chooses the lowest action where all values are equal`() throws {
    let network = Network.mlp(inputs: 3, hidden: [2], outputs: 4)
    let policy = GroupPolicy(
      group: SamplePolicies.drone, head: .greedyValue, network: network, normalizer: .identity(3),
      parameters: [ParameterVector(layout: network.layout)])
    let golden = try Golden.of(PolicySet(algorithm: "dqn", groups: [policy]))
    let model = try #require(golden.models["drone.onnx"])
    for row in model.purpose.indices {
      #expect(model.outputs.action[row] == model.inputs.action_mask[row].firstIndex(of: true))
      #expect(model.outputs.q_values[row] == [0, 0, 0, 0])
    }
    #expect(Set(model.outputs.action) == [0, 1, 2, 3])
  }

  @Test func `refuses a policy whose outputs overflow`() throws {
    let network = Network.mlp(inputs: 3, hidden: [2], outputs: 4)
    let parameters = ParameterVector(
      layout: network.layout, values: [Float](repeating: 1e38, count: network.layout.count))
    let policy = GroupPolicy(
      group: SamplePolicies.drone, head: .greedyValue, network: network, normalizer: .identity(3),
      parameters: [parameters])
    let error = #expect(throws: ExportError.self) {
      try Golden.of(PolicySet(algorithm: "dqn", groups: [policy]))
    }
    #expect(
      error?.description
        == "bundle: group \"drone\": the outputs of q overflow (every field in the middle of its range)"
    )
  }
}
