/// The account of tasks that pass through a system: who came, who left how, and how long they stayed.
///
/// It keeps two independent books. One steps through the events in time order, counts the tasks inside and
/// integrates that number over time. The other adds, task by task, the time between arrival and exit.
/// Little's law in its sample-path form says that both are equal whatever the system does (J. D. C. Little,
/// Operations Research 9 (1961) 383; S. Stidham, ibid. 22 (1974) 417), and every task that arrived has left
/// or is still inside.
///
/// Tasks are reported in any order within a step, with arrival and exit time known:
/// ``arrive(at:exit:outcome:)``. ``advance(to:)`` then closes the step. A copy is a snapshot. Memory is
/// allocated only beyond the reserved capacity.
public struct FlowAccount: Sendable, Equatable {
  /// How a task left.
  public enum Outcome: UInt8, Sendable, Hashable {
    /// Finished in time.
    case done = 0
    /// Finished after its deadline.
    case late = 1
    /// Never finished.
    case dropped = 2
  }

  /// A task that has not left yet.
  public struct Entry: Sendable, Equatable {
    /// When it arrives.
    public let arrival_s: Double
    /// When it leaves; infinite if never.
    public let exit_s: Double
    /// How it leaves.
    public let outcome: Outcome
    /// Whether its arrival has passed.
    public var isInside: Bool
    /// The time of its next event.
    var next_s: Double { isInside ? exit_s : arrival_s }
  }

  /// What the books disagree about.
  public struct Balance: Sendable, Equatable {
    /// Tasks arrived less those done, late, dropped and still inside. Sound: 0.
    public let unaccountedTasks: Int
    /// The number of tasks inside, integrated over time, in task-seconds.
    public let occupancy_s: Double
    /// The times the tasks have spent inside, added up, in task-seconds.
    public let residence_s: Double
    /// Whether no task is missing and the two integrals agree to 1e−9 · max(1, occupancy).
    public var isSound: Bool {
      unaccountedTasks == 0 && (occupancy_s - residence_s).magnitude <= 1e-9 * max(1, occupancy_s)
    }
  }

  /// Tasks that have not left: a binary heap, the earliest next event first.
  public package(set) var entries: [Entry]
  /// The time up to which the account is closed.
  public private(set) var now_s: Double
  /// Tasks that have arrived.
  public private(set) var arrived: Int
  /// Tasks that finished in time.
  public private(set) var done: Int
  /// Tasks that finished late.
  public private(set) var late: Int
  /// Tasks that were dropped.
  public private(set) var dropped: Int
  /// Tasks inside by the count of events.
  public private(set) var inside: Int
  var occupancy: CompensatedSum
  var residence: CompensatedSum

  /// An empty account that starts at a time, with room for so many tasks at once.
  public init(capacity: Int, start_s: Double = 0) {
    entries = []
    entries.reserveCapacity(capacity)
    now_s = start_s
    (arrived, done, late, dropped, inside) = (0, 0, 0, 0, 0)
    (occupancy, residence) = (CompensatedSum(), CompensatedSum())
  }

  /// Reports a task that arrives at or after ``now_s`` and leaves at or after its arrival. O(log n).
  public mutating func arrive(at arrival_s: Double, exit exit_s: Double, outcome: Outcome) {
    precondition(
      arrival_s >= now_s && arrival_s.isFinite && exit_s >= arrival_s,
      "a task needs \(now_s) s <= arrival <= exit, not arrival \(arrival_s) s and exit \(exit_s) s")
    entries.append(Entry(arrival_s: arrival_s, exit_s: exit_s, outcome: outcome, isInside: false))
    siftUp(from: entries.count - 1)
  }

  /// Closes the account up to a time: all arrivals and exits not later than it happen. O(log n) each.
  public mutating func advance(to time_s: Double) {
    precondition(time_s >= now_s && time_s.isFinite, "time cannot go from \(now_s) s to \(time_s) s")
    while let next = entries.first, next.next_s <= time_s {
      elapse(to: next.next_s)
      if next.isInside {
        inside -= 1
        residence.add(next.exit_s - next.arrival_s)
        switch next.outcome {
        case .done: done += 1
        case .late: late += 1
        case .dropped: dropped += 1
        }
        removeFirst()
      } else {
        inside += 1
        arrived += 1
        entries[0].isInside = true
        siftDown(from: 0)
      }
    }
    elapse(to: time_s)
  }

