public import Randomness
public import Snapshots

/// Past steps of all agents of some environments, for learners whose critics see everybody.
///
/// A row is one step of one environment: what every agent saw, might do, did and received. What follows a step is the
/// next row of the same environment, so that no observation is stored twice; an episode's true last observations
/// take a row of their own, which is never drawn. With episodes of T steps a transition takes (T + 1) / T rows.
/// Slots without an agent are stored as zeros.
public struct JointReplay: Sendable, Restorable {
  /// Where a group's values lie in a row.
  public struct Columns: Sendable, Equatable {
    /// The slots of the group.
    public let count: Int
    /// Values of one slot: of an observation, integers and real numbers of an action, options of a mask.
    public let observationCount, integerCount, realCount, optionCount: Int
    /// The options of each choice of an action.
    public let choices: [Int]
    /// Observations, integers of actions (exact up to 2²⁴), real numbers and rewards, slot after slot.
    public let observations, integers, reals, rewards: Range<Int>
    /// Permitted options, who is there and whose trajectory ended, packed.
    public let masks, active, ended: Range<Int>
    /// How they are packed.
    public let mask, flags: PackedMask
  }

  /// Where each group's values lie.
  public let columns: [Columns]
  /// The number of values in a row.
  public let width: Int
  /// The number of environments, whose rows alternate.
  public let environments: Int
  /// The number of rows that each environment has.
  public let slots: Int
  /// The number of transitions that can be drawn.
  public private(set) var count = 0
  /// The rows, `slots × environments × width`; those of one slot of all environments lie together.
  private var storage: [Float] = []
  /// The slot that each environment's next step will take.
  private var heads: [Int]
  /// The slots that have been taken by any environment.
  private var used = 0
  /// A mask and flags, for packing.
  private var flags: [Bool]

  /// An empty replay of at most `capacity` rows, or three for each environment where that is more.
  public init(_ groups: [AgentGroup], environments: Int, capacity: Int) {
    precondition(environments > 0, "a replay needs an environment")
    slots = max(3, capacity / environments)
    (columns, width) = Self.columns(of: groups)
    self.environments = environments
    heads = [Int](repeating: 0, count: environments)
    flags = [Bool](repeating: false, count: groups.map(\.count).max() ?? 0)
    storage.reserveCapacity(slots * environments * width)
  }

  private static func columns(of groups: [AgentGroup]) -> (columns: [Columns], width: Int) {
    var next = 1
    func take(_ count: Int) -> Range<Int> {
      defer { next += count }
      return next..<next + count
    }
    let columns = groups.map { group in
      let mask = PackedMask(options: group.count * group.action.maskCount)
      let flags = PackedMask(options: group.count)
      return Columns(
        count: group.count, observationCount: group.observation.count, integerCount: group.action.discreteCount,
        realCount: group.action.continuousCount, optionCount: group.action.maskCount,
        choices: group.action.choices,
        observations: take(group.count * group.observation.count),
        integers: take(group.count * group.action.discreteCount),
        reals: take(group.count * group.action.continuousCount), rewards: take(group.count),
        masks: take(mask.columnCount), active: take(flags.columnCount), ended: take(flags.columnCount), mask: mask,
        flags: flags)
    }
    return (columns, next)
  }

  /// The memory that a full replay of at most `capacity` rows takes.
  public static func bytes(_ groups: [AgentGroup], capacity: Int) -> Double {
    Double(capacity) * Double(columns(of: groups).width) * 4
  }

  /// Stores a step of every environment.
  public mutating func record(_ frame: borrowing VectorFrame) {
    precondition(frame.environments == environments, "\(frame.environments) environments for \(environments)")
    for environment in 0..<environments { record(frame, environment) }
  }

  private mutating func record(_ frame: borrowing VectorFrame, _ environment: Int) {
    let slot = heads[environment]
    let next = slot + 1 == slots ? 0 : slot + 1
    open(slot, environment)
    write(frame, environment, at: row(slot, environment))
    open(next, environment)
    writeNext(frame, environment, at: row(next, environment))
    storage[row(slot, environment) * width] = 1
    count += 1
    let after = next + 1 == slots ? 0 : next + 1
    heads[environment] = frame.episodeOver[environment] ? after : next
  }

