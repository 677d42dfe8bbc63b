import ReinforcementLearning
import Testing
import VehicularEdge

@Suite struct RewardTermsTests {
  @Test func `a reward's parts are those of the table, weighed by the scenario`() throws {
    var scene = Scene()
    scene.latencyWeight = 0.75
    scene.energyWeight = 2
    scene.missWeight = 3
    scene.energyReference_J = 0.25
    var world = try scene.world(seed: 6)
    #expect(world.rewardTerms.map(\.name) == ["latency_share", "energy_j", "missed"])
    #expect(world.rewardTerms.map(\.weight) == [-0.75, -8, -3])
    var (inTime, missed) = (0, 0)
    for step in 0..<80 {
      world.play((0..<40).map { Int32(1 + ($0 + step) % (scene.options - 1)) })
      var expected = [[Double]](repeating: [0, 0, 0], count: 40)
      for row in world.rows {
        let isDone = row.fate == "done"
        expected[row.agent] = [isDone ? row["latency_s"] / row["deadline_s"] : 1, row["energy_j"], isDone ? 0 : 1]
        if isDone { inTime += 1 } else { missed += 1 }
      }
      for (terms, other) in zip(world.terms, expected) {
        #expect(zip(terms, other).allSatisfy { agree($0, $1, within: 1e-8) })
      }
    }
    #expect(inTime > 100 && missed > 100)
  }

  @Test func `a part that weighs nothing leaves the reward alone`() throws {
    var scene = Scene()
    (scene.latencyWeight, scene.missWeight) = (0, 0)
    var world = try scene.world(seed: 6)
    let outcome = world.play([Int32](repeating: 1, count: 40))
    #expect(outcome.rewards == world.terms.map { $0[1] == 0 ? 0 : -(0.25 * $0[1] / 0.1) })
    #expect(outcome.rewards.contains { $0 < 0 })
  }
}
