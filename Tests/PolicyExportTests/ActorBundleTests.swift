import Foundation
import NeuralNetworks
import Policies
import PolicyExport
import ReinforcementLearning
import Testing

/// What `policy.json` and `golden.json` say of the members of ``SampleActors``.
struct ActorBundleTests {
  typealias Object = [String: Any]

  private func file(_ name: String, of policies: PolicySet = SampleActors.set) throws -> Object {
    let files = try PolicyBundle.files(of: policies, origin: SamplePolicies.origin, path: "bundle")
    let file = try #require(files.first { $0.name == name })
    return try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? Object)
  }

  private func groups() throws -> [String: Object] {
    let groups = try #require(try file("policy.json")["groups"] as? [Object])
    return Dictionary(uniqueKeysWithValues: groups.map { ($0["name"] as? String ?? "", $0) })
  }

  @Test func `an actor is described by its logits and ranges, without values and levels`() throws {
    let groups = try groups()
    for (name, group) in groups {
      #expect(group["policy"] as? String == "actor" && group["q_values"] == nil)
      let logits = group["logits"] as? Object
      #expect((logits == nil) == (name == "throttle"))
      #expect(logits == nil || (logits?["meaning"] as? String)?.contains("before the mask") == true)
    }
    let numbers = try #require(groups["throttle"]?["actions"] as? Object)
    #expect(Set(numbers.keys) == ["kind", "low", "high", "meaning"] && numbers["kind"] as? String == "box")
    #expect(numbers["high"] as? [Double] == [2, 0.3, 5_000_000, 7])
    let meaning = try #require(numbers["meaning"] as? String)
    #expect(meaning.contains("tanh") && !meaning.contains("logit"))
    let hybrid = try #require(groups["dispatch"]?["actions"] as? Object)
    #expect(Set(hybrid.keys) == ["kind", "options", "labels", "low", "high", "meaning"])
    let both = try #require(hybrid["meaning"] as? String)
    #expect(both.contains("tanh") && both.contains("greatest permitted logit"))
    #expect((groups["guide"]?["actions"] as? [Object])?.count == 4)
    #expect((groups["drift"]?["memory"] as? Object)?["width"] as? Int == 14)
    let models = try #require(groups["guide"]?["models"] as? [Object])
    #expect(models.map { $0["file"] as? String } == ["guide-0.onnx", "guide-1.onnx"])
  }

  @Test func `what to refuse is what the models read, and what they would answer`() throws {
    func refusals(_ policies: GroupPolicy...) throws -> [String: String] {
      let set = PolicySet(algorithm: "ppo", groups: policies)
      return try #require(try file("policy.json", of: set)["refuse_before_inference"] as? [String: String])
    }
    let numbers = try refusals(SampleActors.throttle)
    #expect(Set(numbers.keys) == ["observation"])
    #expect(numbers["observation"]?.contains("would answer real numbers that are NaN without") == true)
    let choice = try refusals(SampleActors.guide)
    #expect(Set(choice.keys) == ["observation", "action_mask"])
    #expect(choice["observation"]?.contains("would answer action 0 without") == true)
    let both = try refusals(SampleActors.drift)
    #expect(Set(both.keys) == ["observation", "action_mask", "state_in"])
    #expect(both["observation"]?.contains("would answer action 0 or real numbers that are NaN without") == true)
  }

  @Test func `the tolerance speaks of squashed numbers only where there are some`() throws {
    func meaning(_ policies: PolicySet) throws -> String {
      let tolerance = try #require(try file("policy.json", of: policies)["tolerance"] as? Object)
      return try #require(tolerance["meaning"] as? String)
    }
    #expect(try meaning(SampleActors.set).hasSuffix("max(1, |x|, half the length of their range)"))
    #expect(try !meaning(SampleFamily.set).contains("actor"))
    #expect(try !meaning(PolicySet(algorithm: "ppo", groups: [SampleActors.guide])).contains("range"))
  }

  @Test func `golden rows let each option win, mask bests and squash numbers to either side`() throws {
    let models = try #require(try file("golden.json")["models"] as? [String: Object])
    for policy in SampleActors.members {
      let outputs = try #require(policy.actorOutputs)
      for index in policy.parameters.indices {
        let name = policy.isShared ? "\(policy.group.name).onnx" : "\(policy.group.name)-\(index).onnx"
        let graph = PolicyGraph.make(policy, parameters: index)
        let inputs = try #require(models[name]?["inputs"] as? [String: [Any]])
        let answers = try #require(models[name]?["outputs"] as? [String: [Any]])
        #expect(Set(inputs.keys) == Set(graph.inputs.map(\.name)))
        #expect(Set(answers.keys) == Set(graph.outputs.map(\.name)))
        let columns = Array(inputs.values) + Array(answers.values)
        #expect(columns.allSatisfy { $0.count == columns[0].count && $0.count >= 32 })
        if let port = ActionPort.integers(of: policy.group.action) {
          let chosen = try Self.numbers(answers[port]).map { $0.map(Int.init) }
          let logits = try Self.numbers(answers["logits"])
          let masks = try #require(inputs["action_mask"] as? [[Bool]])
          var first = 0
          for (choice, options) in outputs.choices.enumerated() {
            #expect(Set(chosen.map { $0[choice] }) == Set(0..<options), "\(name)")
            let denied = logits.indices.filter { row in
              let own = first..<first + options
              return own.max { logits[row][$0] < logits[row][$1] }.map { !masks[row][$0] } ?? false
            }
            #expect(denied.count >= 4, "\(name)")
            first += options
          }
        }
        if let port = ActionPort.reals(of: policy.group.action) {
          let reals = try Self.numbers(answers[port])
          for (number, range) in outputs.ranges.enumerated() where range.upperBound > range.lowerBound {
            let purposes = try #require(models[name]?["purpose"] as? [String])
            let least = try #require(purposes.firstIndex(of: "number \(number) at its least"))
            let greatest = try #require(purposes.firstIndex(of: "number \(number) at its greatest"))
            let places = reals.map { outputs.place(number, of: Float($0[number])) }
            #expect(places[least] < places[0] && places[0] < places[greatest], "\(name), \(number)")
          }
        }
      }
    }
  }

  private static func numbers(_ column: [Any]?) throws -> [[Double]] {
    try #require(column).map { try #require(($0 as? [Double]) ?? ($0 as? Double).map { [$0] }) }
  }

  @Test func `an actor whose numbers overflow is refused`() {
    var policy = SampleActors.throttle
    for index in policy.parameters[0].values.indices { policy.parameters[0].values[index] = 3e38 }
    let error = #expect(throws: ExportError.self) {
      try PolicyBundle.files(
        of: PolicySet(algorithm: "ppo", groups: [policy]), origin: SamplePolicies.origin, path: "out")
    }
    #expect(error?.kind == .unsuitablePolicy && error?.reason.contains("the outputs of actor overflow") == true)
  }
}
