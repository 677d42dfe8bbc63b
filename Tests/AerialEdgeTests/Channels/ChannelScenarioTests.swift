import AerialEdge
import Configuration
import ReinforcementLearning
import Snapshots
import Testing

@Suite struct ChannelScenarioTests {
  @Test(arguments: [
    ("radio.threshold_db", "50", "from -30 to 40"),
    ("relays.orbit_m", "0", "needs a circle"),
    ("devices.busy_s", "0.01", "from 0.1 to"),
    ("devices.count", "0", "from 1 to 1024"),
    ("radio.chanels", "4", "did you mean"),
    ("actions", "continuous", "'discrete', 'hybrid'"),
  ])
  func `bad values are refused in a sentence`(path: String, value: String, words: String) throws {
    let error = #expect(throws: ConfigurationError.self) { _ = try ChannelScene().parameters([(path, value)]) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func `hybrid actions want a range of powers`() throws {
    var scene = ChannelScene()
    scene.actions = "hybrid"
    scene.least_dBm = 23
    let error = #expect(throws: ConfigurationError.self) { _ = try scene.parameters() }
    #expect(error?.description.contains("must lie below transmit_dbm") == true)
  }

  @Test func `a power beyond the range is its end, and one that is no number keeps silent`() throws {
    var scene = ChannelScene()
    (scene.actions, scene.devices, scene.busy_s, scene.quiet_s) = ("hybrid", 4, 1e9, 0.1)
    scene.channels = 4
    var world = try scene.world(seed: 2)
    var action = JointAction(for: world.groups)
    action.discrete = [1, 2, 3, 4]
    action.continuous = [99, -99, .nan, 10]
    var outcome = StepOutcome(agents: 4)
    world.step(action, outcome: &outcome)
    let rows = world.records().map { Dictionary(uniqueKeysWithValues: zip(world.recordColumns, $0)) }
    #expect(rows.count == 4)
    for (device, level) in [(0, 23.0), (1, -7), (3, 10)] {
      #expect(abs(rows[device].number("tx_power_dbm") - level) < 1e-9)
    }
    #expect(rows[2].word("outcome") == "silent")
  }

  @Test func `snapshots of other shapes are refused and change nothing`() throws {
    var world = try ChannelScene().world(seed: 3)
    let saved = world.snapshot()
    var wrong = saved
    wrong.set("channel", [Int32](repeating: 9, count: 50))
    #expect(throws: SnapshotError.self) { try world.restore(from: wrong) }
    wrong = saved
    wrong.set("step", integer: 201)
    #expect(throws: SnapshotError.self) { try world.restore(from: wrong) }
    #expect(world.snapshot() == saved)
  }

  @Test func `broken books are caught`() throws {
    let world = try ChannelScene().world()
    let episode = ChannelEpisode(world, seed: 1, RandomController(for: world))
    var broken = episode.world
    var snapshot = broken.snapshot()
    var tally = try snapshot.doubles("tally")
    tally[2] += 1
    snapshot.set("tally", tally)
    try broken.restore(from: snapshot)
    #expect(broken.brokenInvariants().count == 1)
  }
}
