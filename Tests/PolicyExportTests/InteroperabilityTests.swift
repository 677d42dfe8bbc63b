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
    let plain = SamplePolicies.set(hidden: [128, 64])
    let policies = PolicySet(
      algorithm: plain.algorithm, groups: plain.groups + SampleFamily.members + SampleActors.members)
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
    let branches = try #require(policy.branches ?? SampleActors.choices(of: policy))
    var stream = RandomStream(seed: 11).split(UInt64(index))
    var evaluation = ModelEvaluation(policy, parameters: index)
    var table = AnswerTable()
    for _ in 0..<Self.rowCount {
      let row = RandomRow(policy, branches, using: &stream)
      let answer = evaluation.answer(to: row.observation, state: row.state)
      table.append(row, answer, evaluation.action(of: answer, permitted: row.mask), branches)
    }
    #expect(table.taken.allSatisfy { $0.count > 1 || $0 == [7] })
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let graph = PolicyGraph.make(policy, parameters: index)
    for port in graph.inputs + graph.outputs {
      let column = try #require(table.column(port.name, of: policy.group.action))
      let width = port.type == .float32 ? 4 : port.type == .int64 ? 8 : 1
      #expect(column.count == Self.rowCount * (port.columns ?? 1) * width)
      let suffix = port.type == .float32 ? "f32" : port.type == .int64 ? "i64" : "u8"
      try Data(column).write(to: URL(fileURLWithPath: "\(folder)/\(port.name).\(suffix)"))
    }
  }
}

/// The rows of a model's inputs and of our own answers, as little-endian bytes by the names of the graph's ports.
private struct AnswerTable {
  private var bytes: [String: [UInt8]] = [:]
  /// The options and the real numbers that were taken; the range of one sample is the number 7 alone.
  private(set) var taken: [Set<Float>] = []
  private var integers: [UInt8] = []
  private var reals: [UInt8] = []

  mutating func append(
    _ row: RandomRow, _ answer: ModelEvaluation.Answer, _ action: HeadAction, _ branches: ActionBranches
  ) {
    bytes["observation", default: []] += littleEndian(row.observation)
    bytes["action_mask", default: []] += row.mask.map { $0 ? 1 : 0 }
    bytes["state_in", default: []] += littleEndian(row.state)
    for values in ["q_values", "logits"] {
      bytes[values, default: []] += littleEndian(Array(answer.values[..<branches.count]))
    }
    bytes["state_out", default: []] += littleEndian(answer.state)
    for choice in action.integers { integers += littleEndian(Int64(choice)) }
    reals += littleEndian(action.reals)
    let all = action.integers.map(Float.init) + action.reals
    if taken.isEmpty { taken = all.map { _ in [] } }
    for (place, value) in all.enumerated() { taken[place].insert(value) }
  }

  func column(_ port: String, of space: ActionSpace) -> [UInt8]? {
    if port == ActionPort.integers(of: space) { return integers }
    if port == ActionPort.reals(of: space) { return reals }
    return bytes[port]
  }

  private func littleEndian(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }

  private func littleEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
    (0..<Word.bitWidth / 8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
