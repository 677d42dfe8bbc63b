import AerialEdge
import Configuration
import Foundation
import ReinforcementLearning
import TestSupport
import Testing

@Suite struct CommittedAerialScenariosTests {
  private static func scenarios(of family: String) throws -> [String] {
    let folder = project + "/Environments/aerial"
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }
      .filter { try String(contentsOfFile: $0, encoding: .utf8).contains("environment: \(family)\n") }
  }

  private static func root(_ path: String) throws -> (id: String, root: ConfigurationMapping) {
    var root = try ConfigurationDocument(contentsOf: path).root()
    let id = try root.text("id")
    _ = try root.text("environment")
    return (id, root)
  }

  @Test func `every scenario of collectors keeps every promise, and no chance passes its bound`() throws {
    let paths = try Self.scenarios(of: "aerial-collection")
    #expect(paths.count >= 6)
    for path in paths {
      var (id, root) = try Self.root(path)
      #expect(path.hasSuffix("/Environments/\(id).yaml"))
      let world = AerialCollection(try CollectionParameters(id: id, from: &root))
      try root.finish()
      #expect(checkEnvironment(world, seeds: [0], steps: 40).map(\.description) == [], "\(id)")
      let episode = CollectionEpisode(world, seed: 1, RandomController(for: world))
      #expect(episode.gain <= (world.returnBound(seed: 1) ?? .nan), "\(id)")
      #expect(episode.brokenInvariants == [], "\(id)")
    }
  }

  @Test func `every scenario of channels keeps every promise, and no chance passes its bound`() throws {
    let paths = try Self.scenarios(of: "aerial-channels")
    #expect(paths.count >= 5)
    for path in paths {
      var (id, root) = try Self.root(path)
      #expect(path.hasSuffix("/Environments/\(id).yaml"))
      let world = AerialChannels(try ChannelParameters(id: id, from: &root))
      try root.finish()
      #expect(checkEnvironment(world, seeds: [0], steps: 40).map(\.description) == [], "\(id)")
      let episode = ChannelEpisode(world, seed: 1, RandomController(for: world))
      #expect(episode.gain <= (world.returnBound(seed: 1) ?? .nan), "\(id)")
      #expect(episode.brokenInvariants == [], "\(id)")
    }
  }

  @Test(arguments: [
    ("dynamics", "correct", "did you mean 'corrected'"),
    ("collectors.buffer", "99", "from 1 to 16"),
    ("sensors.packet_chance", "1.5", "from 0 to 1"),
    ("uplink.surroundings", "forest", "'suburban', 'urban', 'dense-urban', 'high-rise'"),
    ("reward.age_wait", "1", "did you mean"),
  ])
  func `bad values are refused in a sentence`(path: String, value: String, words: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try CollectionScene().parameters([(path, value)]) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }
}
