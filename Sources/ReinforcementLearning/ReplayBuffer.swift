public import Snapshots

/// The columns of a transition in a replay matrix.
public struct TransitionLayout: Sendable, Equatable {
  /// Where each part of a row lies.
  public let observation, action, reward, nextObservation, nextMask, terminated, truncated: Range<Int>
  /// The number of columns.
  public let width: Int

  /// The layout for observations of `observations` values, actions of `actions` values (integers are stored as
  /// numbers, exact up to 2²⁴) and masks of `mask` entries for the following state.
  public init(observations: Int, actions: Int, mask: Int) {
    var next = 0
    func take(_ count: Int) -> Range<Int> {
      defer { next += count }
      return next..<next + count
    }
    observation = take(observations)
    action = take(actions)
    reward = take(1)
    terminated = take(1)
    truncated = take(1)
    nextObservation = take(observations)
    nextMask = take(mask)
    width = next
  }
}

/// Past transitions in a ring: one row-major `Float` matrix, a row a transition, read through column ranges.
///
/// Bounded in rows and so in bytes: `capacity × layout.width × 4`. Memory is taken once, at initialisation.
public struct ReplayBuffer: Sendable, Restorable {
  /// The columns.
  public let layout: TransitionLayout
  /// The greatest number of rows.
  public let capacity: Int
  /// The number of rows stored.
  public private(set) var count: Int
  /// The row that the next transition will take.
  public private(set) var head: Int
  /// The matrix, `capacity × layout.width`.
  @usableFromInline var storage: [Float]

  /// An empty buffer.
  public init(layout: TransitionLayout, capacity: Int) {
    precondition(capacity > 0, "a replay buffer needs room for at least one transition, not \(capacity)")
    self.layout = layout
    self.capacity = capacity
    count = 0
    head = 0
    storage = [Float](repeating: 0, count: capacity * layout.width)
  }

  /// The memory that a buffer takes.
  public static func bytes(layout: TransitionLayout, capacity: Int) -> Double {
    Double(capacity) * Double(layout.width) * 4
  }

  /// Stores one transition, in place of the oldest when the buffer is full.
  public mutating func append(
    observation: Span<Float>, action: Float, reward: Float, nextObservation: Span<Float>, nextMask: Span<Bool>,
    terminated: Bool, truncated: Bool
  ) {
    precondition(
      observation.count == layout.observation.count && nextObservation.count == layout.observation.count
        && nextMask.count == layout.nextMask.count && layout.action.count == 1,
      "a transition of \(observation.count), \(nextObservation.count) and \(nextMask.count) values for \(layout)")
    let layout = layout
    let base = head * layout.width
    var rows = storage.mutableSpan
    var row = rows._mutatingExtracting(base..<base + layout.width)
    for index in 0..<observation.count {
      row[layout.observation.lowerBound + index] = observation[index]
      row[layout.nextObservation.lowerBound + index] = nextObservation[index]
    }
    for index in 0..<nextMask.count { row[layout.nextMask.lowerBound + index] = nextMask[index] ? 1 : 0 }
    row[layout.action.lowerBound] = action
    row[layout.reward.lowerBound] = reward
    row[layout.terminated.lowerBound] = terminated ? 1 : 0
    row[layout.truncated.lowerBound] = truncated ? 1 : 0
    head = head + 1 == capacity ? 0 : head + 1
    count = min(count + 1, capacity)
  }

  /// Copies some columns of some rows, one row after another.
  public func gather(_ columns: Range<Int>, rows: Span<Int>, into values: inout MutableSpan<Float>) {
    let width = columns.count
    precondition(values.count >= rows.count * width, "\(rows.count) × \(width) values into \(values.count)")
    let source = storage.span
    for index in 0..<rows.count {
      let from = rows[index] * layout.width + columns.lowerBound
      let to = index * width
      for column in 0..<width { values[to + column] = source[from + column] }
    }
  }

  /// One value of one row.
  public func value(row: Int, column: Int) -> Float { storage[row * layout.width + column] }

  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("capacity", integer: capacity)
    snapshot.set("head", integer: head)
    snapshot.set("rows", Array(storage[..<(count * layout.width)]), shape: [count, layout.width])
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let head = try snapshot.integer("head")
    let rows = try snapshot.floats("rows")
    let saved = try snapshot.integer("capacity")
    let shape = try snapshot.dataset("rows").shape
    guard saved == capacity, shape.count == 2, shape[0] <= capacity, shape[1] == layout.width else {
      throw snapshot.mismatch(
        "rows", expected: "at most \(capacity) rows of \(layout.width) for a capacity of \(capacity)",
        found: "shape \(shape) for a capacity of \(saved)")
    }
    let count = shape[0]
    guard (0..<capacity).contains(head), count == capacity || head == count else {
      throw snapshot.mismatch("head", expected: "a row that \(count) stored rows allow", found: "row \(head)")
    }
    self.head = head
    self.count = count
    for index in 0..<rows.count { storage[index] = rows[index] }
  }
}
