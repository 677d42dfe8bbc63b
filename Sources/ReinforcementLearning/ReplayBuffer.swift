public import Snapshots

/// Past transitions in a ring: one row-major `Float` matrix, a row a transition, read through column ranges.
///
/// Bounded in rows and so in bytes: at most `capacity × layout.width × 4`, taken as the rows are filled.
public struct ReplayBuffer: Sendable, Restorable {
  /// The columns.
  public let layout: TransitionLayout
  private var ring: RowRing

  /// An empty buffer.
  public init(layout: TransitionLayout, capacity: Int) {
    precondition(capacity > 0, "a replay buffer needs room for at least one transition, not \(capacity)")
    self.layout = layout
    ring = RowRing(width: layout.width, capacity: capacity)
  }

  /// The greatest number of rows.
  public var capacity: Int { ring.capacity }

  /// The number of rows stored.
  public var count: Int { ring.count }

  /// The row that the next transition will take.
  public var head: Int { ring.head }

  /// The memory that a full buffer takes.
  public static func bytes(layout: TransitionLayout, capacity: Int) -> Double {
    Double(capacity) * Double(layout.width) * 4
  }

  /// Stores one transition, in place of the oldest when the buffer is full.
  ///
  /// - Parameters:
  ///   - actions: the action's integers as numbers, then its real numbers.
  ///   - reward: the sum of the discounted rewards of the row's k steps.
  ///   - discount: γᵏ.
  ///   - nextObservation: what is observed k steps later. Nothing is read from it where the row is terminated.
  ///   - nextMask: the options permitted k steps later.
  /// - Returns: the row taken.
  @discardableResult
  public mutating func append(
    observation: Span<Float>, actions: Span<Float>, reward: Float, discount: Float, nextObservation: Span<Float>,
    nextMask: Span<Bool>, terminated: Bool, truncated: Bool
  ) -> Int {
    let layout = layout
    precondition(
      observation.count == layout.observation.count && nextObservation.count == layout.observation.count
        && nextMask.count == layout.mask.optionCount && actions.count == layout.actions.count,
      "a transition of \(observation.count), \(actions.count), \(nextObservation.count) and \(nextMask.count) values "
        + "for \(layout)")
    let taken = ring.take()
    var rows = ring.storage.mutableSpan
    var row = rows._mutatingExtracting(taken * layout.width..<(taken + 1) * layout.width)
    Self.copy(observation, to: layout.observation, of: &row)
    Self.copy(actions, to: layout.actions, of: &row)
    row[layout.reward.lowerBound] = reward
    row[layout.discount.lowerBound] = discount
    row[layout.terminated.lowerBound] = terminated ? 1 : 0
    row[layout.truncated.lowerBound] = truncated ? 1 : 0
    Self.copy(nextObservation, to: layout.nextObservation, of: &row)
    var mask = row._mutatingExtracting(layout.nextMask)
    layout.mask.pack(nextMask, into: &mask)
    return taken
  }

  private static func copy(_ values: Span<Float>, to columns: Range<Int>, of row: inout MutableSpan<Float>) {
    var target = row._mutatingExtracting(columns)
    for index in 0..<target.count { target[index] = values[index] }
  }

  /// Brings rows near the processor, before their columns are gathered one part after another.
  ///
  /// - Returns: a word that depends on them, to be kept so that the reading is not optimised away.
  public func touch(rows: Span<Int>) -> UInt32 { ring.touch(rows) }

  /// Copies some columns of some rows, one row after another.
  public func gather(_ columns: Range<Int>, rows: Span<Int>, into values: inout MutableSpan<Float>) {
    ring.gather(columns, rows: rows, into: &values)
  }

  /// One value of one row.
  public func value(row: Int, column: Int) -> Float {
    precondition((0..<layout.width).contains(column), "column \(column) of \(layout.width)")
    return ring.storage[row * layout.width + column]
  }

  /// Whether an option may be chosen in the state that follows a row.
  public func permits(row: Int, option: Int) -> Bool {
    let first = row * layout.width + layout.nextMask.lowerBound
    return layout.mask.permits(
      ring.storage.span.extracting(first..<first + layout.nextMask.count), option: option)
  }

  public func snapshot() -> Snapshot { ring.snapshot(columns: layout.columnNames) }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try ring.restore(from: snapshot) }
}
