import EdgeCloud
import Randomness
import Testing

@Suite struct ManhattanTrafficTests {
  /// The lane of an instant's vehicle as an independent reading of the geometry: the street line, the side and the
  /// lane, and the way along; nil inside crossings.
  private struct Reading: Hashable {
    let isVertical: Bool
    let street: Int
    /// Signed lane: positive to the east or the south of the line.
    let lane: Int

    static func of(_ x: Double, _ y: Double, block: (Double, Double)) -> (Reading, along: Double)? {
      let (column, row) = ((x / block.0).rounded(), (y / block.1).rounded())
      let (dx, dy) = (x - column * block.0, y - row * block.1)
      let inX = dx.magnitude < 10 - 1e-9
      let inY = dy.magnitude < 10 - 1e-9
      if inX == inY { return nil }
      let offset = inX ? dx : -dy
      let lane = offset > 0 ? Int(offset / 3.5) + 1 : -Int(-offset / 3.5) - 1
      return (Reading(isVertical: inX, street: Int(inX ? column : row), lane: lane), inX ? y : x)
    }
  }

  /// The least distance between two vehicles of a lane, outside crossings, over a plan; vehicles off every lane count.
  private func survey(_ plan: MobilityPlan, block: (Double, Double)) -> (least: Double, strays: Int, seen: Int) {
    var least = Double.infinity
    var strays = 0
    var seen = 0
    for instant in 0..<plan.instants {
      var lanes: [Reading: [Double]] = [:]
      for slot in 0..<plan.slots {
        let i = plan.index(instant: instant, slot: slot)
        guard plan.occupant[i] >= 0 else { continue }
        seen += 1
        let (column, row) = ((plan.x_m[i] / block.0).rounded(), (plan.y_m[i] / block.1).rounded())
        let dx = (plan.x_m[i] - column * block.0).magnitude
        let dy = (plan.y_m[i] - row * block.1).magnitude
        guard let (lane, along) = Reading.of(plan.x_m[i], plan.y_m[i], block: block) else {
          if max(dx, dy) > 10 + 1e-6 { strays += 1 }
          continue
        }
        let offset = min(dx, dy)
        if (offset - 1.75).magnitude > 1e-6 && (offset - 5.25).magnitude > 1e-6 { strays += 1 }
        lanes[lane, default: []].append(along)
      }
      for places in lanes.values {
        let sorted = places.sorted()
        for (a, b) in zip(sorted, sorted.dropFirst()) { least = min(least, b - a) }
      }
    }
    return (least, strays, seen)
  }

  @Test(arguments: [60.0, 15])
  func `no vehicle overlaps another in a lane and none leaves the grid`(kilometresPerHour: Double) {
    for seed in 0..<3 as Range<UInt64> {
      let traffic = ManhattanTraffic(speed: MetresPerSecond(kilometresPerHour: kilometresPerHour))
      let plan = traffic.plan(world: WorldDraws(seed: seed), slots: 4000, steps: 120, interval_s: 1)
      let (least, strays, seen) = survey(plan, block: (250, 433))
      #expect(plan.unservedInstants == 0 && plan.stays == seen / 121 && seen > 121 * 500)
      #expect(strays == 0)
      #expect(least > 7.5 - 1e-6, "seed \(seed): \(least) m")
      #expect(plan.x_m.allSatisfy { $0 >= -7 && $0 <= 757 } && plan.y_m.allSatisfy { $0 >= -7 && $0 <= 1306 })
    }
  }

  @Test func `a crowded grid keeps its distances too`() {
    let traffic = ManhattanTraffic(
      columns: 2, rows: 1, speed: MetresPerSecond(10), headway: Seconds(0.8), left: 0.4, right: 0.4)
    let plan = traffic.plan(world: WorldDraws(seed: 4), slots: 3000, steps: 300, interval_s: 0.7)
    let (least, strays, seen) = survey(plan, block: (250, 433))
    #expect(seen > 300 * 900 && strays == 0)
    #expect(least > 7.5 - 1e-6, "\(least) m")
  }

