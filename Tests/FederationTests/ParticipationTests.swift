import Federation
import Testing

@Suite struct ParticipationTests {
  private func plan(_ participation: Participation, _ round: Int, seed: UInt64 = 3, busy: Set<Int> = []) -> RoundPlan {
    participation.plan(round: round, steps: 100, unit: 4, seed: seed) { !busy.contains($0) }
  }

  @Test func `everybody takes part unless something says otherwise`() {
    let plan = plan(Participation(delays: [0, 2, 0]), 5)
    #expect(
      plan.parts == [
        .init(client: 0, steps: 100), .init(client: 1, steps: 100, delay: 2), .init(client: 2, steps: 100),
      ])
    #expect(self.plan(Participation(delays: [0, 2, 0]), 5, busy: [1]).parts.map(\.client) == [0, 2])
  }

  /// Trap T17: sampling repeats by seed.
  @Test func `a plan is a function of seed, round and client`() {
    let all = Participation(
      sampling: .fixed(4), stragglers: .init(share: 0.5, work: 0.5), dropouts: 0.3,
      delays: [Int](repeating: 0, count: 10), extraDelay: 3)
    #expect(plan(all, 7) == plan(all, 7))
    #expect(plan(all, 7) != plan(all, 8) && plan(all, 7) != plan(all, 7, seed: 4))
    // Who else is there changes nothing about a client's own draws.
    let poisson = Participation(sampling: .poisson(0.5), delays: [Int](repeating: 0, count: 10))
    let few = plan(poisson, 1, busy: [0, 1, 2])
    #expect(few.parts == plan(poisson, 1).parts.filter { $0.client > 2 })
  }

  @Test func `as many clients as asked for, each as often as any`() {
    let participation = Participation(sampling: .fixed(3), delays: [Int](repeating: 0, count: 10))
    var counts = [Int](repeating: 0, count: 10)
    for round in 0..<5000 {
      let parts = plan(participation, round).parts
      #expect(parts.count == 3 && parts.map(\.client) == parts.map(\.client).sorted())
      for part in parts { counts[part.client] += 1 }
    }
    // 1500 expected, σ = √(5000 · 0.3 · 0.7) = 32.4: within 4.5 σ.
    #expect(counts.allSatisfy { abs($0 - 1500) < 146 }, "\(counts)")
    #expect(plan(participation, 0, busy: Set(0..<9)).parts.map(\.client) == [9])
  }

  @Test func `frequencies of sampling, straggling and losing are those asked for`() {
    let participation = Participation(
      sampling: .poisson(0.25), stragglers: .init(share: 0.4, work: 0.3), dropouts: 0.1,
      delays: [Int](repeating: 0, count: 20), extraDelay: 1)
    var (taken, slow, lost, late) = (0, 0, 0, 0)
    for round in 0..<2000 {
      for part in plan(participation, round).parts {
        taken += 1
        slow += part.steps == 28 ? 1 : 0
        lost += part.isLost ? 1 : 0
        late += part.delay
        #expect(part.steps == 28 || part.steps == 100)
      }
    }
    // 40000 draws of 0.25, then of 0.4, 0.1 and 0.5 among about 10000: within 4.5 σ.
    #expect(abs(taken - 10000) < 390)
    #expect(abs(Double(slow) / Double(taken) - 0.4) < 0.0221)
    #expect(abs(Double(lost) / Double(taken) - 0.1) < 0.0136)
    #expect(abs(Double(late) / Double(taken) - 0.5) < 0.0226)
  }

  @Test func `a straggler makes one move at least`() {
    let participation = Participation(stragglers: .init(share: 1, work: 0), delays: [0])
    #expect(plan(participation, 0).parts == [.init(client: 0, steps: 4)])
  }
}
