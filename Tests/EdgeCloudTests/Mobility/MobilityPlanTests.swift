import EdgeCloud
import Randomness
import Testing

@Suite struct MobilityPlanTests {
  /// The vehicles of each slot at each instant, nil where it is empty.
  private func seats(_ plan: MobilityPlan) -> [[UInt64?]] {
    (0..<plan.instants).map { instant in
      (0..<plan.slots).map { slot in
        let stay = plan.occupant[plan.index(instant: instant, slot: slot)]
        return stay < 0 ? nil : plan.entity[Int(stay)]
      }
    }
  }

  private func plan(slots: Int, _ instants: [[UInt64]]) -> MobilityPlan {
    var builder = MobilityPlan.Builder(slots: slots, interval_s: 0.5)
    for (k, present) in instants.enumerated() {
      builder.add(
        present.map {
          MobilityPlan.Vehicle(entity: $0, x_m: Double($0), y_m: Double(k), speed_mps: Double($0) + Double(k))
        })
    }
    return builder.finish()
  }

  @Test func `a vehicle keeps its slot whatever the order in which it is reported`() {
    let plan = plan(slots: 3, [[5, 9, 7], [7, 5, 9], [9, 7, 5]])
    #expect(seats(plan) == [[5, 7, 9], [5, 7, 9], [5, 7, 9]])
    #expect(plan.x_m == [5, 7, 9, 5, 7, 9, 5, 7, 9])
    #expect(plan.y_m == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    #expect(plan.speed_mps == [5, 7, 9, 6, 8, 10, 7, 9, 11])
    #expect(plan.departure_s == [.infinity, .infinity, .infinity])
    #expect((plan.instants, plan.stays, plan.unservedInstants) == (3, 3, 0))
  }

  @Test func `a departure is the first instant of absence and frees the slot at once`() {
    let plan = plan(slots: 2, [[1, 2], [1, 2, 3], [2, 3], [2, 3], [3]])
    #expect(seats(plan) == [[1, 2], [1, 2], [3, 2], [3, 2], [3, nil]])
    #expect(plan.entity == [1, 2, 3])
    #expect(plan.departure_s == [1, 2, .infinity])
    #expect(plan.unservedInstants == 1)
    #expect(plan.x_m[9] == 0 && plan.y_m[9] == 0 && plan.speed_mps[9] == 0 && plan.occupant[9] == -1)
  }

  @Test func `freed slots go to those who wait longest, the lowest slot first`() {
    let plan = plan(slots: 2, [[1, 2], [1, 2, 9], [1, 2, 9, 4, 3], [9, 4, 3], [4, 3], [4, 3]])
    #expect(seats(plan) == [[1, 2], [1, 2], [1, 2], [9, 3], [4, 3], [4, 3]])
    #expect(plan.unservedInstants == 1 + 3 + 1)
  }

  @Test func `who returns after an absence waits anew and has a new stay`() {
    let plan = plan(slots: 1, [[1], [2], [2, 1], [2, 1], [1], [1]])
    #expect(seats(plan) == [[1], [2], [2], [2], [1], [1]])
    #expect(plan.entity == [1, 2, 1])
    #expect(plan.departure_s == [0.5, 2, .infinity])
    #expect(plan.occupant == [0, 1, 1, 1, 2, 2])
  }

  @Test func `who gives up waiting loses the place`() {
    let plan = plan(slots: 1, [[1], [1, 2], [1, 2, 3], [1, 3], [1, 2, 3], [2, 3]])
    #expect(seats(plan) == [[1], [1], [1], [1], [1], [3]])
  }

  @Test func `an empty road is an empty plan`() {
    let plan = plan(slots: 2, [[], [], []])
    #expect(plan.occupant == [-1, -1, -1, -1, -1, -1])
    #expect((plan.stays, plan.instants) == (0, 3))
  }

  /// The rules written down directly, with a scan for everything.
  @Test func `agrees with a plain model on random comings and goings`() {
    for seed in 0..<20 as Range<UInt64> {
      var stream = RandomStream(seed: seed)
      var instants: [[UInt64]] = []
      var road: [UInt64] = []
      for _ in 0..<60 {
        road.removeAll { _ in stream.bernoulli(0.1) }
        for entity in 0..<30 as Range<UInt64> where !road.contains(entity) && stream.bernoulli(0.05) {
          road.insert(entity, at: stream.integer(below: road.count + 1))
        }
        if stream.bernoulli(0.2) { road.shuffle(using: &stream) }
        instants.append(road)
      }
      let slots = 6
      let plan = plan(slots: slots, instants)
      var seats = [UInt64?](repeating: nil, count: slots)
      var entered: [UInt64: Int] = [:]
      var expected: [[UInt64?]] = []
      var unserved = 0
      for (k, present) in instants.enumerated() {
        entered = entered.filter { present.contains($0.key) }
        for entity in present where entered[entity] == nil { entered[entity] = k }
        seats = seats.map { seat in seat.flatMap { present.contains($0) ? $0 : nil } }
        var waiting = present.filter { !seats.contains($0) }.sorted {
          (entered[$0] ?? 0, $0) < (entered[$1] ?? 0, $1)
        }
        for slot in 0..<slots where seats[slot] == nil && !waiting.isEmpty {
          seats[slot] = waiting.removeFirst()
        }
        unserved += waiting.count
        expected.append(seats)
      }
      #expect(self.seats(plan) == expected)
      #expect(plan.unservedInstants == unserved)
      for stay in 0..<plan.stays {
        let last =
          (0..<plan.instants).last { plan.occupant[$0 * slots..<($0 + 1) * slots].contains(Int32(stay)) }
          ?? -1
        #expect(plan.departure_s[stay] == (last == plan.instants - 1 ? .infinity : Double(last + 1) * 0.5))
      }
    }
  }
}
