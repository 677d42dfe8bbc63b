/// A processor that serves all its tasks at once, each at the same speed, followed exactly from event to event.
///
/// With n tasks on c servers each is served at the speed min(1, c/n). The service that a task has received since a
/// moment is the same for all, so a task that finds the common count V at its arrival and needs x departs when V reaches
/// V + x: a heap of these ends is all there is. For one server, Poisson arrivals and a load ρ < 1 the mean time of a
/// task of size x is x/(1 − ρ), whatever the law of sizes (L. Kleinrock, J. ACM 14 (1967) 242; M. Sakata, S. Noguchi, J.
/// Oizumi, 1969).
///
/// Tasks are admitted in the order of their arrivals. Departures are told as they happen. A copy is a snapshot. Memory is
/// allocated only beyond the reserved capacity.
public struct ProcessorSharing: Sendable, Equatable {
  /// A task that left.
  public struct Departure: Sendable, Equatable {
    /// The number that it was admitted under.
    public let task: Int
    /// When it arrived.
    public let arrival_s: Double
    /// When it left.
    public let finish_s: Double
  }

  private struct Entry: Sendable, Equatable {
    var task: Int
    var arrival_s: Double
    /// The common count at which it departs.
    var end_s: Double

    func leavesBefore(_ other: Entry) -> Bool {
      end_s < other.end_s || end_s == other.end_s && (arrival_s, task) < (other.arrival_s, other.task)
    }
  }

  /// How many tasks can be served at full speed.
  public let servers: Int
  /// The time up to which departures have been told.
  public private(set) var now_s: Double
  /// The service that a task present throughout has received since the processor was last idle.
  private var served_s = 0.0
  /// The tasks inside: a binary heap, the next to leave first.
  private var entries: [Entry] = []

  /// An idle processor with room for so many tasks at once.
  public init(servers: Int = 1, capacity: Int, start_s: Double = 0) {
    precondition(servers > 0, "a processor needs at least one server, not \(servers)")
    self.servers = servers
    now_s = start_s
    entries.reserveCapacity(capacity)
  }

  /// The number of tasks inside.
  public var count: Int { entries.count }

  /// The service time that the tasks inside still need together. O(n).
  public var work_s: Double {
    var total = 0.0
    for entry in entries { total += max(0, entry.end_s - served_s) }
    return total
  }

  /// The speed at which each task is served now, of 1.
  public var speed: Double { entries.count <= servers ? 1 : Double(servers) / Double(entries.count) }

  /// When the next task leaves if nothing arrives; infinite if there is none.
  public var nextDeparture_s: Double {
    entries.first.map { now_s + max(0, $0.end_s - served_s) / speed } ?? .infinity
  }

  /// Lets time go on; tells every departure up to and at that time, in their order. O(log n) each.
  public mutating func advance(to time_s: Double, _ tell: (Departure) -> Void = { _ in }) {
    precondition(time_s >= now_s && time_s.isFinite, "time cannot go from \(now_s) s to \(time_s) s")
    while let next = entries.first {
      let finish = nextDeparture_s
      if finish > time_s { break }
      now_s = finish
      served_s = max(served_s, next.end_s)
      removeFirst()
      if entries.isEmpty { served_s = 0 }
      tell(Departure(task: next.task, arrival_s: next.arrival_s, finish_s: finish))
    }
    // Rounding must not take it past the next departure.
    if let next = entries.first { served_s = min(served_s + (time_s - now_s) * speed, next.end_s) }
    now_s = time_s
  }

  /// Takes a task in, not before ``now_s``, after telling the departures until then. O(log n).
  ///
  /// - Parameters:
  ///   - task: a number that its departure is told under.
  ///   - service_s: the time it would take alone.
  public mutating func admit(
    _ task: Int, arrival_s: Double, service_s: Double, _ tell: (Departure) -> Void = { _ in }
  ) {
    precondition(service_s >= 0 && service_s.isFinite, "a task needs a finite service, not \(service_s) s")
    advance(to: arrival_s, tell)
    entries.append(Entry(task: task, arrival_s: arrival_s, end_s: served_s + service_s))
    siftUp(from: entries.count - 1)
  }

  /// Empties the processor and starts it at a time, keeping its memory.
  public mutating func reset(to start_s: Double = 0) {
    entries.removeAll(keepingCapacity: true)
    served_s = 0
    now_s = start_s
  }

  /// Takes over another processor's tasks and time, without allocating if the capacity suffices.
  public mutating func assign(from other: ProcessorSharing) {
    precondition(servers == other.servers, "\(servers) servers cannot take the state of \(other.servers)")
    entries.removeAll(keepingCapacity: true)
    entries.append(contentsOf: other.entries)
    served_s = other.served_s
    now_s = other.now_s
  }

  private mutating func removeFirst() {
    let last = entries.removeLast()
    if entries.isEmpty { return }
    entries[0] = last
    siftDown(from: 0)
  }

  private mutating func siftUp(from start: Int) {
    let moving = entries[start]
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) / 2
      if !moving.leavesBefore(entries[parent]) { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = moving
  }

  private mutating func siftDown(from start: Int) {
    let moving = entries[start]
    var hole = start
    while true {
      var child = 2 * hole + 1
      if child >= entries.count { break }
      if child + 1 < entries.count, entries[child + 1].leavesBefore(entries[child]) { child += 1 }
      if !entries[child].leavesBefore(moving) { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = moving
  }
}

extension ProcessorSharing {
  /// The whole state in numbers: now, common service, then task, arrival and end of each task inside.
  public var words: [Double] {
    [now_s, served_s] + entries.flatMap { [Double($0.task), $0.arrival_s, $0.end_s] }
  }

  /// The processor whose ``words`` were saved, or nil if they are not such; with room for so many tasks.
  public init?(servers: Int = 1, capacity: Int, words: [Double]) {
    guard servers > 0, words.count >= 2, (words.count - 2) % 3 == 0, words.allSatisfy(\.isFinite) else { return nil }
    self.init(servers: servers, capacity: capacity, start_s: words[0])
    served_s = words[1]
    for first in stride(from: 2, to: words.count, by: 3) {
      guard let task = Int(exactly: words[first]), words[first + 2] >= served_s else { return nil }
      entries.append(Entry(task: task, arrival_s: words[first + 1], end_s: words[first + 2]))
      siftUp(from: entries.count - 1)
    }
  }
}
