import LinearAlgebra
import Testing

struct ProductsTests {
  static let extents = [
    (1, 1, 1), (1, 7, 5), (2, 3, 4), (3, 1, 9), (5, 17, 1), (7, 33, 13), (16, 16, 16), (31, 65, 2),
    (64, 40, 96),
    (1, 300, 70), (1, 9, 31),
  ]

  @Test(arguments: extents)
  func `products equal three plain loops in every transposition and scaling`(m: Int, k: Int, n: Int) {
    let a = Naive.numbers(m * k, seed: 1)
    let b = Naive.numbers(k * n, seed: 2)
    let c = Naive.numbers(m * n, seed: 3)
    for (transposingA, transposingB) in [(false, false), (false, true), (true, false), (true, true)] {
      for (alpha, beta) in [(1.0, 0.0), (1, 1), (-0.5, 2), (2, 0)] {
        var result = c
        var span = result.mutableSpan
        multiply(
          a.span, b.span, into: &span, rows: m, inner: k, columns: n,
          transposingA: transposingA, transposingB: transposingB, alpha: Float(alpha), beta: Float(beta))
        let expected = Naive.product(
          a, b, c, m, k, n, transposingA: transposingA, transposingB: transposingB, alpha: alpha, beta: beta)
        #expect(
          agree(result, expected), "\(m) x \(k) x \(n), \(transposingA) \(transposingB), \(alpha) \(beta)")
      }
    }
  }

  @Test(arguments: extents)
  func `operands may be columns of wider matrices, and the other columns stay`(m: Int, k: Int, n: Int) {
    let gap = 3
    func widened(_ dense: [Float], _ columns: Int) -> [Float] {
      (0..<dense.count / columns).flatMap { row in
        dense[row * columns..<(row + 1) * columns] + [Float](repeating: 7, count: gap)
      }
    }
    let (a, b, c) = (Naive.numbers(m * k, seed: 1), Naive.numbers(k * n, seed: 2), Naive.numbers(m * n, seed: 3))
    for (transposingA, transposingB) in [(false, false), (false, true), (true, false), (true, true)] {
      for beta in [0.0, 1] {
        let (widthA, widthB) = (transposingA ? m : k, transposingB ? k : n)
        var result = widened(c, n)
        var span = result.mutableSpan
        multiply(
          widened(a, widthA).span, widened(b, widthB).span, into: &span, rows: m, inner: k, columns: n,
          transposingA: transposingA, transposingB: transposingB, beta: Float(beta),
          strideA: widthA + gap, strideB: widthB + gap, strideC: n + gap)
        let expected = Naive.product(
          a, b, c, m, k, n, transposingA: transposingA, transposingB: transposingB, alpha: 1, beta: beta)
        let dense = (0..<m).flatMap { row in result[row * (n + gap)..<row * (n + gap) + n] }
        #expect(agree(dense, expected), "\(m) x \(k) x \(n), \(transposingA) \(transposingB), \(beta)")
        #expect((0..<m).allSatisfy { row in result[row * (n + gap) + n..<(row + 1) * (n + gap)] == [7, 7, 7] })
      }
    }
  }

  @Test(arguments: [(0, 3, 4), (3, 4, 0), (3, 0, 4)])
  func `empty extents give an empty or a zero product`(m: Int, k: Int, n: Int) {
    let a = [Float](repeating: 1, count: m * k)
    let b = [Float](repeating: 1, count: k * n)
    var c = [Float](repeating: 6, count: m * n)
    var span = c.mutableSpan
    multiply(a.span, b.span, into: &span, rows: m, inner: k, columns: n, beta: 0.5)
    #expect(c == [Float](repeating: 3, count: m * n))
    var again = c.mutableSpan
    multiply(a.span, b.span, into: &again, rows: m, inner: k, columns: n)
    #expect(c == [Float](repeating: 0, count: m * n))
  }

  @Test(arguments: [1, 2, 40])
  func `with beta 0 the former content is not read`(m: Int) {
    for transposingB in [false, true] {
      let a = Naive.numbers(m * 9, seed: 4)
      let b = Naive.numbers(9 * 5, seed: 5)
      var c = [Float](repeating: .nan, count: m * 5)
      var span = c.mutableSpan
      multiply(
        a.span, b.span, into: &span, rows: m, inner: 9, columns: 5, transposingB: transposingB)
      #expect(c.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: [(1, 1), (2, 8), (3, 5), (4, 16), (5, 17), (6, 31), (64, 64), (130, 100), (0, 4), (4, 0)])
  func `a matrix times a column equals plain sums`(rows: Int, columns: Int) {
    let matrix = Naive.numbers(rows * columns, seed: 6)
    let x = Naive.numbers(columns, seed: 7)
    var y = [Float](repeating: .nan, count: rows)
    var span = y.mutableSpan
    multiply(matrix.span, rows: rows, columns: columns, byVector: x.span, into: &span)
    let expected = Naive.product(
      matrix, x, y, rows, columns, 1, transposingA: false, transposingB: false, alpha: 1, beta: 0)
    #expect(agree(y, expected))
  }

  @Test func `a product has the same bits on every thread`() async {
    let a = Naive.numbers(37 * 65, seed: 8)
    let b = Naive.numbers(65 * 43, seed: 9)
    let results = await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<16 {
        group.addTask {
          var c = [Float](repeating: 0, count: 37 * 43)
          for _ in 0..<20 {
            var span = c.mutableSpan
            multiply(a.span, b.span, into: &span, rows: 37, inner: 65, columns: 43)
          }
          return c
        }
      }
      var results: [[Float]] = []
      for await result in group { results.append(result) }
      return results
    }
    #expect(results.count == 16)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func `counts that do not fit the extents are refused`() async {
    await #expect(processExitsWith: .failure) {
      let a: [Float] = [1, 2, 3]
      var c: [Float] = [0]
      var span = c.mutableSpan
      multiply(a.span, a.span, into: &span, rows: 1, inner: 2, columns: 1)
    }
  }
}