  /// The number of a row.
  private func row(_ slot: Int, _ environment: Int) -> Int { slot * environments + environment }

  /// Makes room in a slot; what was there can no longer be drawn.
  private mutating func open(_ slot: Int, _ environment: Int) {
    if slot >= used {
      let whole = slots * environments * width
      if storage.capacity < whole { storage.reserveCapacity(whole) }
      storage.append(contentsOf: repeatElement(0, count: (slot + 1 - used) * environments * width))
      used = slot + 1
    }
    let flag = row(slot, environment) * width
    if storage[flag] != 0 {
      storage[flag] = 0
      count -= 1
    }
  }

  private mutating func write(_ frame: borrowing VectorFrame, _ environment: Int, at row: Int) {
    let width = width
    var flags: [Bool] = []
    swap(&flags, &self.flags)
    let columns = columns
    do {
      var all = storage.mutableSpan
      var values = all._mutatingExtracting(row * width..<(row + 1) * width)
      for group in 0..<columns.count {
        let part = columns[group]
        let first = environment * part.count
        for slot in 0..<part.count { flags[slot] = frame.groups[group].active[first + slot] }
        Self.write(frame.groups[group].observations, frame.groups[group].masks, first, part, flags, &values)
        for slot in 0..<part.count {
          let isActive = flags[slot]
          for index in 0..<part.integerCount {
            values[part.integers.lowerBound + slot * part.integerCount + index] =
              isActive ? Float(frame.groups[group].actions[(first + slot) * part.integerCount + index]) : 0
          }
          for index in 0..<part.realCount {
            values[part.reals.lowerBound + slot * part.realCount + index] =
              isActive ? frame.groups[group].continuousActions[(first + slot) * part.realCount + index] : 0
          }
          values[part.rewards.lowerBound + slot] = isActive ? Float(frame.groups[group].rewards[first + slot]) : 0
        }
        for slot in 0..<part.count { flags[slot] = frame.groups[group].terminated[first + slot] }
        var ended = values._mutatingExtracting(part.ended)
        part.flags.pack(flags.span.extracting(0..<part.count), into: &ended)
      }
    }
    swap(&flags, &self.flags)
  }

  /// What follows a step; who comes anew is known, and written, when the next step is stored.
  private mutating func writeNext(_ frame: borrowing VectorFrame, _ environment: Int, at row: Int) {
    let width = width
    var flags: [Bool] = []
    swap(&flags, &self.flags)
    let columns = columns
    do {
      var all = storage.mutableSpan
      var values = all._mutatingExtracting(row * width..<(row + 1) * width)
      for group in 0..<columns.count {
        let part = columns[group]
        let first = environment * part.count
        for slot in 0..<part.count {
          flags[slot] =
            frame.groups[group].active[first + slot] && !frame.groups[group].terminated[first + slot]
        }
        Self.write(
          frame.groups[group].nextObservations, frame.groups[group].nextMasks, first, part, flags, &values)
      }
    }
    swap(&flags, &self.flags)
  }

  /// Writes what a group sees, may do and who of it is there.
  private static func write(
    _ observations: [Float], _ masks: [Bool], _ first: Int, _ part: Columns, _ active: [Bool],
    _ values: inout MutableSpan<Float>
  ) {
    let count = part.observationCount
    for slot in 0..<part.count {
      var target = values._mutatingExtracting(
        part.observations.lowerBound + slot * count..<part.observations.lowerBound + (slot + 1) * count)
      if active[slot] {
        let source = observations.span.extracting((first + slot) * count..<(first + slot + 1) * count)
        for index in 0..<count { target[index] = source[index] }
      } else {
        for index in 0..<count { target[index] = 0 }
      }
    }
    if part.optionCount > 0 {
      var packed = values._mutatingExtracting(part.masks)
      let options = part.count * part.optionCount
      part.mask.pack(
        masks.span.extracting(first * part.optionCount..<first * part.optionCount + options), into: &packed)
    }
    var packed = values._mutatingExtracting(part.active)
    part.flags.pack(active.span.extracting(0..<part.count), into: &packed)
  }

