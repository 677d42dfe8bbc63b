import Configuration
import Foundation
import NeuralNetworks
import Policies
import PolicyExport
import ReinforcementLearning
import TestSupport
import Testing

struct PolicyBundleTests {
  let policies = SamplePolicies.set()
  let origin = SamplePolicies.origin

  func contract() throws -> [String: Any] {
    let files = try PolicyBundle.files(of: policies, origin: origin, path: "bundle")
    let file = try #require(files.first { $0.name == "policy.json" })
    return try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
  }

  @Test func `a model per shared network and per individual one`() throws {
    let names = try PolicyBundle.files(of: policies, origin: origin, path: "bundle").map(\.name)
    #expect(
      names == ["drone-0.onnx", "drone-1.onnx", "golden.json", "policy.json", "vehicle.onnx", "SHA256SUMS"])
  }

  @Test func `the same policy and origin give the same bytes`() throws {
    let once = try PolicyBundle.files(of: SamplePolicies.set(), origin: origin, path: "a")
    let again = try PolicyBundle.files(of: SamplePolicies.set(), origin: origin, path: "b")
    #expect(once == again)
    let other = try PolicyBundle.files(of: SamplePolicies.set(seed: 8), origin: origin, path: "a")
    #expect(once != other)
  }

  @Test func `coreutils finds every digest right and the list sorted`() throws {
    try withTemporaryFolder { folder in
      try PolicyBundle.write(policies, origin: origin, to: "\(folder)/bundle")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
      process.arguments = ["--check", "--strict", "--quiet", "SHA256SUMS"]
      process.currentDirectoryURL = URL(fileURLWithPath: "\(folder)/bundle")
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let sums = try String(contentsOfFile: "\(folder)/bundle/SHA256SUMS", encoding: .utf8)
      let names = sums.split(separator: "\n").map { String($0.dropFirst(66)) }
      #expect(names == ["drone-0.onnx", "drone-1.onnx", "golden.json", "policy.json", "vehicle.onnx"])
    }
  }

  @Test func `the contract names every field with unit, range and meaning in order`() throws {
    let groups = try #require(try contract()["groups"] as? [[String: Any]])
    #expect(groups.map { $0["name"] as? String } == ["vehicle", "drone"])
    for (group, expected) in zip(groups, [SamplePolicies.vehicle, SamplePolicies.drone]) {
      let fields = try #require(group["observation"] as? [[String: Any]])
      #expect(fields.map { $0["index"] as? Int } == Array(0..<expected.observation.count))
      for (field, wanted) in zip(fields, expected.observation.fields) {
        #expect(field["name"] as? String == wanted.name)
        #expect(field["unit"] as? String == wanted.unit)
        #expect(field["meaning"] as? String == wanted.meaning)
        for (key, bound) in [("low", wanted.range.lowerBound), ("high", wanted.range.upperBound)] {
          if bound.isFinite {
            #expect((field[key] as? Double).map(Float.init) == bound)
          } else {
            #expect(field[key] is NSNull)
          }
        }
      }
      let actions = try #require(group["actions"] as? [[String: Any]])
      #expect(actions.map { $0["index"] as? Int } == Array(0..<actions.count))
      #expect(actions.compactMap { $0["label"] as? String } == expected.action.labels)
      #expect(group["agents"] as? Int == expected.count)
    }
  }

  @Test func `the contract says which agent uses which model`() throws {
    let groups = try #require(try contract()["groups"] as? [[String: Any]])
    let models = try groups.map { group in
      try #require(group["models"] as? [[String: Any]]).map {
        ($0["file"] as? String, $0["agents"] as? [Int])
      }
    }
    #expect(models[0].map(\.0) == ["vehicle.onnx"] && models[0].map(\.1) == [[0, 1, 2]])
    #expect(models[1].map(\.0) == ["drone-0.onnx", "drone-1.onnx"] && models[1].map(\.1) == [[0], [1]])
  }

  @Test func `the contract carries origin, evaluation, tolerance and what to refuse`() throws {
    let contract = try contract()
    #expect(contract["schema"] as? String == "edgewise.policy/1")
    #expect(contract["algorithm"] as? String == "dqn")
    #expect((contract["scenario"] as? [String: String])?["sha256"] == origin.scenarioSHA256)
    #expect((contract["scenario"] as? [String: String])?["id"] == "vehicular/sample")
    #expect((contract["checkpoint"] as? [String: String])?["sha256"] == origin.checkpointSHA256)
    #expect((contract["training"] as? [String: Int]) == ["seed": 7, "steps": 1000])
    #expect((contract["evaluation"] as? [String: Int]) == ["episodes": 100])
    #expect((contract["tolerance"] as? [String: Any])?["value"] as? Double == 1e-4)
    let refusals = try #require(contract["refuse_before_inference"] as? [String: String])
    #expect(refusals["observation"]?.contains("NaN") == true)
    #expect(refusals["action_mask"]?.contains("permits no action") == true)
  }

  @Test func `a seed beyond signed integers is written as digits`() throws {
    var origin = origin
    origin.seed = .max
    origin.trainingSteps = nil
    let files = try PolicyBundle.files(of: policies, origin: origin, path: "bundle")
    let file = try #require(files.first { $0.name == "policy.json" })
    let contract = try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
    let training = try #require(contract["training"] as? [String: Any])
    #expect(training["seed"] as? String == "18446744073709551615")
    #expect(training["steps"] is NSNull)
  }

  @Test func `refuses names that cannot be files and models of one name`() throws {
    func renamed(_ name: String, _ policy: GroupPolicy) -> GroupPolicy {
      let old = policy.group
      return GroupPolicy(
        group: AgentGroup(name: name, count: old.count, observation: old.observation, action: old.action),
        head: policy.head, network: policy.network, normalizer: policy.normalizer,
        parameters: policy.parameters)
    }
    func error(_ groups: [GroupPolicy]) -> ExportError? {
      #expect(throws: ExportError.self) {
        try PolicyBundle.files(of: PolicySet(algorithm: "dqn", groups: groups), origin: origin, path: "out")
      }
    }
    for name in ["../up", "a\nb", "a\\b", ".hidden", ""] {
      let found = error([renamed(name, policies.groups[0])])
      #expect(
        found?.kind == .unsuitablePolicy && found?.reason.hasSuffix("cannot be part of a file's name") == true
      )
    }
    let twice = error([policies.groups[1], renamed("drone-1", policies.groups[0])])
    #expect(twice?.description == "out: two models would be called drone-1.onnx")
    #expect(error([])?.description == "out: the policy acts for no group of agents")
  }
}
