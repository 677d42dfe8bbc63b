import EdgeCloud
import Randomness
import Testing

@Suite struct HighwayTrafficTests {
  static func road(flow: Double = 0.3, spread: Double = 2) -> HighwayTraffic {
    HighwayTraffic(
      length: Metres(2000), lanesPerDirection: 3, desiredSpeed: MetresPerSecond(25),
      speedSpread: MetresPerSecond(spread), entryFlow: Hertz(flow))
  }

  /// Vehicles of an instant: lane (by y), position along the direction of travel, speed, entity.
  static func vehicles(_ plan: MobilityPlan, _ instant: Int) -> [(
    y: Double, front: Double, speed: Double, entity: UInt64
  )] {
    (0..<plan.slots).compactMap { slot in
      let i = plan.index(instant: instant, slot: slot)
      if plan.occupant[i] < 0 { return nil }
      return (
        plan.y_m[i], plan.y_m[i] < 0 ? plan.x_m[i] : 2000 - plan.x_m[i], plan.speed_mps[i],
        plan.entity[Int(plan.occupant[i])]
      )
    }
  }

  @Test(arguments: [0.1, 0.3, 0.5, 3])
  func `no vehicles collide and no speed is negative`(flow: Double) {
    for seed in 0..<15 as Range<UInt64> {
      let plan = Self.road(flow: flow, spread: flow > 1 ? 10 : 2).plan(
        world: WorldDraws(seed: seed), slots: 700, steps: 200, interval_s: 0.5)
      #expect(plan.unservedInstants == 0)
      var leastGap = Double.infinity
      for instant in 0..<plan.instants {
        let present = Self.vehicles(plan, instant).sorted { ($0.y, $0.front) < ($1.y, $1.front) }
        #expect(present.allSatisfy { $0.speed >= 0 && $0.front >= 0 && $0.front <= 2000 })
        for (follower, leader) in zip(present, present.dropFirst()) where follower.y == leader.y {
          leastGap = min(leastGap, leader.front - 5 - follower.front)
        }
      }
      #expect(leastGap > 0, "seed \(seed)")
    }
  }

  @Test func `lanes lie where they should and vehicles drive their way`() {
    let plan = Self.road().plan(world: WorldDraws(seed: 1), slots: 400, steps: 100, interval_s: 0.1)
    #expect(Set(Self.vehicles(plan, 0).map(\.y)) == [-10, -6, -2, 2, 6, 10])
    var moved = 0
    for slot in 0..<plan.slots {
      for instant in 1..<plan.instants {
        let (i, j) = (plan.index(instant: instant - 1, slot: slot), plan.index(instant: instant, slot: slot))
        guard plan.occupant[i] >= 0, plan.occupant[i] == plan.occupant[j] else { continue }
        let step = (plan.x_m[j] - plan.x_m[i]) * (plan.y_m[i] < 0 ? 1 : -1)
        #expect(plan.y_m[i] == plan.y_m[j])
        // One ballistic step: the way is the mean of the two speeds times the time.
        #expect((step - 0.05 * (plan.speed_mps[i] + plan.speed_mps[j])).magnitude < 1e-9)
        moved += 1
      }
    }
    #expect(moved > 10_000)
  }