  /// Draws transitions, each with equal probability and with replacement.
  ///
  /// - Parameters:
  ///   - rows: overwritten with the numbers of the rows.
  ///   - following: overwritten with the rows that hold what follows.
  /// - Precondition: there is a transition.
  public func draw(
    _ rows: inout MutableSpan<Int>, following: inout MutableSpan<Int>, using stream: inout RandomStream
  ) {
    precondition(count > 0, "an empty replay has nothing to draw")
    let stored = used * environments
    let source = storage.span
    for index in 0..<rows.count {
      var row = stream.integer(below: stored)
      while source[row * width] == 0 { row = stream.integer(below: stored) }
      rows[index] = row
      let next = row + environments
      following[index] = next >= slots * environments ? next - slots * environments : next
    }
  }

  /// Brings rows near the processor; see ``RowRing/touch(_:)``.
  ///
  /// - Returns: a word that depends on them, to be kept so that the reading is not optimised away.
  public func touch(_ rows: Span<Int>) -> UInt32 { touchRows(storage.span, width: width, rows) }

  /// Copies some columns of some rows, one row after another.
  public func gather(_ columns: Range<Int>, rows: Span<Int>, into values: inout MutableSpan<Float>) {
    gatherRows(storage.span, width: width, columns, rows, into: &values)
  }

  /// One value of one row.
  public func value(row: Int, column: Int) -> Float {
    precondition((0..<width).contains(column), "column \(column) of \(width)")
    return storage[row * width + column]
  }
}

extension JointReplay {
  public func snapshot() -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("capacity", integer: slots * environments)
    snapshot.set("heads", heads.map(Int64.init))
    snapshot.set("rows", Snapshot.Dataset(.float32(storage), shape: [used * environments, width]))
    return snapshot
  }

  public mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let capacity = try snapshot.integer("capacity")
    let saved = try snapshot.integers("heads")
    let rows = try snapshot.floats("rows")
    let shape = try snapshot.dataset("rows").shape
    guard capacity == slots * environments, shape.count == 2, shape[0] <= capacity, shape[0] % environments == 0,
      shape[1] == width
    else {
      throw snapshot.mismatch(
        "rows", expected: "at most \(slots * environments) rows of \(width) of \(environments) environments",
        found: "shape \(shape) for a capacity of \(capacity)")
    }
    let taken = shape[0] / environments
    guard saved.count == environments, saved.allSatisfy({ (0..<max(1, min(slots, taken + 1))).contains($0) }) else {
      throw snapshot.mismatch("heads", expected: "a slot of \(taken) for each environment", found: "\(saved)")
    }
    try checkRows(rows, snapshot)
    // Once the ring is full, the first slot follows the last.
    let unfollowed = taken < slots ? max(0, taken - 1) * environments..<taken * environments : 0..<0
    guard unfollowed.allSatisfy({ rows[$0 * width] == 0 }) else {
      throw snapshot.mismatch("rows", expected: "steps with what follows them", found: "a last row without")
    }
    storage = rows
    heads = saved
    used = taken
    count = stride(from: 0, to: rows.count, by: width).count { rows[$0] != 0 }
  }

  /// Refuses flags and masks that are no whole numbers, integers that are no option, and whatever is not finite.
  private func checkRows(_ rows: [Float], _ snapshot: Snapshot) throws(SnapshotError) {
    for row in stride(from: 0, to: rows.count, by: width) {
      let isSound =
        (rows[row] == 0 || rows[row] == 1) && rows[row..<row + width].allSatisfy(\.isFinite)
        && columns.allSatisfy { part in
          part.integers.allSatisfy { column in
            let choice = (column - part.integers.lowerBound) % part.integerCount
            return Int(exactly: rows[row + column]).map { (0..<part.choices[choice]).contains($0) } ?? false
          }
            && [part.masks, part.active, part.ended].joined().allSatisfy {
              Int(exactly: rows[row + $0]).map { (0..<1 << PackedMask.optionsPerColumn).contains($0) } ?? false
            }
        }
      guard isSound else {
        throw snapshot.mismatch(
          "rows", expected: "finite numbers, known actions, masks and flags", found: "others in row \(row / width)")
      }
    }
  }
}
