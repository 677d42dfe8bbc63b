/// One processor that always works on the task of greatest urgency and lays another aside for it, followed exactly from
/// event to event.
///
/// Tasks are admitted in the order of their arrivals. Departures are told as they happen. A copy is a snapshot. Memory is
/// allocated only beyond the reserved capacity.
public struct PreemptiveServer: Sendable, Equatable {
  /// Which task goes first; of equals the one that came first.
  public enum Discipline: String, Sendable, CaseIterable {
    /// The one whose deadline is earliest. If any order meets all deadlines, this does (M. L. Dertouzos, IFIP 1974).
    case earliestDeadline = "edf"
    /// The one with the least left to do. No order has a lesser mean time inside (L. Schrage, Operations Research 16
    /// (1968) 687).
    case shortestRemaining = "srpt"
  }

  /// A task that left.
  public struct Departure: Sendable, Equatable {
    /// The number that it was admitted under.
    public let task: Int
    /// When it arrived.
    public let arrival_s: Double
    /// When it was finished.
    public let finish_s: Double
    /// When it should have been.
    public let deadline_s: Double
  }

  private struct Entry: Sendable, Equatable {
    var task: Int
    var arrival_s: Double
    var deadline_s: Double
    var left_s: Double
  }

  /// Which task goes first.
  public let discipline: Discipline
  /// The time up to which departures have been told.
  public private(set) var now_s: Double
  /// The tasks inside: a binary heap, the most urgent first.
  private var entries: [Entry] = []

  /// An idle processor with room for so many tasks at once.
  public init(_ discipline: Discipline, capacity: Int, start_s: Double = 0) {
    self.discipline = discipline
    now_s = start_s
    entries.reserveCapacity(capacity)
  }

  /// The number of tasks inside.
  public var count: Int { entries.count }

  /// The service time that the tasks inside still need together. O(n).
  public var work_s: Double { entries.reduce(0) { $0 + $1.left_s } }

  private func goesFirst(_ a: Entry, _ b: Entry) -> Bool {
    let (first, second) =
      switch discipline {
      case .earliestDeadline: (a.deadline_s, b.deadline_s)
      case .shortestRemaining: (a.left_s, b.left_s)
      }
    return first < second || first == second && (a.arrival_s, a.task) < (b.arrival_s, b.task)
  }

  /// Lets time go on; tells every departure up to and at that time, in their order. O(log n) each.
  public mutating func advance(to time_s: Double, _ tell: (Departure) -> Void = { _ in }) {
    precondition(time_s >= now_s && time_s.isFinite, "time cannot go from \(now_s) s to \(time_s) s")
    while let first = entries.first, now_s + first.left_s <= time_s {
      now_s += first.left_s
      removeFirst()
      tell(
        Departure(task: first.task, arrival_s: first.arrival_s, finish_s: now_s, deadline_s: first.deadline_s))
    }
    // What is worked on becomes only more urgent, so it stays first.
    if !entries.isEmpty { entries[0].left_s = max(0, entries[0].left_s - (time_s - now_s)) }
    now_s = time_s
  }

  /// Takes a task in, not before ``now_s``, after telling the departures until then. O(log n).
  ///
  /// - Parameters:
  ///   - task: a number that its departure is told under.
  ///   - deadline_s: a moment, not a duration.
  public mutating func admit(
    _ task: Int, arrival_s: Double, service_s: Double, deadline_s: Double = .infinity,
    _ tell: (Departure) -> Void = { _ in }
  ) {
    precondition(service_s >= 0 && service_s.isFinite, "a task needs a finite service, not \(service_s) s")
    advance(to: arrival_s, tell)
    entries.append(Entry(task: task, arrival_s: arrival_s, deadline_s: deadline_s, left_s: service_s))
    siftUp(from: entries.count - 1)
  }

  /// Empties the processor and starts it at a time, keeping its memory.
  public mutating func reset(to start_s: Double = 0) {
    entries.removeAll(keepingCapacity: true)
    now_s = start_s
  }

  /// Takes over another processor's tasks and time, without allocating if the capacity suffices.
  public mutating func assign(from other: PreemptiveServer) {
    precondition(
      discipline == other.discipline, "\(discipline.rawValue) cannot take the state of \(other.discipline.rawValue)")
    entries.removeAll(keepingCapacity: true)
    entries.append(contentsOf: other.entries)
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
      if !goesFirst(moving, entries[parent]) { break }
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
      if child + 1 < entries.count, goesFirst(entries[child + 1], entries[child]) { child += 1 }
      if !goesFirst(entries[child], moving) { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = moving
  }
}

extension PreemptiveServer {
  /// The whole state in numbers: now, then task, arrival, deadline and service left of each task inside.
  public var words: [Double] {
    [now_s] + entries.flatMap { [Double($0.task), $0.arrival_s, $0.deadline_s, $0.left_s] }
  }

  /// The processor whose ``words`` were saved, or nil if they are not such; with room for so many tasks.
  public init?(_ discipline: Discipline, capacity: Int, words: [Double]) {
    guard let now = words.first, now.isFinite, words.count % 4 == 1 else { return nil }
    self.init(discipline, capacity: capacity, start_s: now)
    for first in stride(from: 1, to: words.count, by: 4) {
      guard let task = Int(exactly: words[first]), words[first + 1] <= now, !words[first + 2].isNaN,
        words[first + 3] >= 0, words[first + 3].isFinite
      else { return nil }
      entries.append(
        Entry(task: task, arrival_s: words[first + 1], deadline_s: words[first + 2], left_s: words[first + 3]))
      siftUp(from: entries.count - 1)
    }
  }
}
