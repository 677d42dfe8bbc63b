public import Snapshots

/// Past sequences of steps in a ring, for learners with memory.
///
/// Each slot's trajectory is cut into sequences of T steps; the next one begins `overlap` steps before the last one's
/// end, with the recurrent state that the learner had there. No sequence crosses a trajectory's end: the last one
/// of a trajectory is as short as it is, padded with zeros, and says how many of its steps are real. A burn-in is
/// the learner's affair: it lies within the T steps.
///
/// At most `capacity × layout.bytes`, taken as the ring is filled, and as much again for each slot's sequence in the
/// making.
///
/// Source: S. Kapturowski, G. Ostrovski, J. Quan, R. Munos, W. Dabney, "Recurrent experience replay in distributed
/// reinforcement learning", ICLR 2019.
public struct SequenceReplay: Sendable, Restorable {
  /// What a sequence holds.
  public let layout: SequenceLayout
  /// The steps that two neighbouring sequences share.
  public let overlap: Int
  /// The number of slots.
  public let slots: Int
  private var ring: RowRing
  /// The sequence in the making of each slot, a row each.
  private var making: [Float]
  /// The recurrent state before each step in the making, `slots × T × stateCount`.
  private var states: [Float]
  /// The steps in the making of each slot.
  private var lengths: [Int]

  /// An empty replay of at most `capacity` sequences.
  public init(layout: SequenceLayout, overlap: Int, slots: Int, capacity: Int) {
    precondition(
      (0..<layout.length).contains(overlap) && slots >= 1 && capacity >= 1,
      "\(capacity) sequences of \(layout.length) steps that share \(overlap), for \(slots) slots")
    self.layout = layout
    self.overlap = overlap
    self.slots = slots
    ring = RowRing(width: layout.width, capacity: capacity)
    making = [Float](repeating: 0, count: slots * layout.width)
    states = [Float](repeating: 0, count: slots * layout.length * layout.stateCount)
    lengths = [Int](repeating: 0, count: slots)
  }

  /// The greatest number of sequences.
  public var capacity: Int { ring.capacity }

  /// The number of sequences stored.
  public var count: Int { ring.count }

  /// The memory that a full replay takes.
  public static func bytes(layout: SequenceLayout, slots: Int, capacity: Int) -> Double {
    Double(capacity + slots) * layout.bytes + Double(slots * layout.length * layout.stateCount) * 4
  }

  /// The real steps of a stored sequence.
  public func steps(ofSequence row: Int) -> Int { Int(ring.storage[row * layout.width + layout.steps.lowerBound]) }

  /// Takes one step of a slot's trajectory.
  ///
  /// - Parameters:
  ///   - state: the learner's recurrent state before the step.
  ///   - actions: the action's integers as numbers, then its real numbers.
  ///   - nextObservation: what follows the step, before any reset.
  /// - Returns: the ring's row, if a sequence is complete by this step and was stored.
  @discardableResult
  public mutating func push(
    slot: Int, observation: Span<Float>, state: Span<Float>, actions: Span<Float>, reward: Float,
    nextObservation: Span<Float>, mask: Span<Bool>, nextMask: Span<Bool>, terminated: Bool, truncated: Bool
  ) -> Int? {
    precondition(
      observation.count == layout.observationCount && nextObservation.count == layout.observationCount
        && state.count == layout.stateCount && actions.count == layout.actionCount,
      "a step of \(observation.count), \(state.count), \(actions.count) and \(nextObservation.count) values for \(layout)"
    )
    let layout = layout
    let time = lengths[slot]
    let valid = time + 1
    let isEnd = terminated || truncated
    Self.copy(state, to: (slot * layout.length + time) * layout.stateCount, of: &states)
    var all = making.mutableSpan
    var row = all._mutatingExtracting(slot * layout.width..<(slot + 1) * layout.width)
    row[layout.steps.lowerBound] = Float(valid)
    row[layout.ending.lowerBound] = terminated ? 1 : truncated ? 2 : 0
    if time == 0 { Self.copy(state, to: layout.state.lowerBound, of: &row) }
    Self.write(observation, mask, at: time, layout, &row)
    Self.write(nextObservation, nextMask, at: valid, layout, &row)
    Self.copy(actions, to: layout.actions.lowerBound + time * layout.actionCount, of: &row)
    row[layout.rewards.lowerBound + time] = reward
    guard isEnd || valid == layout.length else {
      Self.set(valid, at: slot, of: &lengths)
      return nil
    }
    let taken = store(slot)
    if isEnd {
      clear(slot)
      Self.set(0, at: slot, of: &lengths)
    } else {
      keepOverlap(slot)
      Self.set(overlap, at: slot, of: &lengths)
    }
    return taken
  }

  /// Fills a batch with stored sequences; padding is written too.
  public func gather(_ sequences: Span<Int>, into batch: inout SequenceBatch) {
    precondition(
      batch.count == sequences.count && batch.layout == layout,
      "\(sequences.count) sequences of \(layout) into \(batch.count) of \(batch.layout)")
    let rows = ring.storage.span
    for index in 0..<sequences.count {
      let first = sequences[index] * layout.width
      batch.spread(rows.extracting(first..<first + layout.width), to: index)
    }
  }

