import EdgeCloud
import Randomness
import Testing

/// Queues from the code that worlds use, against closed forms. All within three standard errors.
@Suite struct QueueOracleTests {
  /// A queue that knows how many are inside.
  private struct Line {
    var queue = ComputeQueue(servers: 1)
    var exits: [Double] = []
    var first = 0

    mutating func inside(at time: Double) -> Int {
      while first < exits.count, exits[first] <= time { first += 1 }
      return exits.count - first
    }

    mutating func admit(_ time: Double, _ service: Double) -> Double {
      let finish = queue.admit(arrival_s: time, service_s: service).finish_s
      exits.append(finish)
      return finish
    }
  }

  @Test func `M/M/1: mean time, number inside and the 95 % quantile`() {
    var stream = RandomStream(seed: 1)
    var line = Line()
    var times = BatchMeans(batchSize: 25_000)
    var inside = BatchMeans(batchSize: 25_000)
    var late = BatchMeans(batchSize: 25_000)
    var now = 0.0
    for job in 0..<1_020_000 {
      now += stream.exponential() / 8
      let found = line.inside(at: now)
      let time = line.admit(now, stream.exponential() / 10) - now
      if job < 20_000 { continue }
      times.add(time)
      // Arrivals see time averages.
      inside.add(Double(found))
      late.add(time > 1.4979 ? 1 : 0)
    }
    #expect(times.isWithin(3, of: 0.5, precision: 0.015), "\(times.mean) ± \(times.standardError)")
    #expect(inside.isWithin(3, of: 4, precision: 0.015), "\(inside.mean) ± \(inside.standardError)")
    #expect(late.isWithin(3, of: 0.05, precision: 0.05), "\(late.mean) ± \(late.standardError)")
  }

  @Test func `M/M/8: delayed share and mean time`() {
    var stream = RandomStream(seed: 8)
    var queue = ComputeQueue(servers: 8)
    var times = BatchMeans(batchSize: 25_000)
    var delayed = BatchMeans(batchSize: 25_000)
    var now = 0.0
    for job in 0..<1_020_000 {
      now += stream.exponential() / 64
      let admission = queue.admit(arrival_s: now, service_s: stream.exponential() / 10)
      if job < 20_000 { continue }
      times.add(admission.finish_s - now)
      delayed.add(admission.waited_s > 0 ? 1 : 0)
    }
    #expect(times.isWithin(3, of: 0.128603, precision: 0.01), "\(times.mean) ± \(times.standardError)")
    #expect(delayed.isWithin(3, of: 0.457645, precision: 0.01), "\(delayed.mean) ± \(delayed.standardError)")
  }

  /// A task that gives up at once where no server is free.
  @Test(arguments: [(2, 0.329897), (4, 0.228145), (8, 0.144394)])
  func `without waiting room the share that Erlang B says is lost`(servers: Int, blocked: Double) {
    var stream = RandomStream(seed: 20 + UInt64(servers))
    var queue = ComputeQueue(servers: servers)
    var lost = BatchMeans(batchSize: 20_000)
    var now = 0.0
    for job in 0..<620_000 {
      now += stream.exponential() / (8 * Double(servers))
      let admission = queue.admit(arrival_s: now, service_s: stream.exponential() / 10, latestStart_s: now)
      if job >= 20_000 { lost.add(admission.isServed ? 0 : 1) }
    }
    #expect(lost.isWithin(3, of: blocked, precision: 0.01), "\(lost.mean) ± \(lost.standardError)")
  }

  @Test func `M/M/1/5 turns away 8.88 %`() {
    var stream = RandomStream(seed: 31)
    var line = Line()
    var lost = BatchMeans(batchSize: 20_000)
    var now = 0.0
    for job in 0..<820_000 {
      now += stream.exponential() / 8
      let service = stream.exponential() / 10
      let isFull = line.inside(at: now) == 5
      if !isFull { _ = line.admit(now, service) }
      if job >= 20_000 { lost.add(isFull ? 1 : 0) }
    }
    #expect(lost.isWithin(3, of: 0.0888195, precision: 0.02), "\(lost.mean) ± \(lost.standardError)")
  }

