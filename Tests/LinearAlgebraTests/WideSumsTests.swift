import LinearAlgebra
import Testing

struct WideSumsTests {
  @Test(arguments: [0, 1, 3, 4, 5, 8, 11], [0, 1, 15, 16, 33, 200])
  func `sums of multiples are those of one operation after the other`(vectors: Int, count: Int) {
    let x = (0..<vectors).map { Naive.numbers(count + 9, seed: UInt32($0)) }
    let factors = Naive.numbers(vectors, seed: 77).map(Double.init)
    for start in [0, 5, 9] {
      let before = Naive.numbers(count, seed: 78).map(Double.init)
      var sums = before
      var span = sums.mutableSpan
      add(from: start, of: x, times: factors, to: &span)
      let expected = before.indices.map { place in
        (0..<vectors).reduce(before[place]) { $0 + factors[$1] * Double(x[$1][start + place]) }
      }
      #expect(sums == expected)
    }
  }

  @Test(arguments: [0, 1, 3, 4, 5, 10], [1, 4, 16, 33])
  func `columns are summed in the order of the rows`(rows: Int, columns: Int) {
    let x = Naive.numbers(rows * columns, seed: 79)
    var sums = [Double](repeating: .nan, count: columns)
    var span = sums.mutableSpan
    sumColumns(of: x.span, into: &span)
    #expect(sums == (0..<columns).map { column in (0..<rows).reduce(0) { $0 + Double(x[$1 * columns + column]) } })
  }

  @Test func `a quotient is rounded once`() {
    var quotients: [Float] = [0, 0, 0]
    var span = quotients.mutableSpan
    divide([1.0, 2, 3e38].span, by: 3, into: &span)
    #expect(quotients == [Float(1.0 / 3), Float(2.0 / 3), 1e38])
  }
}
