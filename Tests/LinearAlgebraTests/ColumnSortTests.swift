import LinearAlgebra
import Testing

struct ColumnSortTests {
  @Test(arguments: Array(0...40) + [63, 64, 65, 100, 127, 128, 129, 1_000], [8, 32])
  func `every column is sorted by itself`(rows: Int, columns: Int) {
    let x = Naive.numbers(rows * columns, seed: UInt32(rows)).enumerated().map { index, value in
      // Some columns with many equal values.
      index % 5 == 0 ? (value * 3).rounded() : value
    }
    var sorted = x
    var span = sorted.mutableSpan
    sortColumns(of: &span, columns: columns)
    for column in 0..<columns {
      let before = stride(from: column, to: x.count, by: columns).map { x[$0] }
      let after = stride(from: column, to: x.count, by: columns).map { sorted[$0] }
      let isSorted = after == before.sorted()
      #expect(isSorted, "column \(column) of \(rows) rows")
    }
  }

  @Test func `infinities, zeros of both signs and subnormal numbers stay as many as they were`() {
    let values: [Float] = [
      0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, -0.0, 0,
      .greatestFiniteMagnitude,
    ]
    var x = values.flatMap { Array(repeating: $0, count: 8) }
    var span = x.mutableSpan
    sortColumns(of: &span, columns: 8)
    let column = stride(from: 3, to: x.count, by: 8).map { x[$0] }
    #expect(column == values.sorted())
    #expect(column.count { $0 == 0 && $0.sign == .minus } == 2)
  }

  @Test func `zeros and ones of every pattern are sorted, and so everything is`() {
    // A network of comparisons that sorts all patterns of 0 and 1 sorts all numbers (Knuth, volume 3, section 5.3.4).
    for rows in 2...12 {
      let patterns = 1 << rows
      let columns = max(8, patterns)
      var x = [Float](repeating: 0, count: rows * columns)
      for row in 0..<rows {
        for column in 0..<patterns { x[row * columns + column] = Float(column >> row & 1) }
      }
      var span = x.mutableSpan
      sortColumns(of: &span, columns: columns)
      let isSorted = (columns..<x.count).allSatisfy { x[$0 - columns] <= x[$0] }
      #expect(isSorted, "\(rows) rows")
    }
  }
}