  /// J. R. Jackson 1957: two M/M/1 queues in line are independent at a moment. λ 8, μ 10 and 12.
  @Test func `a tandem has the product form`() {
    var stream = RandomStream(seed: 52)
    var (one, two) = (Line(), Line())
    var first = BatchMeans(batchSize: 20_000)
    var second = BatchMeans(batchSize: 20_000)
    var bothEmpty = BatchMeans(batchSize: 20_000)
    var bothBusy = BatchMeans(batchSize: 20_000)
    var pending: [(time: Double, service: Double)] = []
    var next = 0
    var now = 0.0
    for job in 0..<1_020_000 {
      now += stream.exponential() / 8
      // What has left the first queue by now has gone on to the second.
      while next < pending.count, pending[next].time <= now {
        let finish = two.admit(pending[next].time, pending[next].service)
        if next >= 20_000 { second.add(finish - pending[next].time) }
        next += 1
      }
      let (a, b) = (one.inside(at: now), two.inside(at: now))
      let finish = one.admit(now, stream.exponential() / 10)
      pending.append((finish, stream.exponential() / 12))
      if job < 20_000 { continue }
      first.add(finish - now)
      bothEmpty.add(a == 0 && b == 0 ? 1 : 0)
      bothBusy.add(a >= 2 && b >= 2 ? 1 : 0)
    }
    #expect(first.isWithin(3, of: 0.5, precision: 0.02), "\(first.mean) ± \(first.standardError)")
    #expect(second.isWithin(3, of: 0.25, precision: 0.02), "\(second.mean) ± \(second.standardError)")
    let (r, s) = (0.8, 8.0 / 12)
    #expect(bothEmpty.isWithin(3, of: (1 - r) * (1 - s), precision: 0.02), "\(bothEmpty.mean)")
    #expect(bothBusy.isWithin(3, of: r * r * s * s, precision: 0.02), "\(bothBusy.mean)")
  }

  /// Four servers of rate 1 at ρ = 0.8: the same arrivals and sizes under four dispatchers.
  @Test func `the shortest queue lies between the pooled queue and a random split, one fast server below all`() {
    var stream = RandomStream(seed: 12)
    var lines = [Line](repeating: Line(), count: 4)
    var split = [ComputeQueue](repeating: ComputeQueue(servers: 1), count: 4)
    var pooled = ComputeQueue(servers: 4)
    var fast = ComputeQueue(servers: 1)
    var times = (0..<4).map { _ in BatchMeans(batchSize: 20_000) }
    var now = 0.0
    for job in 0..<1_020_000 {
      now += stream.exponential() / 3.2
      let service = stream.exponential()
      var shortest = 0
      var least = Int.max
      for line in 0..<4 {
        let inside = lines[line].inside(at: now)
        if inside < least { (shortest, least) = (line, inside) }
      }
      let finishes = [
        fast.admit(arrival_s: now, service_s: service / 4).finish_s,
        pooled.admit(arrival_s: now, service_s: service).finish_s,
        lines[shortest].admit(now, service),
        split[stream.integer(below: 4)].admit(arrival_s: now, service_s: service).finish_s,
      ]
      if job >= 20_000 { for index in 0..<4 { times[index].add(finishes[index] - now) } }
    }
    #expect(times[0].isWithin(3, of: 1.25, precision: 0.02), "\(times[0].mean)")
    #expect(times[1].isWithin(3, of: 1.7455, precision: 0.02), "\(times[1].mean)")
    #expect(times[3].isWithin(3, of: 5, precision: 0.03), "\(times[3].mean)")
    #expect(times[2].mean > times[1].mean && times[2].mean < times[3].mean)
    // A published simulation of 200,000 jobs gives about 1.96.
    #expect((times[2].mean - 1.96).magnitude < 0.05, "\(times[2].mean)")
  }
}
