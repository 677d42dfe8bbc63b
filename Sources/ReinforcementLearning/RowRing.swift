import Snapshots

/// The newest rows of a row-major `Float` matrix of bounded height, the oldest overwritten first.
///
/// Room for all rows, `capacity × width × 4` bytes, is asked for once; memory is taken as rows are filled, never
/// more. A copy, or a snapshot that lives on, shares the rows until one of them is written.
struct RowRing: Sendable {
  /// The number of values in a row.
  let width: Int
  /// The greatest number of rows.
  let capacity: Int
  /// The number of rows stored.
  private(set) var count = 0
  /// The row that the next one will take.
  private(set) var head = 0
  /// The rows stored, `count × width`.
  var storage: [Float] = []

  init(width: Int, capacity: Int) {
    self.width = width
    self.capacity = capacity
    storage.reserveCapacity(width * capacity)
  }

  /// Makes room for a row in place of the oldest, for the caller to fill, and says which it is.
  mutating func take() -> Int {
    let row = head
    if count < capacity {
      // What was shared with a copy, or taken over, has no room left.
      if storage.capacity < width * capacity { storage.reserveCapacity(width * capacity) }
      storage.append(contentsOf: repeatElement(0, count: width))
      count += 1
    }
    head = row + 1 == capacity ? 0 : row + 1
    return row
  }

  /// Brings rows near the processor; see ``touchRows(_:width:_:)``.
  func touch(_ rows: Span<Int>) -> UInt32 { touchRows(storage.span, width: width, rows) }

  /// Copies some columns of some rows, one row after another.
  func gather(_ columns: Range<Int>, rows: Span<Int>, into values: inout MutableSpan<Float>) {
    gatherRows(storage.span, width: width, columns, rows, into: &values)
  }

  /// The rows as `rows`, with the ring's place and size; `columns` names what stands where.
  func snapshot(columns: [String]) -> Snapshot {
    var snapshot = Snapshot()
    snapshot.set("capacity", integer: capacity)
    snapshot.set("head", integer: head)
    var rows = Snapshot.Dataset(.float32(storage), shape: [count, width])
    rows.attributes["columns"] = .texts(columns)
    snapshot.set("rows", rows)
    return snapshot
  }

  /// Takes over saved rows, all of them or, on an error, nothing.
  ///
  /// They are shared with the snapshot until one is written; a ring that is not full then takes room for all.
  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) {
    let head = try snapshot.integer("head")
    let saved = try snapshot.integer("capacity")
    let rows = try snapshot.floats("rows")
    let shape = try snapshot.dataset("rows").shape
    guard saved == capacity, shape.count == 2, shape[0] <= capacity, shape[1] == width else {
      throw snapshot.mismatch(
        "rows", expected: "at most \(capacity) rows of \(width) for a capacity of \(capacity)",
        found: "shape \(shape) for a capacity of \(saved)")
    }
    guard (0..<capacity).contains(head), shape[0] == capacity || head == shape[0] else {
      throw snapshot.mismatch("head", expected: "a row that \(shape[0]) stored rows allow", found: "row \(head)")
    }
    self.head = head
    count = shape[0]
    storage = rows
  }
}
