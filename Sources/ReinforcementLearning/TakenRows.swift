/// Rows of a ring that were written one after another, oldest first.
public struct TakenRows: Sendable, Equatable, RandomAccessCollection {
  /// The first row written.
  public let first: Int
  /// How many were written.
  public internal(set) var count: Int
  /// The number of rows in the ring.
  @usableFromInline let capacity: Int

  init(first: Int, count: Int, capacity: Int) {
    self.first = first
    self.count = count
    self.capacity = capacity
  }

  @inlinable public var startIndex: Int { 0 }

  @inlinable public var endIndex: Int { count }

  /// The row that was written after `position` others.
  @inlinable
  public subscript(position: Int) -> Int {
    precondition(position >= 0 && position < count, "row \(position) of \(count)")
    return (first + position) % capacity
  }
}
