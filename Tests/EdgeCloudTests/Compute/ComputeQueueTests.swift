import EdgeCloud
import Glibc
import Randomness
import Testing

@Suite struct ComputeQueueTests {
  /// Start, finish and wait, then 1 for a task that was served.
  private func values(_ admission: ComputeQueue.Admission) -> [Double] {
    [admission.start_s, admission.finish_s, admission.waited_s, admission.isServed ? 1 : 0]
  }

  @Test func `one server works through tasks in their order`() {
    var queue = ComputeQueue(servers: 1)
    #expect(values(queue.admit(arrival_s: 1, service_s: 2)) == [1, 3, 0, 1])
    #expect(queue.backlog_s(at: 1.5) == 1.5)
    #expect(values(queue.admit(arrival_s: 2, service_s: 4)) == [3, 7, 1, 1])
    #expect(queue.backlog_s(at: 2) == 5)
    #expect(queue.work_s(at: 2) == 5)
    #expect(queue.backlog_s(at: 8) == 0)
    #expect(queue.work_s(at: 8) == 0)
  }

  @Test func `two servers share the queue`() {
    var queue = ComputeQueue(servers: 2)
    #expect(queue.admit(arrival_s: 0, service_s: 5).finish_s == 5)
    #expect(queue.admit(arrival_s: 0, service_s: 3).finish_s == 3)
    #expect(queue.backlog_s(at: 1) == 2)
    #expect(queue.work_s(at: 1) == 6)
    #expect(values(queue.admit(arrival_s: 1, service_s: 1)) == [3, 4, 2, 1])
    #expect(queue.admit(arrival_s: 1, service_s: 1).start_s == 4)
    #expect(queue.admit(arrival_s: 1, service_s: 1).start_s == 5)
  }

  @Test func `a task whose turn comes too late leaves unserved and costs nothing`() {
    var queue = ComputeQueue(servers: 1)
    queue.admit(arrival_s: 0, service_s: 10)
    let before = queue
    let refused = queue.admit(arrival_s: 1, service_s: 5, latestStart_s: 4)
    #expect(values(refused) == [4, 4, 3, 0])
    #expect(queue == before)
    #expect(queue.admit(arrival_s: 2, service_s: 1, latestStart_s: 10).start_s == 10)
    #expect(queue.admit(arrival_s: 20, service_s: 1, latestStart_s: 19).finish_s == 20)
  }

  @Test func `admission before an earlier arrival never books a server twice and uses one that was idle`() {
    var queue = ComputeQueue(servers: 2)
    queue.admit(arrival_s: 0, service_s: 5)
    queue.admit(arrival_s: 0, service_s: 8)
    #expect(queue.admit(arrival_s: 10, service_s: 1).start_s == 10)
    #expect(queue.admit(arrival_s: 6, service_s: 1).start_s == 6)
    #expect(queue.freeAt_s == [7, 11])
  }

  @Test func `restores from its clocks, takes over and resets`() throws {
    var queue = ComputeQueue(servers: 3)
    for i in 0..<7 { queue.admit(arrival_s: Double(i), service_s: 3) }
    #expect(try #require(ComputeQueue(freeAt_s: queue.freeAt_s)) == queue)
    var other = ComputeQueue(servers: 3)
    other.assign(from: queue)
    #expect(other == queue)
    other.reset()
    #expect(other == ComputeQueue(servers: 3))
    #expect(ComputeQueue(freeAt_s: []) == nil)
    #expect(ComputeQueue(freeAt_s: [.nan]) == nil)
  }

  /// Kiefer and Wolfowitz 1955: the ordered workloads before each arrival.
  @Test func `waits follow the recursion of Kiefer and Wolfowitz, patience included`() {
    var stream = RandomStream(seed: 8)
    var queue = ComputeQueue(servers: 3)
    var workloads = [0.0, 0, 0]
    var now = 0.0
    for _ in 0..<20_000 {
      let gap = stream.exponential() / 2.9
      let service = stream.exponential()
      let patience = 3 * stream.exponential()
      now += gap
      workloads = workloads.map { max(0, $0 - gap) }.sorted()
      let admission = queue.admit(arrival_s: now, service_s: service, latestStart_s: now + patience)
      #expect(admission.isServed == (workloads[0] <= patience))
      #expect((admission.waited_s - min(workloads[0], patience)).magnitude < 1e-8)
      if admission.isServed { workloads[0] += service }
    }
  }

  /// Erlang: Wq = C / (c μ − λ) at ρ = 0.8 and μ = 10 per server.
  @Test(arguments: [(1, 0.4, 0.8), (2, 0.177778, 0.711111), (4, 0.074554, 0.596432)])
  func `M/M/c waits as Erlang says`(servers: Int, wait: Double, probability: Double) {
    var stream = RandomStream(seed: 100 + UInt64(servers))
    var queue = ComputeQueue(servers: servers)
    var waits = BatchMeans(batchSize: 25_000)
    var delayed = BatchMeans(batchSize: 25_000)
    var now = 0.0
    for job in 0..<1_520_000 {
      now += stream.exponential() / (8 * Double(servers))
      let admission = queue.admit(arrival_s: now, service_s: stream.exponential() / 10)
      if job >= 20_000 {
        waits.add(admission.waited_s)
        delayed.add(admission.waited_s > 0 ? 1 : 0)
      }
    }
    #expect(waits.agrees(with: wait, precision: 0.015), "\(waits.mean) ± \(waits.standardError)")
    #expect(delayed.agrees(with: probability, precision: 0.005), "\(delayed.mean) ± \(delayed.standardError)")
  }

  /// Pollaczek and Khinchine: half the wait of M/M/1.
  @Test func `M/D/1 waits 0.2 s`() {
    var stream = RandomStream(seed: 41)
    var queue = ComputeQueue(servers: 1)
    var waits = BatchMeans(batchSize: 25_000)
    var now = 0.0
    for job in 0..<1_520_000 {
      now += stream.exponential() / 8
      let wait = queue.admit(arrival_s: now, service_s: 0.1).waited_s
      if job >= 20_000 { waits.add(wait) }
    }
    #expect(waits.agrees(with: 0.2, precision: 0.01), "\(waits.mean) ± \(waits.standardError)")
  }

  /// M/M/1 with constant patience d: P(lost) = P₀ (λ/μ) e^(−(μ−λ)d), where
  /// 1/P₀ = 1 + λ (1 − e^(−(μ−λ)d)) / (μ − λ) + (λ/μ) e^(−(μ−λ)d) (D. Y. Barrer 1957).
  @Test func `M/M/1 with constant patience loses the share that theory says`() {
    let (arrival, service, patience) = (8.0, 10.0, 0.3)
    let decay = exp(-(service - arrival) * patience)
    let empty = 1 / (1 + arrival * (1 - decay) / (service - arrival) + arrival / service * decay)
    var stream = RandomStream(seed: 77)
    var queue = ComputeQueue(servers: 1)
    var lost = BatchMeans(batchSize: 10_000)
    var now = 0.0
    for job in 0..<520_000 {
      now += stream.exponential() / arrival
      let admission = queue.admit(
        arrival_s: now, service_s: stream.exponential() / service, latestStart_s: now + patience)
      if job >= 20_000 { lost.add(admission.isServed ? 0 : 1) }
    }
    #expect(lost.agrees(with: empty * arrival / service * decay, precision: 0.02))
  }
}
