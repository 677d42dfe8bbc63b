import AllocationCounting
import EdgeCloud
import Randomness
import Testing

@Suite struct PreemptiveServerTests {
  private struct Job {
    var arrival: Double
    var service: Double
    var deadline: Double
  }

  private func run(_ discipline: PreemptiveServer.Discipline, _ jobs: [Job]) -> [PreemptiveServer.Departure] {
    var server = PreemptiveServer(discipline, capacity: jobs.count)
    var departures: [PreemptiveServer.Departure] = []
    for (task, job) in jobs.enumerated() {
      server.admit(task, arrival_s: job.arrival, service_s: job.service, deadline_s: job.deadline) {
        departures.append($0)
      }
    }
    server.advance(to: 1e6) { departures.append($0) }
    return departures
  }

  /// Task 0 begins, is laid aside at 1 s for task 1, and goes on at 2 s.
  @Test func `a more urgent task is served first and the other goes on afterwards`() {
    let jobs = [
      Job(arrival: 0, service: 3, deadline: 10), Job(arrival: 1, service: 1, deadline: 4),
      Job(arrival: 1.5, service: 0.25, deadline: 11),
    ]
    let deadline = run(.earliestDeadline, jobs)
    #expect(deadline.map(\.task) == [1, 0, 2] && deadline.map(\.finish_s) == [2, 4, 4.25])
    let shortest = run(.shortestRemaining, jobs)
    #expect(shortest.map(\.task) == [2, 1, 0] && shortest.map(\.finish_s) == [1.75, 2.25, 4.25])
    #expect(deadline.map(\.deadline_s) == [4, 10, 11])
  }

  /// All deadlines can be met by some order exactly if in every interval no more is asked than fits: for all a < b, the
  /// service of the tasks that arrive at or after a and are due by b is at most b − a.
  @Test func `the earliest deadline first meets all deadlines exactly where they can be met`() {
    var stream = RandomStream(seed: 14)
    var (feasible, missed) = (0, 0)
    for _ in 0..<3000 {
      let count = 2 + stream.integer(below: 6)
      let jobs = (0..<count).map { _ in
        let arrival = 4 * stream.uniform()
        let service = 0.1 + stream.uniform()
        return Job(arrival: arrival, service: service, deadline: arrival + service * (1 + 3 * stream.uniform()))
      }.sorted { $0.arrival < $1.arrival }
      let canBeMet = jobs.allSatisfy { first in
        jobs.allSatisfy { last in
          let demand = jobs.filter { $0.arrival >= first.arrival && $0.deadline <= last.deadline }
            .reduce(0) { $0 + $1.service }
          return demand <= last.deadline - first.arrival + 1e-9 || demand == 0
        }
      }
      let departures = run(.earliestDeadline, jobs)
      #expect(departures.count == count)
      #expect(departures.allSatisfy { $0.finish_s <= $0.deadline_s + 1e-9 } == canBeMet)
      if canBeMet { feasible += 1 } else { missed += 1 }
    }
    #expect(feasible > 300 && missed > 300)
  }

  @Test func `the shortest remaining first has the least mean time of all disciplines`() {
    var stream = RandomStream(seed: 15)
    for _ in 0..<300 {
      var now = 0.0
      let jobs = (0..<60).map { _ in
        now += stream.exponential()
        return Job(arrival: now, service: 0.9 * stream.exponential(), deadline: now + 5 * stream.uniform())
      }
      let shortest = run(.shortestRemaining, jobs).reduce(0) { $0 + $1.finish_s - $1.arrival_s }
      let deadline = run(.earliestDeadline, jobs).reduce(0) { $0 + $1.finish_s - $1.arrival_s }
      var queue = ComputeQueue(servers: 1)
      let queued = jobs.reduce(0) {
        $0 + queue.admit(arrival_s: $1.arrival, service_s: $1.service).finish_s - $1.arrival
      }
      var processor = ProcessorSharing(capacity: 60)
      var shared = 0.0
      for (task, job) in jobs.enumerated() {
        processor.admit(task, arrival_s: job.arrival, service_s: job.service) { shared += $0.finish_s - $0.arrival_s }
      }
      processor.advance(to: 1e6) { shared += $0.finish_s - $0.arrival_s }
      #expect(shortest <= min(deadline, queued, shared) + 1e-9)
    }
  }

  /// The order of service is no matter to the work that is left.
  @Test(arguments: PreemptiveServer.Discipline.allCases)
  func `the work inside is that of a queue, and a saved server goes on as the original`(
    discipline: PreemptiveServer.Discipline
  ) throws {
    var stream = RandomStream(seed: 16)
    var server = PreemptiveServer(discipline, capacity: 300)
    var queue = ComputeQueue(servers: 1)
    var now = 0.0
    for task in 0..<3000 {
      now += stream.exponential() / 0.9
      let service = stream.exponential()
      server.admit(task, arrival_s: now, service_s: service, deadline_s: now + 10 * stream.uniform())
      queue.admit(arrival_s: now, service_s: service)
      #expect((server.work_s - queue.work_s(at: now)).magnitude < 1e-8)
    }
    for _ in 0..<200 {
      now += stream.exponential() / 0.9
      let service = stream.exponential()
      server.admit(0, arrival_s: now, service_s: service, deadline_s: now + 1)
      now = max(now, (now + service).nextDown)
      server.advance(to: now)
      #expect(PreemptiveServer(discipline, capacity: 300, words: server.words)?.work_s == server.work_s)
    }
    server.admit(1, arrival_s: now, service_s: 3, deadline_s: now + 5)
    #expect(server.count > 0)
    var restored = try #require(PreemptiveServer(discipline, capacity: 300, words: server.words))
    var assigned = PreemptiveServer(discipline, capacity: 300)
    assigned.assign(from: server)
    #expect(assigned == server)
    var original: [PreemptiveServer.Departure] = []
    var again: [PreemptiveServer.Departure] = []
    server.advance(to: now + 1000) { original.append($0) }
    restored.advance(to: now + 1000) { again.append($0) }
    #expect(original == again && !original.isEmpty)
    #expect(PreemptiveServer(discipline, capacity: 1, words: []) == nil)
    #expect(PreemptiveServer(discipline, capacity: 1, words: [0, 1, 0, 2, -1]) == nil)
    server.reset()
    #expect(server == PreemptiveServer(discipline, capacity: 0))
  }

  @Test func `asks for no memory within its capacity`() {
    var stream = RandomStream(seed: 3)
    var server = PreemptiveServer(.earliestDeadline, capacity: 400)
    var now = 0.0
    let before = edgewise_allocations()
    for task in 0..<5000 {
      now += stream.exponential() / 0.9
      server.admit(task, arrival_s: now, service_s: stream.exponential(), deadline_s: now + 10 * stream.uniform())
    }
    #expect(edgewise_allocations() == before)
  }
}
