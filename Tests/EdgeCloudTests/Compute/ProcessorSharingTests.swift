import AllocationCounting
import EdgeCloud
import Randomness
import Testing

@Suite struct ProcessorSharingTests {
  /// Alone until 1 s with 3 s left of 4; then two at half speed: the second's 1 s takes 2 s, and 2 s remain alone.
  @Test func `two tasks share one server`() {
    var processor = ProcessorSharing(capacity: 4)
    var departures: [ProcessorSharing.Departure] = []
    processor.admit(7, arrival_s: 0, service_s: 4) { departures.append($0) }
    processor.admit(8, arrival_s: 1, service_s: 1) { departures.append($0) }
    #expect(processor.count == 2 && processor.speed == 0.5 && processor.work_s == 4)
    #expect(processor.nextDeparture_s == 3)
    processor.advance(to: 10) { departures.append($0) }
    #expect(departures.map(\.task) == [8, 7])
    #expect(departures.map(\.finish_s) == [3, 5])
    #expect(departures.map(\.arrival_s) == [1, 0])
    #expect(processor.count == 0 && processor.nextDeparture_s == .infinity && processor.now_s == 10)
  }

  @Test func `with as many servers as tasks each is served at full speed`() {
    var processor = ProcessorSharing(servers: 3, capacity: 4)
    var finishes: [Double] = []
    for task in 0..<3 { processor.admit(task, arrival_s: 0, service_s: 3) { finishes.append($0.finish_s) } }
    #expect(processor.speed == 1)
    // Three servers for four tasks from 1 s on: 2 s at 3/4 take 8/3 s; the newcomer has 2 of 4 s then.
    processor.admit(3, arrival_s: 1, service_s: 4) { finishes.append($0.finish_s) }
    processor.advance(to: 20) { finishes.append($0.finish_s) }
    #expect(finishes.count == 4)
    for (finish, expected) in zip(finishes, [1 + 8.0 / 3, 1 + 8.0 / 3, 1 + 8.0 / 3, 1 + 8.0 / 3 + 2]) {
      #expect((finish - expected).magnitude < 1e-12)
    }
  }

  /// Every task loses the same service between two events, and events are found by looking at all tasks.
  private struct Twin {
    var servers: Int
    var now = 0.0
    var left: [(task: Int, left: Double)] = []
    var departures: [(task: Int, at: Double)] = []

    mutating func advance(to time: Double) {
      while !left.isEmpty {
        let speed = min(1, Double(servers) / Double(left.count))
        let least = left.map(\.left).min() ?? 0
        let span = min(least / speed, time - now)
        for index in left.indices { left[index].left -= span * speed }
        now += span
        if now >= time && least > span * speed { break }
        let gone = left.indices.filter { left[$0].left <= 1e-12 }
        departures += gone.map { (left[$0].task, now) }
        for index in gone.reversed() { left.remove(at: index) }
        if now >= time { break }
      }
      now = time
    }
  }

  @Test(arguments: [1, 2, 5])
  func `departures are those of a processor that looks at every task`(servers: Int) {
    var stream = RandomStream(seed: UInt64(servers))
    var processor = ProcessorSharing(servers: servers, capacity: 100)
    var twin = Twin(servers: servers)
    var departures: [ProcessorSharing.Departure] = []
    var now = 0.0
    for task in 0..<4000 {
      now += stream.exponential() / (0.9 * Double(servers))
      let service = stream.exponential()
      processor.admit(task, arrival_s: now, service_s: service) { departures.append($0) }
      twin.advance(to: now)
      twin.left.append((task, service))
      #expect((processor.work_s - twin.left.reduce(0) { $0 + $1.left }).magnitude < 1e-8)
    }
    processor.advance(to: now + 1000) { departures.append($0) }
    twin.advance(to: now + 1000)
    #expect(departures.count == 4000 && departures.map(\.task) == twin.departures.map(\.task))
    #expect(zip(departures, twin.departures).allSatisfy { ($0.finish_s - $1.at).magnitude < 1e-8 })
  }

