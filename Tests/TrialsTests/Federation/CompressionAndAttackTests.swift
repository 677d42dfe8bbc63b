import Checkpointing
import Federation
import Foundation
import Snapshots
import TestSupport
import Testing
import Trials

/// Compression and liars in whole runs.
@Suite struct CompressionAndAttackTests {
  private typealias Small = SmallFederation

  private func train(
    _ block: String, in folder: String, resumes: Bool = false,
    report: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) async throws {
    let experiment = try Small.experiment(
      "highway-offloading-dqn", Small.highway + [Small.training, Small.selection, block])
    _ = try await Small.train(experiment, in: folder, resumes: resumes, report: report)
  }

  /// The last number of a column of the log.
  private func last(_ column: String, in folder: String) throws -> Int {
    let rows = try String(contentsOfFile: "\(folder)/seed-0/metrics.csv", encoding: .utf8).split(separator: "\n")
    let place = try #require(rows[0].split(separator: ",").firstIndex { $0 == column })
    return try #require(Int(rows[rows.count - 1].split(separator: ",", omittingEmptySubsequences: false)[place]))
  }

  /// The server's model after the run.
  private func model(_ block: String) async throws -> [Double] {
    let folder = try TemporaryFolder()
    try await train(block, in: folder.path)
    let file = try CheckpointFile.read("\(folder.path)/seed-0/last.h5")
    let server = try file.group("federation").group("server")
    return try server.group("edge-0").floats("model").map { Double($0) }
  }

  @Test func `messages have the documented bytes`() async throws {
    let folder = try TemporaryFolder()
    try await train(Small.block(clients: Small.twoClients), in: "\(folder.path)/plain")
    let compression = "compression: {up: {name: quantized, bits: 4}, down: {name: quantized, bits: 6}}"
    try await train(Small.block(clients: Small.twoClients, more: compression), in: "\(folder.path)/short")
    // Six updates and six models of d parameters, 49 and 29 bytes around them; the first two models go whole.
    let plain = try last("bytes_up", in: "\(folder.path)/plain")
    let parameters = (plain / 6 - 49) / 4
    #expect(plain == 6 * (49 + 4 * parameters) && parameters > 300)
    #expect(try last("bytes_down", in: "\(folder.path)/plain") == 6 * (29 + 4 * parameters))
    let up = 49 + BlockQuantizer(bits: 4).byteCount(of: parameters)
    let down = 29 + BlockQuantizer(bits: 6).byteCount(of: parameters)
    #expect(try last("bytes_up", in: "\(folder.path)/short") == 6 * up)
    #expect(try last("bytes_down", in: "\(folder.path)/short") == 2 * (29 + 4 * parameters) + 4 * down)
    #expect(try last("merged_updates", in: "\(folder.path)/short") == 6)
    #expect(try last("refused_updates", in: "\(folder.path)/short") == 0)
  }

  @Test(arguments: [
    "compression: {up: {name: top-k, fraction: 0.1, bits: 8}, down: {name: quantized, bits: 6, levels: exponential}}",
    "compression: {up: {name: quantized, bits: 4}}, asynchronous: {mixing: 0.5, exponent: 0.5, extra_delay_rounds: 1}",
    "attack: {name: random-noise, clients: [far], mode: add}", "attack: {name: random-action, share: 0.5}",
    "attack: {name: reward-poisoning, share: 1, mode: shuffle, memory: 30}",
  ])
  func `a run that is stopped inside a round goes on to the same bytes`(more: String) async throws {
    let folder = try TemporaryFolder()
    let block = Small.block(clients: Small.twoClients, more: more)
    try await train(block, in: "\(folder.path)/whole") { progress in
      guard progress.step == 200, !progress.isSelection else { return }
      try? FileManager.default.copyItem(atPath: "\(folder.path)/whole", toPath: "\(folder.path)/cut")
    }
    let before = try PolicyFile("\(folder.path)/cut/seed-0/last.h5").step
    #expect(before > 160 && before <= 200)
    try await train(block, in: "\(folder.path)/cut", resumes: true)
    let (whole, after) = (try contents(of: "\(folder.path)/whole"), try contents(of: "\(folder.path)/cut"))
    #expect(after.keys.sorted() == whole.keys.sorted())
    for (name, data) in whole { #expect(after[name] == data, "\(name) after a stop at \(before)") }
  }

  /// With w₀ the first model, Δ the honest and Δ′ the lying client's difference of equal weights, one round gives
  /// w₀ + (Δ + fΔ′)/2, where f is 1, −s or s: models of equally spaced factors are equally spaced.
  @Test func `the server merges the update that the attack makes`() async throws {
    func model(_ attack: String) async throws -> [Double] {
      let more = attack.isEmpty ? "" : "attack: {clients: [far], \(attack)}"
      return try await self.model(Small.block(clients: Small.twoClients, rounds: 1, more: more))
    }
    let honest = try await model("")
    let flipped = try await model("name: sign-flip, scale: 1")
    let flippedMore = try await model("name: sign-flip, scale: 3")
    let longer = try await model("name: scaled, scale: 3")
    var (spread, error) = (0.0, 0.0)
    for index in honest.indices {
      let step = honest[index] - flipped[index]
      spread = max(spread, abs(step))
      error = max(error, abs(flipped[index] - flippedMore[index] - step), abs(longer[index] - honest[index] - step))
    }
    #expect(spread > 1e-3 && error < 1e-6)
  }

  @Test(arguments: [
    "name: random-action", "name: reward-poisoning, mode: negate", "name: reward-poisoning, mode: shuffle",
  ])
  func `a liar's experience is another and the honest one's the same`(attack: String) async throws {
    let folder = try TemporaryFolder()
    try await train(Small.block(clients: Small.twoClients, rounds: 1), in: "\(folder.path)/honest")
    try await train(
      Small.block(clients: Small.twoClients, rounds: 1, more: "attack: {clients: [far], \(attack)}"),
      in: "\(folder.path)/lying")
    func experience(_ client: String, _ run: String) throws -> Snapshot {
      let clients = "\(folder.path)/\(run)/seed-0/clients/\(client)"
      let states = try FileManager.default.contentsOfDirectory(atPath: clients).filter { $0.hasPrefix("state-") }
      return try CheckpointFile.read("\(clients)/\(try #require(states.first))").group("replay")
    }
    let isSame = (
      near: try experience("near", "honest") == experience("near", "lying"),
      far: try experience("far", "honest") == experience("far", "lying")
    )
    #expect(isSame.near && !isSame.far)
  }
}
