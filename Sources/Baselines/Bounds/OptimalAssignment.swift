/// Each row to a column of its own at the least cost in all, by shortest augmenting paths (the Hungarian method).
///
/// Sources: H. W. Kuhn, Naval Res. Logist. Q. 2 (1955) 83; R. Jonker, A. Volgenant, Computing 38 (1987) 325. O(rows² ·
/// columns).
public struct OptimalAssignment: Sendable, Equatable {
  /// The column of each row.
  public let column: [Int]
  /// The sum of the costs taken; infinite if every assignment takes a forbidden pair.
  public let cost: Double
  /// The price of each row. With ``columnPrice`` it proves the cost: no pair costs less than the sum of its prices, and
  /// the prices sum to the cost.
  public let rowPrice: [Double]
  /// The price of each column, at most 0, and 0 where a column is not taken.
  public let columnPrice: [Double]

  /// The assignment of a cost matrix [row × column], row by row, with no more rows than columns. Infinity forbids a pair.
  public init(costs: [Double], rows: Int, columns: Int) {
    precondition(
      rows <= columns && costs.count == rows * columns,
      "\(costs.count) costs are no matrix of \(rows) rows and \(columns) columns with a column for each row")
    precondition(costs.allSatisfy { !$0.isNaN && $0 > -.infinity }, "a cost is a number or infinity")
    // What is forbidden costs more than all that is not; prices stay finite that way.
    let finite = costs.filter(\.isFinite)
    let span = finite.reduce(0) { max($0, abs($1)) }
    let forbidden = (2 * span + 1) * Double(rows + 1)
    var rowPrice = [Double](repeating: 0, count: rows)
    var columnPrice = [Double](repeating: 0, count: columns)
    var taker = [Int](repeating: -1, count: columns)
    for row in 0..<rows {
      var distance = [Double](repeating: .infinity, count: columns)
      var before = [Int](repeating: -1, count: columns)
      var isDone = [Bool](repeating: false, count: columns)
      var current = row
      var last = -1
      var length = 0.0
      while true {
        var next = -1
        for column in 0..<columns where !isDone[column] {
          let cost = costs[current * columns + column]
          let reduced = (cost.isFinite ? cost : forbidden) - rowPrice[current] - columnPrice[column] + length
          if reduced < distance[column] {
            distance[column] = reduced
            before[column] = last
          }
          if next < 0 || distance[column] < distance[next] { next = column }
        }
        length = distance[next]
        isDone[next] = true
        last = next
        if taker[next] < 0 { break }
        current = taker[next]
      }
      rowPrice[row] += length
      for column in 0..<columns where isDone[column] && column != last {
        rowPrice[taker[column]] += length - distance[column]
        columnPrice[column] -= length - distance[column]
      }
      while last >= 0 {
        let previous = before[last]
        taker[last] = previous < 0 ? row : taker[previous]
        last = previous
      }
    }
    var column = [Int](repeating: -1, count: rows)
    for (place, row) in taker.enumerated() where row >= 0 { column[row] = place }
    self.column = column
    cost = (0..<rows).reduce(0) { $0 + costs[$1 * columns + column[$1]] }
    self.rowPrice = rowPrice
    self.columnPrice = columnPrice
  }
}
