/// Which tasks are still inside which of several places, kept as the times of their exits.
///
/// For queues that know all that will happen to a task when it is admitted, as ``ComputeQueue`` does: the number inside
/// at a moment is the number of exits after it. A copy is a snapshot. Memory is allocated only beyond the reserved
/// capacity.
public struct OpenTasks: Sendable, Equatable {
  /// When each task leaves; some may have left.
  private var exits_s: [Double] = []
  /// The place of each task.
  private var places: [Int32] = []
  /// The number of tasks at which those that have left are next forgotten.
  private var limit = 16

  /// No tasks, with room for so many at once.
  public init(capacity: Int) {
    exits_s.reserveCapacity(2 * capacity + 16)
    places.reserveCapacity(2 * capacity + 16)
  }

  /// Notes a task that is at a place until its exit; those that have left by now may be forgotten. Amortised O(1).
  public mutating func add(place: Int, exit_s: Double, now_s: Double) {
    if exits_s.count >= limit { forget(before: now_s) }
    exits_s.append(exit_s)
    places.append(Int32(place))
  }

  /// The number of tasks at a place that leave after a time. O(n).
  public func count(at place: Int, after time_s: Double) -> Int {
    var count = 0
    for task in 0..<exits_s.count where places[task] == Int32(place) && exits_s[task] > time_s { count += 1 }
    return count
  }

  /// The tasks that leave after a time, in the order in which they came: when, and from where.
  public func inside(after time_s: Double) -> (exits_s: [Double], places: [Int32]) {
    let tasks = exits_s.indices.filter { exits_s[$0] > time_s }
    return (tasks.map { exits_s[$0] }, tasks.map { places[$0] })
  }

  private mutating func forget(before time_s: Double) {
    var kept = 0
    for task in 0..<exits_s.count where exits_s[task] > time_s {
      exits_s[kept] = exits_s[task]
      places[kept] = places[task]
      kept += 1
    }
    exits_s.removeLast(exits_s.count - kept)
    places.removeLast(places.count - kept)
    limit = 2 * kept + 16
  }

  /// Forgets all tasks, keeping the memory.
  public mutating func reset() {
    exits_s.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    limit = 16
  }

  /// Takes over another's tasks, without allocating if the capacity suffices.
  public mutating func assign(from other: OpenTasks) {
    exits_s.removeAll(keepingCapacity: true)
    exits_s.append(contentsOf: other.exits_s)
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: other.places)
    limit = other.limit
  }
}
