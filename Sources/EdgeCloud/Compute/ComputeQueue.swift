/// A first-come-first-served queue before one or more equal servers, kept as the times at which they become
/// free.
///
/// Tasks are served in the order of admission, and all that will happen to a task is known when it is
/// admitted. If admissions come in the order of their arrivals, this is exactly the queue G/G/c FIFO. A task
/// may also be admitted before another that arrives earlier (a decision made now about data that arrive
/// later): servers are never double-booked, but idle time before a booked start is then not filled. Among
/// servers idle at the arrival the one that became idle last is taken, which wastes least.
///
/// A copy is a snapshot; the whole state is ``freeAt_s``. No function allocates after the queue was made.
public struct ComputeQueue: Sendable, Equatable {
  /// What became of a task.
  public struct Admission: Sendable, Equatable {
    /// When service began, or when the task gave up.
    public let start_s: Double
    /// When service ended, or when the task gave up.
    public let finish_s: Double
    /// Time between arrival and ``start_s``.
    public let waited_s: Double
    /// Whether the task was served; otherwise its turn would have come too late.
    public let isServed: Bool
  }

  /// When each server becomes free.
  public private(set) var freeAt_s: [Double]

  /// A queue of idle servers.
  public init(servers: Int) {
    precondition(servers > 0, "a queue needs at least one server, not \(servers)")
    freeAt_s = Array(repeating: 0, count: servers)
  }

  /// The queue whose ``freeAt_s`` was saved, or nil if it is empty or not a number.
  public init?(freeAt_s: [Double]) {
    guard !freeAt_s.isEmpty, freeAt_s.allSatisfy(\.isFinite) else { return nil }
    self.freeAt_s = freeAt_s
  }

  /// Takes a task in. O(servers).
  ///
  /// A task whose turn comes after `latestStart_s` is not served, takes no time of a server, and leaves the
  /// queue at `latestStart_s` (at its arrival, if that is later).
  @discardableResult
  public mutating func admit(
    arrival_s: Double, service_s: Double, latestStart_s: Double = .infinity
  ) -> Admission {
    precondition(
      arrival_s.isFinite && service_s >= 0 && service_s.isFinite,
      "a task needs a finite arrival and service, not \(arrival_s) s and \(service_s) s")
    var chosen = 0
    var chosenFree = freeAt_s[0]
    for server in 1..<freeAt_s.count {
      let free = freeAt_s[server]
      let isBetter = chosenFree > arrival_s ? free < chosenFree : free <= arrival_s && free > chosenFree
      if isBetter {
        chosen = server
        chosenFree = free
      }
    }
    let start = max(arrival_s, chosenFree)
    if start > latestStart_s {
      let left = max(arrival_s, latestStart_s)
      return Admission(start_s: left, finish_s: left, waited_s: left - arrival_s, isServed: false)
    }
    let finish = start + service_s
    freeAt_s[chosen] = finish
    return Admission(start_s: start, finish_s: finish, waited_s: start - arrival_s, isServed: true)
  }

  /// How long a task arriving at a time would wait.
  public func backlog_s(at time_s: Double) -> Double {
    var earliest = Double.infinity
    for free in freeAt_s { earliest = min(earliest, free) }
    return max(0, earliest - time_s)
  }

  /// The service time still booked on all servers together after a time.
  public func work_s(at time_s: Double) -> Double {
    var total = 0.0
    for free in freeAt_s { total += max(0, free - time_s) }
    return total
  }

  /// Makes all servers idle from a time on.
  public mutating func reset(to time_s: Double = 0) {
    for server in freeAt_s.indices { freeAt_s[server] = time_s }
  }

  /// Takes over the state of a queue with the same number of servers, without allocating.
  public mutating func assign(from other: ComputeQueue) {
    precondition(
      freeAt_s.count == other.freeAt_s.count,
      "a queue of \(freeAt_s.count) servers cannot take the state of one of \(other.freeAt_s.count)")
    for server in freeAt_s.indices { freeAt_s[server] = other.freeAt_s[server] }
  }
}
