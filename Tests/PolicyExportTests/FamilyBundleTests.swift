import Foundation
import NeuralNetworks
import Policies
import PolicyExport
import ReinforcementLearning
import Testing

/// What `policy.json` and `golden.json` say of the members of ``SampleFamily``.
struct FamilyBundleTests {
  private func file(_ name: String) throws -> [String: Any] {
    let files = try PolicyBundle.files(of: SampleFamily.set, origin: SamplePolicies.origin, path: "bundle")
    let file = try #require(files.first { $0.name == name })
    return try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
  }

  private func groups() throws -> [String: [String: Any]] {
    let groups = try #require(try file("policy.json")["groups"] as? [[String: Any]])
    return Dictionary(uniqueKeysWithValues: groups.map { ($0["name"] as? String ?? "", $0) })
  }

  @Test func `actions other than one choice are described by kind, options, ranges and levels`() throws {
    let groups = try groups()
    let joint = try #require(groups["joint"]?["actions"] as? [String: Any])
    #expect(joint["kind"] as? String == "multi-discrete" && joint["options"] as? [Int] == [3, 4])
    #expect((joint["meaning"] as? String)?.contains("columns of q_values") == true && joint.count == 3)
    let numbers = try #require(groups["numbers"]?["actions"] as? [String: Any])
    #expect(numbers["kind"] as? String == "box" && numbers["low"] as? [Double] == [-2, 0])
    #expect(numbers["high"] as? [Double] == [2, 0.3])
    let levels = try #require(numbers["levels"] as? [[Double]])
    for (own, range) in zip(levels, [(-2, 2), (0, 0.3)] as [(Double, Double)]) {
      #expect(own.count == 4 && own.first == range.0 && own.last == range.1)
      for (index, level) in own.enumerated() {
        #expect(abs(level - (range.0 + (range.1 - range.0) * Double(index) / 3)) < 1e-6)
      }
    }
    #expect(levels.map { $0.map(Float.init) } == SampleFamily.numbers.branches?.levels)
    let hybrid = try #require(groups["hybrid"]?["actions"] as? [String: Any])
    #expect(hybrid["kind"] as? String == "hybrid" && hybrid["labels"] as? [String] == ["wait", "send"])
    #expect(hybrid["options"] as? [Int] == [2] && hybrid["low"] as? [Double] == [0])
    #expect((groups["rainbow"]?["actions"] as? [[String: Any]])?.count == 4)
  }

  @Test func `a policy with memory says how its state is begun and carried on`() throws {
    let groups = try groups()
    for (name, width) in [("recurrent", 10), ("stacked", 14)] {
      let memory = try #require(groups[name]?["memory"] as? [String: Any])
      #expect(memory["input"] as? String == "state_in" && memory["output"] as? String == "state_out")
      #expect(memory["width"] as? Int == width)
      #expect((memory["meaning"] as? String)?.contains("zeros when an agent's trajectory begins") == true)
    }
    #expect(groups.values.filter { $0["memory"] != nil }.count == 2)
    let refusals = try #require(try file("policy.json")["refuse_before_inference"] as? [String: String])
    #expect(refusals["state_in"]?.contains("NaN") == true)
  }

  @Test func `the meaning of the values follows the head`() throws {
    let groups = try groups()
    func values(_ name: String) throws -> [String: Any] {
      try #require(groups[name]?["q_values"] as? [String: Any])
    }
    #expect(try values("joint")["kind"] as? String == "expected")
    let rainbow = try values("rainbow")
    #expect(rainbow["kind"] as? String == "categorical" && rainbow["atoms"] as? Int == 51)
    #expect(rainbow["minimum"] as? Double == -10 && rainbow["maximum"] as? Double == 10)
    let quantiles = try values("quantiles")
    #expect(quantiles["kind"] as? String == "quantile" && quantiles["atoms"] as? Int == 32)
  }

  /// The rows of one model in `golden.json`.
  private struct Rows {
    let inputs: [String: [Any]]
    let outputs: [String: [Any]]

    init(_ golden: [String: Any], _ file: String) throws {
      let models = try #require(golden["models"] as? [String: [String: Any]])
      inputs = try #require(models[file]?["inputs"] as? [String: [Any]])
      outputs = try #require(models[file]?["outputs"] as? [String: [Any]])
    }

    func numbers(_ name: String) throws -> [[Double]] {
      let column = try #require(inputs[name] ?? outputs[name])
      return try column.map { try #require(($0 as? [Double]) ?? ($0 as? Double).map { [$0] }) }
    }
  }