  /// 4 streets of 1299 m and 4 of 750 m with four lanes each: 32,784 m of lane. Count in a lane: Poisson.
  @Test func `the drop has the mean distance of 2.5 s times the speed in every lane`() {
    let traffic = ManhattanTraffic()
    var total = 0.0
    var square = 0.0
    for seed in 0..<40 as Range<UInt64> {
      let count = Double(traffic.plan(world: WorldDraws(seed: seed), slots: 2000, steps: 0, interval_s: 1).stays)
      total += count
      square += count * count
    }
    let mean = 32784.0 / (2.5 * 60 / 3.6)
    #expect((total / 40 - mean).magnitude < 4 * (mean / 40).squareRoot())
    let variance = square / 40 - (total / 40) * (total / 40)
    // A chi-square of 39 degrees of freedom over 39 lies within 0.4 ... 1.9 but once in a thousand times.
    #expect(variance > 0.4 * mean && variance < 1.9 * mean)
  }

  /// What vehicles do at inner crossings, read off the stretches on which they are seen one after another.
  private func turns(_ traffic: ManhattanTraffic, seeds: Range<UInt64>) -> [String: Double] {
    var counts = ["straight": 0.0, "left": 0, "right": 0, "back": 0]
    for seed in seeds {
      let plan = traffic.plan(world: WorldDraws(seed: seed), slots: 2000, steps: 400, interval_s: 1)
      for slot in 0..<plan.slots where plan.occupant[slot] >= 0 {
        var last: (heading: (Double, Double), column: Int, row: Int)?
        for instant in 1..<plan.instants {
          let (i, j) = (plan.index(instant: instant - 1, slot: slot), plan.index(instant: instant, slot: slot))
          let (x, y) = (plan.x_m[j], plan.y_m[j])
          let (dx, dy) = (x - plan.x_m[i], y - plan.y_m[i])
          let (column, row) = (Int((x / 250).rounded()), Int((y / 433).rounded()))
          let offCrossing = max((x - 250 * Double(column)).magnitude, (y - 433 * Double(row)).magnitude)
          guard offCrossing > 30, min(dx.magnitude, dy.magnitude) < 1e-9 else { continue }
          let heading = (dx == 0 ? 0 : dx / dx.magnitude, dy == 0 ? 0 : dy / dy.magnitude)
          // The stretch by its street and the block in which it lies.
          let (across, along) = (Int((x / 250).rounded(.down)), Int((y / 433).rounded(.down)))
          let place = heading.0 != 0 ? (across, row) : (column, along)
          if let last, last.column != place.0 || last.row != place.1 || last.heading != heading {
            let isInner = last.heading.0 != 0 ? (1...3).contains(last.row) : (1...3).contains(last.column)
            let ahead =
              last.heading.0 != 0
              ? last.column + (last.heading.0 > 0 ? 1 : 0) : last.row + (last.heading.1 > 0 ? 1 : 0)
            if isInner, (1...3).contains(ahead) {
              let cross = last.heading.0 * heading.1 - last.heading.1 * heading.0
              let dot = last.heading.0 * heading.0 + last.heading.1 * heading.1
              counts[cross > 0 ? "left" : cross < 0 ? "right" : dot > 0 ? "straight" : "back", default: 0] += 1
            }
          }
          last = (heading, place.0, place.1)
        }
      }
    }
    let all = counts.values.reduce(0, +)
    var shares = counts.mapValues { $0 / all }
    shares["all"] = all
    return shares
  }

