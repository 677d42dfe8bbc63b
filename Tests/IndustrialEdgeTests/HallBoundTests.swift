import IndustrialEdge
import ReinforcementLearning
import Testing

@Suite struct HallBoundTests {
  @Test(.serialized, arguments: ["inf-sl", "inf-sh", "inf-dl", "inf-dh"])
  func `no policy passes the bound`(name: String) throws {
    let world = try HallScene([], name: name).world()
    print(name)
    for seed in [0, 1] as [UInt64] {
      let bound = try #require(world.returnBound(seed: seed))
      print("bound", bound)
      var totals = [HallEpisode(world, seed: seed, RandomController(for: world)).total]
      print("random", totals[0])
      for (name, make) in hallRules {
        let episode = HallEpisode(world, seed: seed, make(world))
        totals.append(episode.total)
        #expect(episode.broken == [])
        if seed == 0 {
          print(name, episode.total, ["latency_mean_s", "deadline_miss_ratio", "energy_per_task_j", "availability", "message_loss_ratio", "reserved_share", "monitoring_loss_ratio","device_share","edge_share", "cloud_share", "energy_per_message_j"].map { "\($0)=\(Float(episode.metric($0) ?? .nan))" }.joined(separator: " "))
        }
      }
      #expect(totals.allSatisfy { $0 <= bound + 1e-9 })
    }
  }
}
