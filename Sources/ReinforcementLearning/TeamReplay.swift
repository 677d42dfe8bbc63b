public import Snapshots

/// Past transitions of whole teams in a ring: one row-major `Float` matrix, a row for each step of an environment.
///
/// Each agent's observation is stored once a step, whoever learns from it. Bounded in rows and so in bytes: at most
/// `capacity × layout.width × 4`, taken as the rows are filled.
public struct TeamReplay: Sendable, Restorable {
  /// The columns.
  public let layout: TeamLayout
  private var ring: RowRing

  /// An empty replay.
  public init(layout: TeamLayout, capacity: Int) {
    precondition(capacity > 0, "a replay needs room for at least one transition, not \(capacity)")
    self.layout = layout
    ring = RowRing(width: layout.width, capacity: capacity)
  }

  /// The number of rows stored.
  public var count: Int { ring.count }

  /// The memory that a full replay takes.
  public static func bytes(layout: TeamLayout, capacity: Int) -> Double {
    Double(capacity) * Double(layout.width) * 4
  }

  /// Stores what came of one environment's step, in place of the oldest row when the replay is full.
  ///
  /// Nothing is stored where nobody acted. Whoever joins behind the step is not seen in it.
  ///
  /// - Parameters:
  ///   - choices: for each group the option taken in each choice of each row of the frame.
  ///   - reward: the team's reward.
  /// - Returns: whether a row was stored.
  @discardableResult
  public mutating func append(
    _ frame: borrowing VectorFrame, environment: Int, choices: [[Float]], reward: Double
  ) -> Bool {
    guard Self.acts(frame, environment) else { return false }
    let layout = layout
    let taken = ring.take()
    var rows = ring.storage.mutableSpan
    var row = rows._mutatingExtracting(taken * layout.width..<(taken + 1) * layout.width)
    var (remain, isCut) = (false, false)
    for group in 0..<layout.groups.count {
      let chosen = choices[group]
      Self.store(
        frame.groups[group], environment, chosen.span, layout.groups[group], &row, remain: &remain, isCut: &isCut)
    }
    row[layout.reward.lowerBound] = Float(reward)
    row[layout.terminated.lowerBound] = remain ? 0 : 1
    row[layout.truncated.lowerBound] = isCut ? 1 : 0
    return true
  }

  private static func acts(_ frame: borrowing VectorFrame, _ environment: Int) -> Bool {
    for group in 0..<frame.groups.count {
      let slots = frame.groups[group].group.count
      for row in environment * slots..<(environment + 1) * slots where frame.groups[group].active[row] { return true }
    }
    return false
  }

  private static func store(
    _ part: borrowing VectorFrame.Group, _ environment: Int, _ choices: Span<Float>, _ layout: TeamLayout.Group,
    _ row: inout MutableSpan<Float>, remain: inout Bool, isCut: inout Bool
  ) {
    let (observations, following) = (part.observations, part.nextObservations)
    let masks = part.nextMasks
    for slot in 0..<layout.count {
      let source = environment * layout.count + slot
      let acts = part.active[source]
      let remains = acts && !part.terminated[source]
      row[layout.active.lowerBound + slot] = acts ? 1 : 0
      row[layout.remaining.lowerBound + slot] = remains ? 1 : 0
      if remains { remain = true }
      if acts, part.truncated[source] { isCut = true }
      copy(
        observations.span, row: source, if: acts, to: layout.columns(of: slot..<slot + 1, in: layout.observations), &row
      )
      copy(choices, row: source, if: acts, to: layout.columns(of: slot..<slot + 1, in: layout.choices), &row)
      copy(
        following.span, row: source, if: remains,
        to: layout.columns(of: slot..<slot + 1, in: layout.nextObservations), &row)
      var packed = row._mutatingExtracting(layout.columns(of: slot..<slot + 1, in: layout.nextMasks))
      let options = layout.mask.optionCount
      layout.mask.pack(masks.span.extracting(source * options..<(source + 1) * options), into: &packed)
    }
  }

  /// Copies a row of a part, or writes zeros.
  private static func copy(
    _ values: Span<Float>, row source: Int, if isThere: Bool, to columns: Range<Int>, _ row: inout MutableSpan<Float>
  ) {
    var target = row._mutatingExtracting(columns)
    let first = source * columns.count
    for index in 0..<target.count { target[index] = isThere ? values[first + index] : 0 }
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

  public func snapshot() -> Snapshot { ring.snapshot(columns: layout.columnNames) }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try ring.restore(from: snapshot) }
}
