import LinearAlgebra
import Testing

struct PairwiseDistancesTests {
  @Test(arguments: [0, 1, 2, 3, 5, 6, 7, 8, 13], [0, 4, 8, 36])
  func `distances between rows are sums of squared differences`(rows: Int, columns: Int) {
    let x = Naive.numbers(rows * columns, seed: 80).map(Double.init)
    var distances = [Double](repeating: -1, count: rows * rows)
    var span = distances.mutableSpan
    addSquaredDistances(between: x.span, rows: rows, columns: columns, to: &span)
    for first in 0..<rows {
      for second in 0..<rows {
        let squares = (0..<columns).map { x[first * columns + $0] - x[second * columns + $0] }.map { $0 * $0 }
        let expected = first < second ? squares.reduce(0, +) : 0
        #expect(abs(distances[first * rows + second] + 1 - expected) < 1e-13)
      }
    }
  }

  @Test func `equal rows are at no distance, and the farthest are at a finite one`() {
    let far = Double(Float.greatestFiniteMagnitude)
    let row = Naive.numbers(8, seed: 81).map { 1e6 * Double($0) }
    let x = row + row + row + row + row + row + row.map { _ in far } + row.map { _ in -far }
    var distances = [Double](repeating: 0, count: 64)
    var span = distances.mutableSpan
    addSquaredDistances(between: x.span, rows: 8, columns: 8, to: &span)
    #expect((0..<6).allSatisfy { row in (0..<6).allSatisfy { distances[row * 8 + $0] == 0 } })
    #expect(abs(distances[6 * 8 + 7] / (32 * far * far) - 1) < 1e-12)
  }
}
