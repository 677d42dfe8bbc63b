import EdgeCloud
import Snapshots
import ReinforcementLearning
import Glibc
import TestSupport
import Testing
import VehicularEdge

@Suite struct ObservationTests {
  /// Two vehicles that stand at 15 m on both sides of one of two units, with a long task in every slot.
  private func standing(in folder: TemporaryFolder, _ change: (inout Scene) -> Void = { _ in }) throws -> (
    Scene, VehicularOffloading
  ) {
    var scene = Scene()
    let places = [Place("a", 15, 0), Place("b", 0, 15)]
    scene.mobility =
      "model: trace, slots: 2, antenna_setback_m: 0, fcd_file: \(try folder.writeTrace([(0, places), (60, places)]))"
    scene.placement = "positions: [{x_m: 0, y_m: 0}, {x_m: 900, y_m: 0}]"
    scene.rate_Hz = 1e6
    scene.bits = 400_000...400_000
    scene.cyclesPerBit = 2500...2500
    scene.deadline_s = 5...5
    scene.unitClock_Hz = 1e9
    scene.deviceClock_Hz = 1e9...1e9
    scene.powers_dBm = [23]
    change(&scene)
    return (scene, try scene.world())
  }

  @Test func `the task, the computer and its queue are seen as they are now`() throws {
    let folder = try TemporaryFolder()
    var (_, world) = try standing(in: folder)
    #expect(world.seen("has_task", by: 0) == 1)
    #expect(world.seen("task_bits", by: 0) == 400_000 && world.seen("task_cycles", by: 0) == 1e9)
    #expect(world.seen("deadline_s", by: 0) == 5 && world.seen("device_cpu_hz", by: 0) == 1e9)
    #expect(world.seen("device_wait_s", by: 0) == 0)
    world.play([1, 0])
    #expect(agree(world.seen("device_wait_s", by: 0), 0.9, within: 1e-6))
    #expect(world.seen("device_wait_s", by: 1) == 0)
  }

  @Test func `what units report is one slot old`() throws {
    let folder = try TemporaryFolder()
    var (scene, world) = try standing(in: folder)
    let upload_s = 400_000 / 74.0625e6
    #expect(world.seen("unit_1_uploads", by: 1) == 0 && world.seen("unit_1_interference_dbm", by: 1) == -130)
    world.play([scene.upload(), 0])
    #expect(agree(world.rows[0]["upload_s"], upload_s))
    #expect(world.seen("unit_1_uploads", by: 0) == 0, "an agent's own upload is not another's")
    #expect(world.seen("unit_1_uploads", by: 1) == 1)
    #expect(world.seen("unit_1_backlog_s", by: 0) == 0, "of the moment before the upload")
    world.play([0, 0])
    #expect(world.seen("unit_1_uploads", by: 1) == 0)
    #expect(agree(world.seen("unit_1_backlog_s", by: 1), upload_s + 1 - 0.1, within: 1e-6))
    world.play([0, scene.upload(toCloud: true)])
    #expect(agree(world.seen("unit_1_backlog_s", by: 1), upload_s + 1 - 0.2, within: 1e-6))
    #expect(world.seen("unit_1_uploads", by: 0) == 1 && world.seen("unit_1_uploads", by: 1) == 0)
    #expect(world.seen("cloud_wait_s", by: 0) == 0)
  }

  @Test func `the cloud's wait is seen one slot late`() throws {
    let folder = try TemporaryFolder()
    var (scene, world) = try standing(in: folder) { $0.cloudServers = 1 }
    world.play([scene.upload(toCloud: true), 0])
    #expect(world.seen("cloud_wait_s", by: 1) == 0)
    world.play([0, 0])
    let end_s = 400_000 / 74.0625e6 + 400_000 / 1e9 + 0.02 + 1e9 / 5e9
    #expect(agree(world.seen("cloud_wait_s", by: 1), end_s - 0.1, within: 1e-5))
  }

  @Test func `interference is what the unit heard from uploads to others in the last slot`() throws {
    let folder = try TemporaryFolder()
    var (scene, world) = try standing(in: folder) { $0.reach_m = 2000 }
    let links = try Links(world.snapshot(), scene: scene, world: world)
    let near = try #require(links.ranking(0).firstIndex(of: 0))
    world.play([scene.upload(rank: near), 0])
    let heard_dBm = 10 * log10(links.received_W(23, from: 0, at: 1)) + 30
    let now = try Links(world.snapshot(), scene: scene, world: world)
    let rank = try #require(now.ranking(1).firstIndex(of: 1)) + 1
    #expect((-130 ... -50).contains(heard_dBm))
    #expect(agree(world.seen("unit_\(rank)_interference_dbm", by: 1), heard_dBm, within: 1e-6))
    let other = 3 - rank
    #expect(world.seen("unit_\(other)_interference_dbm", by: 1) == -130)
  }

  @Test func `gains are those of the units in reach, the strongest first, without fading`() throws {
    let scene = Scene()
    var world = try scene.world(seed: 6)
    for _ in 0..<50 {
      let links = try Links(world.snapshot(), scene: scene, world: world)
      let observations = world.observations
      let first = try #require(world.groups[0].observation.fields.firstIndex { $0.name == "unit_1_gain_db" })
      for slot in 0..<40 where world.active[slot] {
        let ranking = links.ranking(slot)
        for rank in 0..<3 {
          let expected = rank < ranking.count ? max(links.gain_dB(slot, ranking[rank]), -160) : -160
          #expect(agree(Double(observations[slot][first + 4 * rank]), expected, within: 1e-6))
        }
      }
      world.play([Int32](repeating: 1, count: 40))
    }
  }

  @Test func `values beyond a field's range are shown as its end`() throws {
    let folder = try TemporaryFolder()
    var (scene, world) = try standing(in: folder) { scene in
      scene.cyclesPerBit = 50_000...50_000
      scene.cloudServers = 1
      scene.cloudClock_Hz = 1e9
      scene.deadline_s = 0.5...0.5
    }
    world.play([scene.upload(), scene.upload(toCloud: true)])
    world.play([1, 0])
    #expect(world.seen("unit_1_backlog_s", by: 0) == 0.5, "the unit works for 20 s")
    #expect(world.seen("cloud_wait_s", by: 0) == 0.5)
    #expect(world.seen("device_wait_s", by: 0) == 0.5)
    #expect(world.seen("unit_2_gain_db", by: 0) == -160 && world.seen("unit_2_interference_dbm", by: 0) == -130)
  }

  @Test func `more than sixteen uploads of others are shown as sixteen`() throws {
    let folder = try TemporaryFolder()
    let places = (0..<20).map { Place("v\($0)", 15, Double($0)) }
    var (scene, world) = try standing(in: folder) { scene in
      scene.mobility =
        "model: trace, slots: 20, fcd_file: \((try? folder.writeTrace([(0, places), (60, places)], to: "many.xml")) ?? "")"
    }
    world.play((0..<20).map { $0 < 10 ? scene.upload() : 1 })
    #expect(world.seen("unit_1_uploads", by: 0) == 9 && world.seen("unit_1_uploads", by: 19) == 10)
    world.play([Int32](repeating: scene.upload(), count: 20))
    #expect(world.seen("unit_1_uploads", by: 3) == 16)
  }
}
