import IndustrialEdge
import ReinforcementLearning
import Testing

@Suite struct HallBoundTests {
  @Test(arguments: IndustrialHallTests.halls)
  func `no policy passes the bound, and jobs are conserved under all of them`(name: String) throws {
    let world = try HallScene([], name: name).world()
    for seed in [0, 1] as [UInt64] {
      let bound = try #require(world.returnBound(seed: seed))
      var totals = [HallEpisode(world, seed: seed, RandomController(for: world)).total]
      for (rule, make) in hallRules {
        let episode = HallEpisode(world, seed: seed, make(world))
        totals.append(episode.total)
        #expect(episode.broken == [], "\(rule)")
      }
      #expect(totals.allSatisfy { $0 <= bound + 1e-9 })
      // The bound is no empty promise: the best rule comes within three times its cost.
      #expect(totals.max() ?? 0 > 3.5 * bound)
    }
  }

  /// Every sequence of joint decisions of one robot and one loop.
  @Test func `the best of all sequences of decisions does not pass the bound`() throws {
    let kind =
      "[{name: motion, count: 1, interval_s: 0.005, message_bits: 320, survival_intervals: 0, blocks: 2}]"
    let world = try HallScene(
      [
        ("loops", kind), ("robots", "null"), ("robustness.copies", "[1, 8]"), ("robustness.powers_dbm", "[-10]"),
        ("radio.noise_rise_db", "35"), ("edge.count", "1"), ("inspectors.device.clock_shares", "[1]"),
        ("inspectors.job.period_s", "0.03"), ("inspectors.job.deadline_s", "0.05"), ("time.steps", "9"),
      ], name: "inf-sl"
    ).world()
    var bounds = 0.0
    for seed in 0..<6 as Range<UInt64> {
      let bound = try #require(world.returnBound(seed: seed))
      let best = try clairvoyantOptimum(of: world, seed: seed)
      #expect(best.total <= bound + 1e-9)
      #expect(best.steps > 1000)
      for (_, make) in hallRules { #expect(HallEpisode(world, seed: seed, make(world)).total <= best.total + 1e-9) }
      bounds += bound
    }
    #expect(bounds < -0.5)
  }

  @Test func `asking for the bound changes nothing`() throws {
    var world = try HallScene([("time.steps", "50")]).world()
    var action = JointAction(for: world.groups)
    var outcome = StepOutcome(agents: world.agentCount)
    for _ in 0..<10 { world.step(action, outcome: &outcome) }
    action.discrete[0] = 3
    let before = world.snapshot()
    _ = world.returnBound(seed: 9)
    #expect(world.snapshot() == before)
  }
}
