import Snapshots
import EdgeCloud
import ReinforcementLearning
import TestSupport
import Testing
import VehicularEdge

@Suite struct OffloadingActionsTests {
  @Test func `options are none, two on the device, then unit by unit edge and cloud at rising power`() throws {
    var scene = Scene()
    scene.choices = 2
    scene.powers_dBm = [7.5, 23]
    let world = try scene.world()
    #expect(
      world.groups[0].action
        == .discrete(labels: [
          "none", "device at full speed", "device at the deadline's speed",
          "edge unit 1 at 7.5 dBm", "edge unit 1 at 23 dBm",
          "cloud through unit 1 at 7.5 dBm", "cloud through unit 1 at 23 dBm",
          "edge unit 2 at 7.5 dBm", "edge unit 2 at 23 dBm",
          "cloud through unit 2 at 7.5 dBm", "cloud through unit 2 at 23 dBm",
        ]))
    func option(_ place: OffloadingPlace, _ isFullEffort: Bool) -> OffloadingOption {
      OffloadingOption(place: place, isFullEffort: isFullEffort)
    }
    #expect(
      world.options == [
        option(.none, false), option(.device, true), option(.device, false),
        option(.edge(rank: 0), false), option(.edge(rank: 0), true),
        option(.cloud(rank: 0), false), option(.cloud(rank: 0), true),
        option(.edge(rank: 1), false), option(.edge(rank: 1), true),
        option(.cloud(rank: 1), false), option(.cloud(rank: 1), true),
      ])
    #expect(scene.options == 11)
  }

  @Test(arguments: [false, true])
  func `without a task only none is permitted, with one everything in reach but none`(isHybrid: Bool) throws {
    var scene = Scene()
    scene.isHybrid = isHybrid
    var world = try scene.world(seed: 5)
    var counts = [0, 0]
    for _ in 0..<60 {
      let links = try Links(world.snapshot(), scene: scene, world: world)
      for agent in 0..<40 {
        let hasTask = world.active[agent] && world.seen("has_task", by: agent) == 1
        let inReach = min(links.ranking(agent).count, 3)
        let expected = hasTask ? Array(1..<3 + (isHybrid ? 2 : 6) * inReach) : [0]
        #expect(world.permitted(agent) == expected)
        #expect(world.isDeciding(agent) == hasTask)
        counts[hasTask ? 1 : 0] += 1
      }
      world.play([Int32](repeating: 1, count: 40))
    }
    #expect(counts.allSatisfy { $0 > 100 })
  }

  @Test func `out of reach nothing can be uploaded`() throws {
    let folder = try TemporaryFolder()
    var scene = Scene()
    let places = [Place("near", 29, 0), Place("edge", 30, 0), Place("far", 31, 0)]
    scene.mobility =
      "model: trace, slots: 3, antenna_setback_m: 0, fcd_file: \(try folder.writeTrace([(0, places), (9, places)]))"
    scene.placement = "positions: [{x_m: 0, y_m: 0}]"
    scene.reach_m = 30
    scene.rate_Hz = 1e6
    scene.steps = 10
    let world = try scene.world()
    #expect((0..<3).map { world.seen("deadline_s", by: $0) > 0 } == [true, true, true])
    let permitted = (0..<3).map { world.permitted($0).count }
    #expect(permitted.sorted() == [2, 8, 8])
    #expect((0..<3).map { world.seen("unit_1_gain_db", by: $0) > -160 } == permitted.map { $0 > 2 })
  }
}