  @Test func `golden rows have a column for each port and a win for each option of each branch`() throws {
    let golden = try file("golden.json")
    for policy in SampleFamily.members {
      let branches = try #require(policy.branches)
      for index in policy.parameters.indices {
        let graph = PolicyGraph.make(policy, parameters: index)
        let rows = try Rows(
          golden, policy.isShared ? "\(policy.group.name).onnx" : "\(policy.group.name)-\(index).onnx")
        #expect(Set(rows.inputs.keys) == Set(graph.inputs.map(\.name)))
        #expect(Set(rows.outputs.keys) == Set(graph.outputs.map(\.name)))
        let columns = Array(rows.inputs.values) + Array(rows.outputs.values)
        #expect(columns.allSatisfy { $0.count == columns[0].count && $0.count >= 32 })
        if let name = ActionPort.integers(of: policy.group.action) {
          let chosen = try rows.numbers(name)
          for branch in 0..<branches.integers {
            #expect(Set(chosen.map { Int($0[branch]) }) == Set(0..<branches.options[branch]), "\(policy.group.name)")
          }
        }
        if let name = ActionPort.reals(of: policy.group.action) {
          let chosen = try rows.numbers(name)
          for (number, levels) in branches.levels.enumerated() {
            #expect(Set(chosen.map { Float($0[number]) }) == Set(levels), "\(policy.group.name)")
          }
        }
      }
    }
  }

  @Test func `an option that never wins by itself wins where its choice has no better one left`() throws {
    var groups = [SampleFamily.joint, SampleFamily.stacked]
    for index in groups.indices {
      groups[index].parameters = [ParameterVector(layout: groups[index].network.layout)]
    }
    let files = try PolicyBundle.files(
      of: PolicySet(algorithm: "dqn", groups: groups), origin: SamplePolicies.origin, path: "bundle")
    let bytes = try #require(files.first { $0.name == "golden.json" }).bytes
    let golden = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    for policy in groups {
      let branches = try #require(policy.branches)
      let rows = try Rows(golden, "\(policy.group.name).onnx")
      let chosen = try rows.numbers(try #require(ActionPort.integers(of: policy.group.action)))
      let masks = try #require(rows.inputs["action_mask"] as? [[Bool]])
      var first = 0
      for (branch, options) in branches.options[..<branches.integers].enumerated() {
        #expect(Set(chosen.map { Int($0[branch]) }) == Set(0..<options))
        for (mask, choice) in zip(masks, chosen) {
          #expect(mask[first..<first + options].firstIndex(of: true) == first + Int(choice[branch]))
        }
        first += options
      }
      #expect(masks.allSatisfy { $0.count == branches.maskCount })
    }
    let levels = try Rows(golden, "stacked.onnx").numbers("action_continuous")
    #expect(Set(levels) == [[-1]])
  }

  @Test func `golden rows begin trajectories and go on from states between minus one and one`() throws {
    let golden = try file("golden.json")
    for (name, width) in [("recurrent", 10), ("stacked", 14)] {
      let states = try Rows(golden, "\(name).onnx").numbers("state_in")
      #expect(states.allSatisfy { $0.count == width && $0.allSatisfy { abs($0) <= 1 } })
      let zeros = states.filter { $0.allSatisfy { $0 == 0 } }
      #expect(zeros.count >= 8 && states.count - zeros.count >= 4)
    }
  }

  @Test func `golden answers are what the graph gives, evaluated in Double`() throws {
    let golden = try file("golden.json")
    for policy in SampleFamily.members {
      for index in policy.parameters.indices {
        let graph = PolicyGraph.make(policy, parameters: index)
        let rows = try Rows(
          golden, policy.isShared ? "\(policy.group.name).onnx" : "\(policy.group.name)-\(index).onnx")
        let inputs = try graph.inputs.map { ($0.name, try rows.numbers($0.name)) }
        for row in 0..<(inputs.first?.1.count ?? 0) {
          let exact = GraphInterpreter.run(graph, Dictionary(uniqueKeysWithValues: inputs.map { ($0, $1[row]) }))
          for port in graph.outputs where port.type == .float32 && !port.name.hasPrefix("action") {
            for (ours, value) in zip(try rows.numbers(port.name)[row], exact[port.name] ?? []) {
              #expect(abs(ours - value) <= 1e-4 * max(1, abs(value)), "\(policy.group.name), row \(row)")
            }
          }
        }
      }
    }
  }

  @Test func `a policy with memory whose parameters are not finite is refused`() {
    var policy = SampleFamily.stacked
    policy.parameters[0].values[0] = .infinity
    let error = #expect(throws: ExportError.self) {
      try PolicyBundle.files(
        of: PolicySet(algorithm: "dqn", groups: [policy]), origin: SamplePolicies.origin, path: "out")
    }
    #expect(
      error?.description
        == "out: group \"stacked\": layers.0.weight_ih of q holds inf, which is not a finite number")
  }
}
