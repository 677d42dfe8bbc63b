import Glibc
import LinearAlgebra
import Testing

struct VectorKernelsTests {
  static let counts = [0, 1, 2, 7, 8, 9, 31, 64, 1_003]

  @Test(arguments: counts)
  func `reductions equal plain sums`(count: Int) {
    let x = Naive.numbers(count, seed: 1)
    let y = Naive.numbers(count, seed: 2)
    let inner = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let squares = x.reduce(0.0) { $0 + Double($1) * Double($1) }
    let total = x.reduce(0.0) { $0 + Double($1) }
    #expect(agree([dot(x.span, y.span)], [inner], tolerance: 1e-4))
    #expect(agree([squaredNorm(x.span)], [squares], tolerance: 1e-4))
    #expect(agree([sum(x.span)], [total], tolerance: 1e-4))
  }

  @Test(arguments: counts)
  func `element kernels equal one operation after the other`(count: Int) {
    let x = Naive.numbers(count, seed: 3)
    let y = Naive.numbers(count, seed: 4)
    var added = y
    var addedSpan = added.mutableSpan
    add(x.span, times: -0.75, to: &addedSpan)
    #expect(added == zip(x, y).map { $1 + -0.75 * $0 })

    var scaled = y
    var scaledSpan = scaled.mutableSpan
    scale(&scaledSpan, by: 3)
    #expect(scaled == y.map { $0 * 3 })

    var copied = y
    var copiedSpan = copied.mutableSpan
    copy(x.span, into: &copiedSpan)
    #expect(copied == x)

    var moved = y
    var movedSpan = moved.mutableSpan
    interpolate(&movedSpan, toward: x.span, by: 0.3)
    #expect(moved == zip(x, y).map { (1 - Float(0.3)) * $1 + Float(0.3) * $0 })

    var combined = y
    var combinedSpan = combined.mutableSpan
    combine(x.span, into: &combinedSpan) { $0 - 2 * $1 }
    #expect(combined == zip(x, y).map { $0 - 2 * $1 })
  }

  @Test(arguments: [(0, 3), (1, 1), (3, 8), (5, 9), (7, 1), (4, 33)])
  func `row kernels equal plain loops`(rows: Int, columns: Int) {
    let x = Naive.numbers(rows * columns, seed: 5)
    let offsets = Naive.numbers(columns, seed: 6)
    var shifted = x
    var shiftedSpan = shifted.mutableSpan
    addToRows(of: &shiftedSpan, offsets.span) { 2 * $0 }
    #expect(shifted == x.indices.map { 2 * (x[$0] + offsets[$0 % columns]) })

    var sums = [Float](repeating: .nan, count: columns)
    var sumsSpan = sums.mutableSpan
    sumColumns(of: x.span, into: &sumsSpan)
    let expected = (0..<columns).map { column in
      (0..<rows).reduce(Float(0)) { $0 + x[$1 * columns + column] }
    }
    #expect(sums == expected)
  }

  @Test(arguments: counts)
  func `the kernel of two moments equals its formula`(count: Int) {
    let start = Naive.numbers(count, seed: 7)
    let gradient = Naive.numbers(count, seed: 8)
    let mean = Naive.numbers(count, seed: 9)
    let square = Naive.numbers(count, seed: 10).map { $0 * $0 }
    var (theta, m, v) = (start, mean, square)
    var thetaSpan = theta.mutableSpan
    var means = m.mutableSpan
    var squares = v.mutableSpan
    var target = start.map { -$0 }
    var dragged = target.mutableSpan
    moveByMoments(
      &thetaSpan, along: gradient.span, scale: 0.5, means: &means, squares: &squares,
      meanGain: 0.1, squareDecay: 0.9, squareGain: 0.2, length: 0.25, rootFactor: 3, epsilon: 0.125,
      retention: 0.5, dragging: &dragged, by: 0.25)
    for index in 0..<count {
      let g = 0.5 * Double(gradient[index])
      let newMean = Double(mean[index]) + 0.1 * (g - Double(mean[index]))
      let newSquare = 0.9 * Double(square[index]) + 0.2 * g * g
      let moved = 0.5 * Double(start[index]) - 0.25 * newMean / (newSquare.squareRoot() * 3 + 0.125)
      #expect(agree([theta[index], m[index], v[index]], [moved, newMean, newSquare], tolerance: 1e-6))
      #expect(target[index] == 0.75 * -start[index] + 0.25 * theta[index])
    }
  }

  @Test func `a part of a span is written where it lies`() {
    var values: [Float] = [0, 1, 2, 3, 4]
    var span = values.mutableSpan
    span.withPart(1..<4) { scale(&$0, by: -1) }
    #expect(values == [0, -1, -2, -3, 4])
  }

  @Test func `a part beyond the end is refused`() async {
    await #expect(processExitsWith: .failure) {
      var values: [Float] = [0, 1]
      var span = values.mutableSpan
      span.withPart(1..<3) { scale(&$0, by: -1) }
    }
  }

  @Test(arguments: counts.filter { $0 > 0 })
  func `softmax, its logarithm and its mean equal plain sums, however large the numbers`(count: Int) {
    for offset in [Float(0), 500, -500] {
      let x = Naive.numbers(count, seed: 11).map { 6 * $0 + offset }
      var (y, z) = (x, x)
      var ySpan = y.mutableSpan
      let logarithm = softmax(x.span, into: &ySpan)
      var zSpan = z.mutableSpan
      logSoftmax(x.span, into: &zSpan)
      let greatest = x.reduce(-Float.infinity, max)
      #expect(LinearAlgebra.maximum(x.span) == greatest)
      let powers = x.map { Glibc.exp(Double($0) - Double(greatest)) }
      let total = powers.reduce(0, +)
      #expect(agree(y, powers.map { $0 / total }, tolerance: 1e-6))
      #expect(abs(Double(logarithm) - Double(greatest) - Glibc.log(total)) < 1e-4)
      #expect(agree(z, powers.map { Glibc.log($0 / total) }, tolerance: 1e-4))
      let mean = powers.enumerated().reduce(0.0) { $0 + (2 + 0.5 * Double($1.offset)) * $1.element } / total
      #expect(abs(Double(softmaxMean(of: x.span, first: 2, distance: 0.5)) - mean) < 1e-5 * max(1, mean))
    }
  }

  @Test(arguments: [0, 1, 3, 4, 5, 8, 1023], [1, 2, 17, 64])
  func `sums of columns are sums in the order of the rows, and outer products are products`(rows: Int, columns: Int) {
    let x = Naive.numbers(rows * columns, seed: 7)
    var sums = [Float](repeating: .nan, count: columns)
    var sumsSpan = sums.mutableSpan
    sumColumns(of: x.span, into: &sumsSpan)
    #expect(sums == (0..<columns).map { column in (0..<rows).reduce(0) { $0 + x[$1 * columns + column] } })

    let (column, row) = (Naive.numbers(rows, seed: 8), Naive.numbers(columns, seed: 9))
    var products = [Float](repeating: -5, count: rows * (columns + 2))
    var productsSpan = products.mutableSpan
    multiplyOuter(column.span, row.span, into: &productsSpan, stride: columns + 2)
    for index in products.indices {
      let (first, second) = index.quotientAndRemainder(dividingBy: columns + 2)
      #expect(products[index] == (second < columns ? column[first] * row[second] : -5))
    }
  }
}