  @Test func `the road starts at the mean spacing`() {
    let plan = Self.road(flow: 0.25).plan(world: WorldDraws(seed: 1), slots: 400, steps: 0, interval_s: 0.1)
    // 25 m/s over 0.25 vehicles/s is 100 m: 20 vehicles in each of six lanes of 2 km.
    #expect(plan.stays == 120)
    let perLane = Dictionary(grouping: Self.vehicles(plan, 0), by: \.y)
    #expect(perLane.values.allSatisfy { $0.count == 20 })
    for lane in perLane.values {
      let fronts = lane.map(\.front).sorted()
      for (i, front) in fronts.enumerated() { #expect((0...100).contains(front - 100 * Double(i))) }
      #expect(zip(fronts, fronts.dropFirst()).allSatisfy { $1 - $0 >= 5 + 2 + 25 * 1.6 - 1e-9 })
    }
  }

  @Test(arguments: [0.1, 0.2, 0.35])
  func `the flow that leaves is the flow that arrives`(flow: Double) {
    let plan = Self.road(flow: flow).plan(world: WorldDraws(seed: 6), slots: 700, steps: 1200, interval_s: 1)
    let left = plan.departure_s.filter { $0 > 200 && $0 <= 1200 }.count
    let expected = flow * 6 * 1000
    #expect((Double(left) - expected).magnitude < 3 * expected.squareRoot(), "\(left) against \(expected)")
  }

  @Test func `a flow beyond capacity waits outside instead of crowding in`() {
    let plan = Self.road(flow: 3, spread: 0).plan(
      world: WorldDraws(seed: 6), slots: 700, steps: 600, interval_s: 1)
    let left = Double(plan.departure_s.filter { $0 > 200 && $0 <= 600 }.count)
    // No driver follows closer than s0 + v T, so a lane carries less than 1/T vehicles per second.
    #expect(left < 400 * 6 / 1.6)
    #expect(left > 0.5 * 400 * 6 / 1.6)
  }

  @Test func `no driver of a moderate flow brakes harder than 9 m/s²`() {
    for seed in 0..<10 as Range<UInt64> {
      let plan = Self.road(flow: 0.35).plan(
        world: WorldDraws(seed: seed), slots: 500, steps: 1200, interval_s: 0.1)
      var hardest = 0.0
      for slot in 0..<plan.slots {
        for instant in 1..<plan.instants {
          let (i, j) = (
            plan.index(instant: instant - 1, slot: slot), plan.index(instant: instant, slot: slot)
          )
          guard plan.occupant[i] >= 0, plan.occupant[i] == plan.occupant[j] else { continue }
          hardest = max(hardest, (plan.speed_mps[i] - plan.speed_mps[j]) / 0.1)
        }
      }
      #expect(hardest < 9, "seed \(seed): \(hardest)")
    }
  }

  @Test func `the same seed gives the same plan bit for bit and another seed another`() {
    let road = Self.road()
    let plan = road.plan(world: WorldDraws(seed: 9), slots: 60, steps: 100, interval_s: 0.1, lookahead: 50)
    #expect(
      plan == road.plan(world: WorldDraws(seed: 9), slots: 60, steps: 100, interval_s: 0.1, lookahead: 50))
    #expect(plan.occupant.count == 151 * 60)
    #expect(
      plan != road.plan(world: WorldDraws(seed: 10), slots: 60, steps: 100, interval_s: 0.1, lookahead: 50))
  }

  @Test func `slots and lookahead do not change how vehicles move`() {
    let road = Self.road()
    let wide = road.plan(world: WorldDraws(seed: 9), slots: 400, steps: 100, interval_s: 0.1)
    let narrow = road.plan(world: WorldDraws(seed: 9), slots: 20, steps: 100, interval_s: 0.1)
    let long = road.plan(world: WorldDraws(seed: 9), slots: 400, steps: 100, interval_s: 0.1, lookahead: 80)
    #expect(Array(long.x_m.prefix(wide.x_m.count)) == wide.x_m)
    #expect(narrow.unservedInstants > 0)
    for instant in 0..<wide.instants {
      let fronts = Dictionary(
        uniqueKeysWithValues: Self.vehicles(wide, instant).map { ($0.entity, $0.front) })
      for vehicle in Self.vehicles(narrow, instant) { #expect(fronts[vehicle.entity] == vehicle.front) }
    }
  }

  @Test func `an interval of one second is moved in substeps of a tenth`() {
    let road = Self.road()
    let fine = road.plan(world: WorldDraws(seed: 2), slots: 400, steps: 300, interval_s: 0.1)
    let coarse = road.plan(world: WorldDraws(seed: 2), slots: 400, steps: 30, interval_s: 1)
    for instant in 0..<coarse.instants {
      let fronts = Dictionary(
        uniqueKeysWithValues: Self.vehicles(fine, 10 * instant).map { ($0.entity, $0.front) })
      let present = Self.vehicles(coarse, instant)
      #expect(present.count == fronts.count)
      for vehicle in present { #expect(((fronts[vehicle.entity] ?? -1) - vehicle.front).magnitude < 1e-9) }
    }
  }

  @Test func `no flow is an empty road`() {
    let plan = Self.road(flow: 0).plan(world: WorldDraws(seed: 2), slots: 4, steps: 10, interval_s: 1)
    #expect(plan.stays == 0)
  }
}
