import AerialEdge
import Configuration
import Foundation
import TestSupport
import Testing

@Suite struct FleetConfigurationTests {
  @Test(arguments: [
    ("channel", "tr36777-uma", "fleet.altitude_min_m", "20", "the channel's law holds above 22.5 m and up to 300 m"),
    ("channel", "tr36777-rma", "fleet.altitude_max_m", "400", "up to 300 m, not at"),
    ("channel", "al-hourani-rural", "radio.bandwidth_hz", "1e6", "one of 'al-hourani-suburban'"),
    ("radio.shadowing", "true", "radio.bandwidth_hz", "1e6", "needs a channel tr36777-"),
    ("fleet.altitude_min_m", "1", "users.height_m", "2", "must be above the users' antennas"),
    ("fleet.count", "9", "radio.bandwidth_hz", "1e6", "a whole number from 1 to 8"),
    ("fleet.separation_m", "900", "radio.bandwidth_hz", "1e6", "aircraft start as near as"),
    ("energy.airframe.tip_speed_mps", "80", "radio.bandwidth_hz", "1e6", "= 120.0 m/s, not at 80.0"),
    ("onboard.discipline", "equal", "onboard.servers", "2", "need one server, not 2"),
    ("users.movement", "random-waypoint", "users.placement", "clusters", "leave it out"),
    ("users.placement", "file", "users.file", "/nowhere.csv", "there is no such file"),
    ("reward.latency_weight", "-1", "radio.bandwidth_hz", "1e6", "from 0 to 1000000"),
    ("fleet.wings", "2", "radio.bandwidth_hz", "1e6", "unknown key 'wings'"),
    ("fleet.speeds_mps", "[50]", "radio.bandwidth_hz", "1e6", "a number of m/s from 0 to 20 is wanted"),
    ("users.clusters", "3", "users.placement", "poisson", "the key 'clusters' has no meaning here; remove it"),
    ("time.steps", "1000000", "users.count", "4096", "more than the 50000000 tasks"),
  ])
  func `what is wrong is said with its key`(
    first: String, value: String, second: String, other: String, message: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try FleetScene().world([(first, value), (second, other)])
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "nothing")")
  }

  @Test func `places of a table stand in the middle of the area, a sample of them without repeats`() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\(0.0001 * Double($0)),\(0.0001 * Double($0 % 7))" }
    let path = try folder.write("latitude,longitude\n" + rows.joined(separator: "\n"), to: "users.csv")
    var scene = FleetScene()
    scene.users = "count: 25, placement: file, file: \(path)"
    scene.rate_Hz = 1000
    let start = try scene.world()
    var seen: [Set<String>] = []
    for seed in 0..<3 as Range<UInt64> {
      var world = start
      world.reset(seed: seed)
      world.fly([[0, 0, 0], [0, 0, 0]])
      let places = world.rows("task").map { "\($0["x_m"]) \($0["y_m"])" }
      #expect(places.count == 25 && Set(places).count == 25)
      seen.append(Set(places))
    }
    #expect(seen[0] != seen[1] && seen[1] != seen[2])
    let error = #expect(throws: ConfigurationError.self) { _ = try scene.world([("users.count", "41")]) }
    #expect(error?.description.contains("41 users are more than the 40 places") == true)
    scene.width_m = 100
    let narrow = #expect(throws: ConfigurationError.self) { _ = try scene.world() }
    #expect(narrow?.description.contains("the places cover 67 m by 434 m") == true)
  }

  private static let data = project + "/../shared/data/eua-melbourne/users-melbcbd-generated.csv"

  /// Skipped where the data are not beside the project.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: data), "the EUA data are not there"))
  func `users of the EUA data make a world`() throws {
    let world = try FleetScene.shipped(
      "al-hourani-highrise",
      [
        ("users.placement", "file"), ("users.file", Self.data), ("users.clusters", "null"),
        ("users.cluster_radius_m", "null"), ("users.count", "100"), ("area.width_m", "2100"), ("area.depth_m", "1500"),
      ])
    #expect(world.parameters.users.count == 100)
    var played = world
    _ = played.play(seed: 1, HoverRule(for: played))
    #expect(played.brokenInvariants() == [])
  }
}