  /// E[T | x] = x/(1 − ρ) at ρ = 0.8 for three laws of mean 1 s: constant, exponential, and 0.2 s or 4.2 s.
  @Test(arguments: ["constant", "exponential", "two sizes"])
  func `the mean time of a size does not depend on the law of sizes`(law: String) {
    var stream = RandomStream(seed: 9)
    var processor = ProcessorSharing(capacity: 1000)
    var sizes: [Double] = []
    var times = BatchMeans(batchSize: 20_000)
    var short = BatchMeans(batchSize: 5_000)
    var long = BatchMeans(batchSize: 5_000)
    var now = 0.0
    let jobs = 620_000
    func note(_ departure: ProcessorSharing.Departure) {
      if departure.task < 20_000 { return }
      let time = departure.finish_s - departure.arrival_s
      let size = sizes[departure.task]
      times.add(time)
      if size < 0.5 { short.add(time / size) } else if size > 2 { long.add(time / size) }
    }
    for job in 0..<jobs {
      now += stream.exponential() / 0.8
      let size =
        switch law {
        case "constant": 1.0
        case "exponential": stream.exponential()
        default: stream.uniform() < 0.8 ? 0.2 : 4.2
        }
      sizes.append(size)
      processor.admit(job, arrival_s: now, service_s: size, note)
    }
    let mean = QueueFormulas.sharingSojourn_s(service_s: 1, load: 0.8)
    #expect((mean - 5).magnitude < 1e-12)
    #expect(times.isWithin(3, of: mean, precision: 0.02), "\(times.mean) ± \(times.standardError)")
    if law == "constant" { return }
    #expect(short.isWithin(3, of: 5, precision: 0.03), "\(short.mean) ± \(short.standardError)")
    #expect(long.isWithin(3, of: 5, precision: 0.03), "\(long.mean) ± \(long.standardError)")
  }

  /// Sharing serves every moment that it can, so it empties when first-come-first-served does.
  @Test func `the work inside is that of a queue`() {
    var stream = RandomStream(seed: 5)
    var processor = ProcessorSharing(capacity: 100)
    var queue = ComputeQueue(servers: 1)
    var now = 0.0
    for task in 0..<5000 {
      now += stream.exponential() / 0.9
      let service = stream.exponential()
      processor.admit(task, arrival_s: now, service_s: service)
      queue.admit(arrival_s: now, service_s: service)
      #expect((processor.work_s - queue.work_s(at: now)).magnitude < 1e-8)
    }
  }

  @Test func `a saved processor goes on as the one it was saved from`() throws {
    var stream = RandomStream(seed: 3)
    var processor = ProcessorSharing(servers: 2, capacity: 50)
    var now = 0.0
    for task in 0..<300 {
      now += stream.exponential() / 1.9
      processor.admit(task, arrival_s: now, service_s: stream.exponential())
    }
    // Just before each departure too, where rounding could leave less than nothing to do.
    for _ in 0..<200 {
      now += stream.exponential() / 1.9
      processor.admit(0, arrival_s: now, service_s: stream.exponential())
      now = max(now, min(processor.nextDeparture_s.nextDown, now + 1))
      processor.advance(to: now)
      #expect(ProcessorSharing(servers: 2, capacity: 50, words: processor.words) == processor)
    }
    processor.admit(1, arrival_s: now, service_s: 3)
    var restored = try #require(ProcessorSharing(servers: 2, capacity: 50, words: processor.words))
    var assigned = ProcessorSharing(servers: 2, capacity: 50)
    assigned.assign(from: processor)
    #expect(assigned == processor && processor.count > 0)
    var original: [Double] = []
    var again: [Double] = []
    processor.advance(to: now + 100) { original.append($0.finish_s) }
    restored.advance(to: now + 100) { again.append($0.finish_s) }
    #expect(original == again && !original.isEmpty)
    #expect(ProcessorSharing(capacity: 1, words: [0]) == nil)
    #expect(ProcessorSharing(capacity: 1, words: [0, 0, 1.5, 0, 1]) == nil)
    #expect(ProcessorSharing(capacity: 1, words: [0, 2, 1, 0, 1]) == nil)
    processor.reset()
    #expect(processor == ProcessorSharing(servers: 2, capacity: 0))
  }

  @Test func `asks for no memory within its capacity`() {
    var stream = RandomStream(seed: 3)
    var processor = ProcessorSharing(capacity: 400)
    var other = ProcessorSharing(capacity: 400)
    var now = 0.0
    var left = 0
    func run(_ jobs: Int) {
      for task in 0..<jobs {
        now += stream.exponential() / 0.9
        processor.admit(task, arrival_s: now, service_s: stream.exponential()) { _ in left += 1 }
      }
      other.assign(from: processor)
    }
    run(100)
    let before = edgewise_allocations()
    run(10_000)
    #expect(edgewise_allocations() == before)
    #expect(left > 9000)
  }
}
