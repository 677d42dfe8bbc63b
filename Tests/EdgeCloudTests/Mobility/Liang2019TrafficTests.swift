import EdgeCloud
import Randomness
import Testing

@Suite struct Liang2019TrafficTests {
  @Test func `vehicles drive in whole metres per second and stay on the halved grid`() {
    for seed in 0..<5 as Range<UInt64> {
      let plan = Liang2019Traffic().plan(world: WorldDraws(seed: seed), slots: 40, steps: 2000, interval_s: 0.1)
      #expect(plan.stays == 40)
      #expect(plan.speed_mps.allSatisfy { (10...14).contains($0) && $0 == $0.rounded() })
      // A turn beyond the last lane may lead past an edge, which is mended at once.
      #expect(plan.x_m.allSatisfy { $0 >= 0 && $0 <= 375 } && plan.y_m.allSatisfy { $0 >= 0 && $0 <= 649 })
      for slot in 0..<plan.slots {
        for instant in 1..<plan.instants {
          let (i, j) = (plan.index(instant: instant - 1, slot: slot), plan.index(instant: instant, slot: slot))
          let moved = (plan.x_m[j] - plan.x_m[i]).magnitude + (plan.y_m[j] - plan.y_m[i]).magnitude
          // The way driven, or at an edge the hop to the outermost lane.
          let isEdge =
            plan.x_m[j] < 1 || plan.x_m[j] > 374 || plan.y_m[j] < 1 || plan.y_m[j] > 648
          #expect(isEdge || (moved - 0.1 * plan.speed_mps[i]).magnitude < 1e-9)
        }
      }
    }
  }

  @Test func `the drop has one vehicle of four in each heading, at whole metres`() {
    let toSouth = [244.75, 248.25, 494.75, 498.25, 744.75, 748.25].map { $0 / 2 }
    let toEast = [427.75, 431.25, 860.75, 864.25, 1293.75, 1297.25].map { $0 / 2 }
    for seed in 0..<50 as Range<UInt64> {
      let plan = Liang2019Traffic().plan(world: WorldDraws(seed: seed), slots: 8, steps: 0, interval_s: 0.1)
      for four in [0, 4] {
        #expect(toSouth.contains(plan.x_m[four]) && plan.y_m[four] == plan.y_m[four].rounded())
        #expect(toEast.contains(plan.y_m[four + 3]) && plan.x_m[four + 3] == plan.x_m[four + 3].rounded())
        // All four in lanes of one number.
        #expect(toSouth.firstIndex(of: plan.x_m[four]) == toEast.firstIndex(of: plan.y_m[four + 3]))
      }
    }
  }

  /// On the way north past the lanes of one street: the two to the west are crossed at y = 217.375 m and 219.125 m.
  @Test func `four of ten turn into a lane that they cross`() {
    var (passed, turned) = (0.0, 0.0)
    for seed in 0..<400 as Range<UInt64> {
      let plan = Liang2019Traffic().plan(world: WorldDraws(seed: seed), slots: 40, steps: 100, interval_s: 0.1)
      for slot in 0..<40 {
        for instant in 2..<plan.instants {
          let (h, i, j) = (
            plan.index(instant: instant - 2, slot: slot), plan.index(instant: instant - 1, slot: slot),
            plan.index(instant: instant, slot: slot)
          )
          guard plan.x_m[h] == plan.x_m[i], plan.y_m[i] > plan.y_m[h], plan.y_m[i] <= 217.375 else { continue }
          let way = 0.1 * plan.speed_mps[i]
          guard plan.y_m[i] + way >= 217.375, plan.y_m[i] + way < 219.125 else { continue }
          passed += 1
          if plan.y_m[j] == 217.375 { turned += 1 }
        }
      }
    }
    #expect(passed > 500)
    #expect((turned / passed - 0.4).magnitude < 4 * (0.24 / passed).squareRoot())
  }
}