  /// Compares the two books at ``now_s``. O(n).
  public func check() -> Balance {
    var stays = residence
    var present = 0
    for entry in entries where entry.isInside {
      present += 1
      stays.add(now_s - entry.arrival_s)
    }
    return Balance(
      unaccountedTasks: arrived - (done + late + dropped + present),
      occupancy_s: occupancy.value,
      residence_s: stays.value)
  }

  /// Empties the account and starts it at a time, keeping its memory.
  public mutating func reset(to start_s: Double = 0) {
    entries.removeAll(keepingCapacity: true)
    now_s = start_s
    (arrived, done, late, dropped, inside) = (0, 0, 0, 0, 0)
    (occupancy, residence) = (CompensatedSum(), CompensatedSum())
  }

  /// Takes over another account, without allocating if the capacity suffices.
  public mutating func assign(from other: FlowAccount) {
    entries.removeAll(keepingCapacity: true)
    entries.append(contentsOf: other.entries)
    now_s = other.now_s
    (arrived, done, late) = (other.arrived, other.done, other.late)
    (dropped, inside) = (other.dropped, other.inside)
    (occupancy, residence) = (other.occupancy, other.residence)
  }

  private mutating func elapse(to time_s: Double) {
    occupancy.add(Double(inside) * (time_s - now_s))
    now_s = time_s
  }

  private mutating func removeFirst() {
    let last = entries.removeLast()
    if entries.isEmpty { return }
    entries[0] = last
    siftDown(from: 0)
  }

  private mutating func siftUp(from start: Int) {
    let moving = entries[start]
    let key = moving.next_s
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) / 2
      if entries[parent].next_s <= key { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = moving
  }

  private mutating func siftDown(from start: Int) {
    let moving = entries[start]
    let key = moving.next_s
    var hole = start
    while true {
      var child = 2 * hole + 1
      if child >= entries.count { break }
      if child + 1 < entries.count, entries[child + 1].next_s < entries[child].next_s { child += 1 }
      if entries[child].next_s >= key { break }
      entries[hole] = entries[child]
      hole = child
    }
    entries[hole] = moving
  }
}

extension FlowAccount {
  /// The complete state: now, arrived, done, late, dropped, inside, both integrals (sum and lost part each),
  /// then arrival, exit and `outcome + 4 · isInside` of every entry in heap order. Doubles by their bit
  /// patterns.
  public var words: [UInt64] {
    var words: [UInt64] = [
      now_s.bitPattern, UInt64(bitPattern: Int64(arrived)), UInt64(bitPattern: Int64(done)),
      UInt64(bitPattern: Int64(late)), UInt64(bitPattern: Int64(dropped)), UInt64(bitPattern: Int64(inside)),
      occupancy.sum.bitPattern, occupancy.lost.bitPattern, residence.sum.bitPattern,
      residence.lost.bitPattern,
    ]
    words.reserveCapacity(10 + 3 * entries.count)
    for entry in entries {
      words.append(entry.arrival_s.bitPattern)
      words.append(entry.exit_s.bitPattern)
      words.append(UInt64(entry.outcome.rawValue) + (entry.isInside ? 4 : 0))
    }
    return words
  }

  /// The account whose ``words`` were saved, or nil if they are not such a state.
  public init?(words: [UInt64]) {
    guard words.count >= 10, (words.count - 10) % 3 == 0 else { return nil }
    let counts = words[1...5].map { Int(Int64(bitPattern: $0)) }
    let sums = words[6...9].map { Double(bitPattern: $0) }
    self.init(capacity: (words.count - 10) / 3, start_s: Double(bitPattern: words[0]))
    guard now_s.isFinite, counts.allSatisfy({ $0 >= 0 }), sums.allSatisfy(\.isFinite) else { return nil }
    (arrived, done, late, dropped, inside) = (counts[0], counts[1], counts[2], counts[3], counts[4])
    occupancy = CompensatedSum(sum: sums[0], lost: sums[1])
    residence = CompensatedSum(sum: sums[2], lost: sums[3])
    for start in stride(from: 10, to: words.count, by: 3) {
      let arrival = Double(bitPattern: words[start])
      let exit = Double(bitPattern: words[start + 1])
      guard words[start + 2] < 8, let outcome = Outcome(rawValue: UInt8(words[start + 2] & 3)),
        arrival.isFinite, exit >= arrival
      else { return nil }
      let entry = Entry(
        arrival_s: arrival, exit_s: exit, outcome: outcome, isInside: words[start + 2] >= 4)
      let parent = (entries.count - 1) / 2
      guard entry.next_s >= now_s, entries.isEmpty || entries[parent].next_s <= entry.next_s else {
        return nil
      }
      entries.append(entry)
    }
  }
}
