import Checkpointing
import Configuration
import Foundation
import Policies
import PolicyExport
import Randomness
import ReinforcementLearning
import Snapshots
import TestSupport
import Testing

/// Writes a bundle, its checkpoint and our own answers to 10,000 random rows for each model.
///
/// The folder is the one that `EDGEWISE_INTEROP_DIR` names, where `Tests/Interoperability/check_answers.py`
/// compares them with ONNX Runtime's, else a temporary one.
struct InteroperabilityTests {
  static let rowCount = 10_000

  @Test func `writes bundle, checkpoint and answers for other runtimes`() throws {
    if let folder = ProcessInfo.processInfo.environment["EDGEWISE_INTEROP_DIR"] {
      try writeAll(to: folder)
    } else {
      try withTemporaryFolder { try writeAll(to: $0) }
    }
  }

  private func writeAll(to folder: String) throws {
    let policies = SamplePolicies.set(hidden: [128, 64])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try CheckpointFile.write(checkpoint(of: policies), to: "\(folder)/policy.h5")
    #expect(try PolicySet(from: CheckpointFile.read("\(folder)/policy.h5")) == policies)
    var origin = SamplePolicies.origin
    origin.checkpointSHA256 = try SHA256.hex(ofFile: "\(folder)/policy.h5")
    try PolicyBundle.write(policies, origin: origin, to: "\(folder)/bundle")
    for policy in policies.groups {
      for index in policy.parameters.indices {
        let name = policy.isShared ? policy.group.name : "\(policy.group.name)-\(index)"
        #expect(FileManager.default.fileExists(atPath: "\(folder)/bundle/\(name).onnx"))
        try writeAnswers(policy, index, to: "\(folder)/answers/\(name)")
      }
    }
  }

  private func checkpoint(of policies: PolicySet) -> Snapshot {
    var snapshot = Snapshot()
    for (name, group) in policies.records() { snapshot.set(name, group) }
    for (name, key, text) in [
      ("scenario", "id", "family: sample\n"), ("experiment", "name", "algorithm: dqn\n"),
    ] {
      var group = Snapshot()
      group.set(key, text: "sample")
      group.set("sha256", text: SHA256.hex(of: text))
      group.set("text", text: text)
      snapshot.set(name, group)
    }
    return snapshot
  }

  private func writeAnswers(_ policy: GroupPolicy, _ index: Int, to folder: String) throws {
    let fields = policy.group.observation.fields
    let options = policy.group.action.maskCount
    var stream = RandomStream(seed: 11).split(UInt64(index))
    var evaluation = ModelEvaluation(policy, parameters: index)
    var observations: [Float] = []
    var masks: [UInt8] = []
    var values: [Float] = []
    var actions: [Int64] = []
    for _ in 0..<Self.rowCount {
      let observation = fields.map { field in
        field.range.upperBound.isFinite
          ? Float(stream.uniform(in: Double(field.range.lowerBound)..<Double(field.range.upperBound)))
          : Float(3 * stream.normal())
      }
      var mask = (0..<options).map { _ in stream.bernoulli(0.5) }
      mask[stream.integer(below: options)] = true
      let outputs = evaluation.outputs(for: observation)
      observations += observation
      masks += mask.map { $0 ? 1 : 0 }
      values += outputs
      let chosen = greedyAction(outputs.span, permitted: mask.span)
      actions.append(Int64(try #require(chosen)))
    }
    #expect(Set(actions).count > 1)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(observations.flatMap { littleEndian($0.bitPattern) }, to: "\(folder)/observation.f32")
    try write(masks, to: "\(folder)/action_mask.u8")
    try write(values.flatMap { littleEndian($0.bitPattern) }, to: "\(folder)/q_values.f32")
    try write(actions.flatMap { littleEndian($0) }, to: "\(folder)/action.i64")
    for (file, width) in [
      ("observation.f32", 4 * fields.count), ("action_mask.u8", options), ("q_values.f32", 4 * options),
      ("action.i64", 8),
    ] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
      #expect(attributes[.size] as? Int == Self.rowCount * width)
    }
  }

  private func littleEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    (0..<Word.bitWidth / 8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
