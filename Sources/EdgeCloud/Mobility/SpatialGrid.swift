/// Points in the plane sorted into square cells, so that those near one another are found without looking at all.
///
/// ``place(x_m:y_m:)`` is O(points); a search looks at the points of nine cells, whose side is at least the range. No
/// allocation once the grid has held as many points.
public struct SpatialGrid: Sendable, Equatable {
  /// How far apart two points may be to count as near.
  public let range_m: Double

  private var columns = 1
  private var rows = 1
  private var side_m = 1.0
  private var minX_m = 0.0
  private var minY_m = 0.0
  /// The first point of each cell in `points`, and one more.
  private var start: [Int32]
  private var points: [Int32]
  private var cell: [Int32]

  /// An empty grid with room for points; a range of `.infinity` makes all points near.
  public init(range_m: Double, capacity: Int) {
    precondition(range_m > 0, "near needs a positive range, not \(range_m) m")
    self.range_m = range_m
    start = []
    start.reserveCapacity(2 * capacity + 2)
    points = []
    points.reserveCapacity(capacity)
    cell = []
    cell.reserveCapacity(capacity)
  }

  /// Sorts points anew.
  public mutating func place(x_m: [Double], y_m: [Double]) {
    let count = x_m.count
    precondition(y_m.count == count, "\(count) points have \(y_m.count) ordinates")
    guard count > 0 else {
      (columns, rows, side_m, minX_m, minY_m) = (1, 1, 1, 0, 0)
      sort(x_m, y_m)
      return
    }
    var (minX, minY, maxX, maxY) = (Double.infinity, Double.infinity, -Double.infinity, -Double.infinity)
    for index in 0..<count {
      minX = min(minX, x_m[index])
      maxX = max(maxX, x_m[index])
      minY = min(minY, y_m[index])
      maxY = max(maxY, y_m[index])
    }
    // No more than two cells a point: sides grow where the range is short.
    let longest = max(maxX - minX, maxY - minY, 1e-9)
    var side = min(range_m, 2 * longest)
    while ((maxX - minX) / side + 1) * ((maxY - minY) / side + 1) > Double(2 * count) { side *= 1.25 }
    side_m = side
    minX_m = minX
    minY_m = minY
    columns = Int((maxX - minX) / side) + 1
    rows = Int((maxY - minY) / side) + 1
    sort(x_m, y_m)
  }

  private mutating func sort(_ x_m: [Double], _ y_m: [Double]) {
    let count = x_m.count
    start.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
    cell.removeAll(keepingCapacity: true)
    for _ in 0...columns * rows { start.append(0) }
    for index in 0..<count {
      let number = column(x_m[index]) + row(y_m[index]) * columns
      cell.append(Int32(number))
      points.append(0)
      start[number] += 1
    }
    var sum: Int32 = 0
    for number in 0...columns * rows {
      sum += start[number]
      start[number] = sum
    }
    for index in stride(from: count - 1, through: 0, by: -1) {
      let number = Int(cell[index])
      start[number] -= 1
      points[Int(start[number])] = Int32(index)
    }
  }

  private func column(_ x_m: Double) -> Int { Int(min(max((x_m - minX_m) / side_m, 0), Double(columns - 1))) }
  private func row(_ y_m: Double) -> Int { Int(min(max((y_m - minY_m) / side_m, 0), Double(rows - 1))) }

  /// Appends to `found` every point in the nine cells around a place, of which all in range are some; cells row by
  /// row, the points of a cell in rising order. The caller compares distances.
  public func appendCandidates(x_m: Double, y_m: Double, to found: inout [Int32]) {
    let (column, row) = (column(x_m), row(y_m))
    for y in max(row - 1, 0)...min(row + 1, rows - 1) {
      let first = y * columns + max(column - 1, 0)
      let last = y * columns + min(column + 1, columns - 1)
      for index in Int(start[first])..<Int(start[last + 1]) { found.append(points[index]) }
    }
  }
}
