import Checkpointing
import Federation
import Foundation
import Snapshots
import TestSupport
import Testing
import Trials

/// Privacy and secure sums in whole runs.
@Suite struct PrivacyAndSecrecyTests {
  private typealias Small = SmallFederation

  private static func block(clients: Int = 3, rounds: Int = 3, _ more: String) -> String {
    Small.block(clients: "[{name: site, count: \(clients)}]", rounds: rounds, more: more)
      .replacingOccurrences(of: "weights: samples", with: "weights: equal")
  }

  private func experiment(_ block: String) throws -> Experiment {
    try Small.experiment("highway-offloading-dqn", Small.highway + [Small.training, Small.selection, block])
  }

  /// The server's model after the run.
  private func model(_ block: String) async throws -> [Double] {
    let folder = try TemporaryFolder()
    _ = try await Small.train(try experiment(block), in: folder.path)
    let server = try CheckpointFile.read("\(folder.path)/seed-0/last.h5").group("federation").group("server")
    return try server.group("edge-0").floats("model").map { Double($0) }
  }

  @Test(arguments: ["", "dropouts: 0.4"])
  func `a round of secure sums gives the model of a round in the open, to the rounding`(more: String) async throws {
    let secure = "secure_aggregation: {fractional_bits: 16, threshold: 0.51}"
    let open = try await model(Self.block(clients: 5, rounds: 1, more))
    let secret = try await model(Self.block(clients: 5, rounds: 1, more.isEmpty ? secure : "\(more), \(secure)"))
    let greatest = zip(open, secret).reduce(0) { max($0, abs($1.0 - $1.1)) }
    // Each difference is rounded by half a multiple at most, and so is their mean; Float adds its own rounding.
    #expect(greatest > 0 && greatest < 0x1p-17 + 2e-7)
  }

  @Test func `the server's noise is that of the sum over the number of clients`() async throws {
    func noisy(_ multiplier: Int) async throws -> [Double] {
      let privacy = "privacy: {place: central, clip: 0.5, noise_multiplier: \(multiplier), delta: 1e-5}"
      return try await model(Self.block(rounds: 1, privacy))
    }
    let (silent, loud) = (try await noisy(0), try await noisy(6))
    let noise = zip(loud, silent).map { $0 - $1 }
    let variance = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
    // Deviation 6 · 0.5 / 3.
    #expect(noise.count > 300 && abs(variance - 1) < 4 * (2 / Double(noise.count)).squareRoot())
    #expect(abs(noise.reduce(0, +)) < 4 * Double(noise.count).squareRoot())
  }

  @Test(arguments: [
    ("place: central", "", 1.0, 3.0), ("place: central", ", sampling: {probability: 0.5}", 0.5, 3.0),
    ("place: central", ", secure_aggregation: {}", 1.0, 3.0), ("place: local", "", 1.0, 1.5),
  ])
  func `the log and the result say what three rounds cost`(
    place: String, more: String, q: Double, multiplier: Double
  ) async throws {
    let folder = try TemporaryFolder()
    let privacy = "privacy: {\(place), clip: 1, noise_multiplier: 3, delta: 1e-4}\(more)"
    let results = try await Small.train(try experiment(Self.block(privacy)), in: folder.path)
    let accountant = RenyiAccountant(samplingProbability: q, noiseMultiplier: multiplier)
    let cost = accountant.epsilon(releases: 3, delta: 1e-4)
    #expect(results[0].privacy?.epsilon == cost && results[0].privacy?.delta == 1e-4)
    let rows = try String(contentsOfFile: "\(folder.path)/seed-0/metrics.csv", encoding: .utf8).split(separator: "\n")
    let place = try #require(rows[0].split(separator: ",").firstIndex { $0 == "privacy_epsilon" })
    #expect(Double(rows[rows.count - 1].split(separator: ",", omittingEmptySubsequences: false)[place]) == cost)
  }

  @Test(arguments: [
    "privacy: {place: central, clip: 0.5, noise_multiplier: 0.1, delta: 1e-4}, sampling: {probability: 0.6}",
    "privacy: {place: local, clip: 0.5, noise_multiplier: 0.1, delta: 1e-4}, dropouts: 0.3",
    "secure_aggregation: {fractional_bits: 18, threshold: 0.6}, dropouts: 0.3",
    "secure_aggregation: {fractional_bits: 18}, privacy: {place: central, clip: 2, noise_multiplier: 0.1, delta: 1e-4}",
  ])
  func `a run that is stopped inside a round goes on to the same bytes, with two workers as with one`(
    more: String
  ) async throws {
    let folder = try TemporaryFolder()
    let experiment = try experiment(Self.block(clients: 4, more))
    _ = try await Small.train(experiment, in: "\(folder.path)/whole", workers: 2) { progress in
      guard progress.step == 200, !progress.isSelection else { return }
      try? FileManager.default.copyItem(atPath: "\(folder.path)/whole", toPath: "\(folder.path)/cut")
    }
    _ = try await Small.train(experiment, in: "\(folder.path)/cut", resumes: true)
    let (whole, after) = (try contents(of: "\(folder.path)/whole"), try contents(of: "\(folder.path)/cut"))
    #expect(after.keys.sorted() == whole.keys.sorted())
    for (name, data) in whole { #expect(after[name] == data, "\(name)") }
  }

  @Test(arguments: [
    "name: median", "name: trimmed-mean", "name: krum, liars: 1", "name: multi-krum, liars: 1",
    "name: bulyan, liars: 1",
    "name: fedpg-br, sigma: 1", "name: parameter-evaluation, temperature: 1",
  ])
  func `a rule that must see updates by themselves is refused beside secure sums and central noise`(
    rule: String
  ) throws {
    for (more, sentence) in [
      ("secure_aggregation: {}", "which secure aggregation hides"),
      ("privacy: {place: central, clip: 1, noise_multiplier: 1, delta: 0.1}", "central noise hides a client in a mean"),
    ] {
      let block = Self.block(clients: 8, more).replacingOccurrences(of: "name: fedavg", with: rule)
      let error = #expect(throws: (any Error).self) { try experiment(block) }
      #expect(error.map { "\($0)".contains(sentence) } == true, "\(String(describing: error))")
    }
  }

  @Test func `who was drawn must not show in whether a secure sum came about`() throws {
    let privacy = "privacy: {place: central, clip: 1, noise_multiplier: 1, delta: 0.1}, secure_aggregation: {}"
    let error = #expect(throws: Failure.self) {
      try experiment(Self.block("\(privacy), sampling: {probability: 0.5}"))
    }
    #expect(error?.description.contains("draw a fixed number") == true, "\(String(describing: error))")
    _ = try experiment(Self.block("\(privacy), sampling: {clients: 2}"))
  }

  @Test func `numbers that do not fit end the run with a sentence`() async throws {
    let folder = try TemporaryFolder()
    let loud = "privacy: {place: local, clip: 10, noise_multiplier: 10, delta: 0.1}"
    let experiment = try experiment(Self.block("secure_aggregation: {fractional_bits: 30}, \(loud)"))
    let error = await #expect(throws: Failure.self) { _ = try await Small.train(experiment, in: folder.path) }
    #expect(error.map { "\($0)".contains("set secure_aggregation.fractional_bits to at most") } == true)
  }
}
