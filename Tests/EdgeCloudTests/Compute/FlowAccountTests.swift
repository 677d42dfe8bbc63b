import EdgeCloud
import Randomness
import Testing

@Suite struct FlowAccountTests {
  @Test func `counts and integrates three tasks as by hand`() {
    var account = FlowAccount(capacity: 4)
    account.arrive(at: 1, exit: 4, outcome: .done)
    account.arrive(at: 0.5, exit: 2.5, outcome: .late)
    account.arrive(at: 2, exit: 9, outcome: .dropped)
    account.advance(to: 3)
    #expect((account.arrived, account.done, account.late, account.dropped) == (3, 0, 1, 0))
    #expect(account.inside == 2)
    // N is 1 in [.5, 1), 2 in [1, 2), 3 in [2, 2.5) and 2 in [2.5, 3).
    #expect(integrals(account) == [0, 5, 5])
    account.advance(to: 10)
    #expect((account.arrived, account.done, account.late, account.dropped) == (3, 1, 1, 1))
    #expect(integrals(account) == [0, 12, 12])
  }

  @Test func `a task that leaves as it comes is counted and takes no time`() {
    var account = FlowAccount(capacity: 1)
    account.arrive(at: 2, exit: 2, outcome: .dropped)
    #expect(account.arrived == 0)
    account.advance(to: 2)
    #expect((account.arrived, account.dropped, account.inside) == (1, 1, 0))
    #expect(integrals(account) == [0, 0, 0])
  }

  @Test func `a task that never leaves stays in the books`() {
    var account = FlowAccount(capacity: 1)
    account.arrive(at: 1, exit: .infinity, outcome: .dropped)
    account.advance(to: 5)
    #expect(integrals(account) == [0, 4, 4])
  }

  /// Σ min(exit, now) − arrival over all tasks so far, by a loop over all of them.
  @Test func `stays sound through random traffic and agrees with a plain sum`() {
    let (account, tasks) = Self.traffic(seed: 12, steps: 400)
    let balance = account.check()
    var residence = 0.0
    var counts = [0, 0, 0, 0]
    for task in tasks where task.arrival <= account.now_s {
      residence += min(task.exit, account.now_s) - task.arrival
      counts[task.exit <= account.now_s ? Int(task.outcome.rawValue) : 3] += 1
    }
    #expect(balance.isSound)
    #expect(counts == [account.done, account.late, account.dropped, account.inside])
    #expect((balance.occupancy_s - residence).magnitude < 1e-8)
    #expect((balance.residence_s - residence).magnitude < 1e-8)
    #expect(balance.occupancy_s > 1000)
  }

  @Test func `the order of reports within a step does not matter`() {
    var forward = FlowAccount(capacity: 8)
    var backward = FlowAccount(capacity: 8)
    let tasks = (0..<50).map { (i: Int) -> (arrival: Double, stay: Double) in
      (Double(i * 7 % 50) / 50, 1 + Double(i * 11 % 50) / 30)
    }
    for (arrival, stay) in tasks { forward.arrive(at: arrival, exit: arrival + stay, outcome: .done) }
    for (arrival, stay) in tasks.reversed() {
      backward.arrive(at: arrival, exit: arrival + stay, outcome: .done)
    }
    for time in stride(from: 0.25, through: 4, by: 0.25) {
      forward.advance(to: time)
      backward.advance(to: time)
      #expect(
        (forward.arrived, forward.done, forward.inside) == (backward.arrived, backward.done, backward.inside))
      #expect((forward.check().occupancy_s - backward.check().occupancy_s).magnitude < 1e-12)
      #expect(forward.check().isSound && backward.check().isSound)
    }
  }

  @Test func `notices an exit that was lost`() throws {
    var (account, _) = Self.traffic(seed: 3, steps: 40)
    #expect(account.check().isSound)
    let lost = try #require(account.entries.lastIndex { $0.isInside })
    account.entries.remove(at: lost)
    #expect(account.check().unaccountedTasks == 1)
    #expect(!account.check().isSound)
    account.advance(to: account.now_s + 100)
    let balance = account.check()
    #expect(balance.occupancy_s - balance.residence_s > 99, "the lost task is never taken out")
  }

  @Test func `notices a task whose arrival was never counted`() {
    var (account, _) = Self.traffic(seed: 3, steps: 40)
    account.arrive(at: account.now_s, exit: account.now_s + 5, outcome: .done)
    for i in account.entries.indices { account.entries[i].isInside = true }
    account.advance(to: account.now_s + 2)
    #expect(account.check().unaccountedTasks < 0)
    #expect(!account.check().isSound)
  }

  @Test func `restores exactly and refuses what is no account`() throws {
    let (account, _) = Self.traffic(seed: 5, steps: 60)
    var restored = try #require(FlowAccount(words: account.words))
    #expect(restored == account)
    var original = account
    original.advance(to: 1000)
    restored.advance(to: 1000)
    #expect(restored == original)
    var taken = FlowAccount(capacity: 0)
    taken.assign(from: account)
    #expect(taken == account)
    taken.reset()
    #expect(taken == FlowAccount(capacity: 0))
    #expect(FlowAccount(words: Array(account.words.dropLast())) == nil)
    var disordered = account.words
    disordered[12] = 99
    #expect(FlowAccount(words: disordered) == nil)
  }

  private func integrals(_ account: FlowAccount) -> [Double] {
    let balance = account.check()
    return [Double(balance.unaccountedTasks), balance.occupancy_s, balance.residence_s]
  }

  private static func traffic(
    seed: UInt64, steps: Int
  ) -> (FlowAccount, [(arrival: Double, exit: Double, outcome: FlowAccount.Outcome)]) {
    var stream = RandomStream(seed: seed)
    var account = FlowAccount(capacity: 4)
    var tasks: [(arrival: Double, exit: Double, outcome: FlowAccount.Outcome)] = []
    let outcomes: [FlowAccount.Outcome] = [.done, .late, .dropped]
    for step in 0..<steps {
      for _ in 0..<stream.integer(below: 12) {
        let arrival = 0.1 * (Double(step) + stream.uniform() * 1.5)
        let exit = arrival + (stream.bernoulli(0.1) ? 0 : stream.exponential())
        let outcome = outcomes[stream.integer(below: 3)]
        account.arrive(at: max(arrival, account.now_s), exit: max(exit, account.now_s), outcome: outcome)
        tasks.append((max(arrival, account.now_s), max(exit, account.now_s), outcome))
      }
      account.advance(to: 0.1 * Double(step + 1))
    }
    return (account, tasks)
  }
}