  @Test func `turns have their probabilities where there is room`() throws {
    let shares = turns(ManhattanTraffic(columns: 4, rows: 4, headway: Seconds(20), left: 0.3, right: 0.2), seeds: 0..<8)
    let all = try #require(shares["all"])
    #expect(all > 9000)
    // Who finds the lane taken goes another way: at this density less than one in a hundred.
    let tolerance = 4 * (0.25 / all).squareRoot() + 0.005
    for (turn, share) in [("left", 0.3), ("right", 0.2), ("straight", 0.5), ("back", 0)] {
      #expect((shares[turn, default: 0] - share).magnitude < tolerance, "\(turn): \(shares[turn, default: 0])")
    }
  }

  /// At 2.5 s between vehicles the other lane is nearly always clear where the first is not.
  @Test func `the standard's density leaves the turns nearly as they are drawn`() {
    let shares = turns(ManhattanTraffic(columns: 4, rows: 4), seeds: 0..<1)
    #expect((shares["straight", default: 0] - 0.5).magnitude < 0.02, "\(shares)")
    #expect(
      (shares["left", default: 0] - 0.25).magnitude < 0.02 && (shares["right", default: 0] - 0.25).magnitude < 0.02)
    #expect(shares["back", default: 0] < 1e-3)
  }

  @Test func `no vehicle moves faster than its speed, but for the outer lane's left turn`() {
    let plan = ManhattanTraffic().plan(world: WorldDraws(seed: 8), slots: 1500, steps: 400, interval_s: 0.1)
    var fastest = 0.0
    for slot in 0..<plan.slots {
      for instant in 1..<plan.instants {
        let (i, j) = (plan.index(instant: instant - 1, slot: slot), plan.index(instant: instant, slot: slot))
        guard plan.occupant[i] >= 0 else { continue }
        let (dx, dy) = (plan.x_m[j] - plan.x_m[i], plan.y_m[j] - plan.y_m[i])
        fastest = max(fastest, (dx * dx + dy * dy).squareRoot() / 0.1)
      }
    }
    // From (5.25, −10) to (−10, 5.25) m while 20 m are driven: 1.0784 of the speed.
    #expect(fastest <= 60 / 3.6 * 1.0784 && fastest >= 60 / 3.6 * (1 - 1e-9))
  }

  @Test func `a fleet has its number, and those with a slot are a fair sample of it`() {
    let traffic = ManhattanTraffic(fleet: 200)
    #expect(traffic.plan(world: WorldDraws(seed: 3), slots: 300, steps: 1, interval_s: 1).stays == 200)
    var north = 0.0
    for seed in 0..<100 as Range<UInt64> {
      let plan = traffic.plan(world: WorldDraws(seed: seed), slots: 10, steps: 0, interval_s: 1)
      #expect(plan.stays == 10)
      north += Double((0..<10).filter { plan.y_m[$0] > 649.5 }.count)
    }
    #expect((north / 1000 - 0.5).magnitude < 4 * (0.25 / 1000).squareRoot())
  }

  @Test func `slots, lookahead and interval do not change how vehicles move`() {
    let traffic = ManhattanTraffic()
    let world = WorldDraws(seed: 9)
    let fine = traffic.plan(world: world, slots: 1500, steps: 600, interval_s: 0.1)
    let coarse = traffic.plan(world: world, slots: 1500, steps: 3, interval_s: 20, lookahead: 0)
    for (instant, at) in [(0, 0), (1, 200), (2, 400), (3, 600)] {
      for slot in 0..<1500 {
        let (i, j) = (coarse.index(instant: instant, slot: slot), fine.index(instant: at, slot: slot))
        #expect((coarse.x_m[i] - fine.x_m[j]).magnitude < 1e-6 && (coarse.y_m[i] - fine.y_m[j]).magnitude < 1e-6)
      }
    }
    let long = traffic.plan(world: world, slots: 1500, steps: 500, interval_s: 0.1, lookahead: 100)
    #expect(long.x_m == fine.x_m && long.y_m == fine.y_m)
    #expect(traffic.plan(world: WorldDraws(seed: 10), slots: 1500, steps: 1, interval_s: 1) != coarse)
  }
}