  private mutating func store(_ slot: Int) -> Int {
    let taken = ring.take()
    let width = layout.width
    let making = making
    Self.copy(making.span.extracting(slot * width..<(slot + 1) * width), to: taken * width, of: &ring.storage)
    return taken
  }

  private mutating func clear(_ slot: Int) {
    let width = layout.width
    var all = making.mutableSpan
    var row = all._mutatingExtracting(slot * width..<(slot + 1) * width)
    row.update(repeating: 0)
  }

  /// Moves the last `overlap` steps to the front of the slot's sequence in the making and empties the rest.
  private mutating func keepOverlap(_ slot: Int) {
    let (layout, overlap) = (layout, overlap)
    let shift = layout.length - overlap
    Self.moveStates(of: slot, by: shift, keeping: overlap, layout, &states)
    if overlap > 0 {
      let first = slot * layout.length * layout.stateCount
      let states = states
      Self.copy(
        states.span.extracting(first..<first + layout.stateCount),
        to: slot * layout.width + layout.state.lowerBound, of: &making)
    }
    var all = making.mutableSpan
    var row = all._mutatingExtracting(slot * layout.width..<(slot + 1) * layout.width)
    let parts = (layout.observationCount, layout.mask.columnCount, layout.actionCount)
    Self.move(layout.observations, by: shift * parts.0, keeping: (overlap + 1) * parts.0, in: &row)
    Self.move(layout.masks, by: shift * parts.1, keeping: (overlap + 1) * parts.1, in: &row)
    Self.move(layout.actions, by: shift * parts.2, keeping: overlap * parts.2, in: &row)
    Self.move(layout.rewards, by: shift, keeping: overlap, in: &row)
  }

  private static func moveStates(
    of slot: Int, by shift: Int, keeping steps: Int, _ layout: SequenceLayout, _ states: inout [Float]
  ) {
    let size = layout.length * layout.stateCount
    var all = states.mutableSpan
    move(
      slot * size..<(slot + 1) * size, by: shift * layout.stateCount, keeping: steps * layout.stateCount, in: &all)
  }

  private static func move(
    _ columns: Range<Int>, by shift: Int, keeping count: Int, in row: inout MutableSpan<Float>
  ) {
    for offset in 0..<columns.count {
      row[columns.lowerBound + offset] = offset < count ? row[columns.lowerBound + offset + shift] : 0
    }
  }

  private static func write(
    _ observation: Span<Float>, _ mask: Span<Bool>, at time: Int, _ layout: SequenceLayout,
    _ row: inout MutableSpan<Float>
  ) {
    copy(observation, to: layout.observations.lowerBound + time * layout.observationCount, of: &row)
    let first = layout.masks.lowerBound + time * layout.mask.columnCount
    var columns = row._mutatingExtracting(first..<first + layout.mask.columnCount)
    layout.mask.pack(mask, into: &columns)
  }

  private static func copy(_ values: Span<Float>, to first: Int, of row: inout MutableSpan<Float>) {
    var target = row._mutatingExtracting(first..<first + values.count)
    for index in 0..<target.count { target[index] = values[index] }
  }

  /// Writes one length.
  ///
  /// Not inlined: beside the mutable spans of a push, Swift 6.3.1, optimising, wrote into an array that a copy of this
  /// replay still shared.
  @inline(never)
  private static func set(_ length: Int, at slot: Int, of lengths: inout [Int]) { lengths[slot] = length }

  private static func copy(_ values: Span<Float>, to first: Int, of array: inout [Float]) {
    var all = array.mutableSpan
    copy(values, to: first, of: &all)
  }
}

/// Stored sequences and those in the making.
extension SequenceReplay {
  public func snapshot() -> Snapshot {
    var snapshot = ring.snapshot(columns: layout.columnNames)
    snapshot.set("making", making, shape: [slots, layout.width])
    snapshot.set("making_states", states, shape: [slots, layout.length, layout.stateCount])
    snapshot.set("making_steps", lengths)
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let making = try snapshot.floats("making", count: making.count)
    let states = try snapshot.floats("making_states", count: states.count)
    let lengths = try snapshot.integers("making_steps", count: slots)
    if let wrong = lengths.first(where: { !(0..<layout.length).contains($0) }) {
      throw snapshot.mismatch("making_steps", expected: "numbers below \(layout.length)", found: "\(wrong)")
    }
    let rows = try snapshot.floats("rows")
    for first in stride(from: layout.steps.lowerBound, to: rows.count, by: layout.width) {
      guard rows[first] >= 1, rows[first] <= Float(layout.length) else {
        throw snapshot.mismatch("rows", expected: "1 to \(layout.length) steps in a row", found: "\(rows[first])")
      }
    }
    try ring.restore(from: snapshot)
    self.making = making
    self.states = states
    self.lengths = lengths
  }
}
