internal import COpenBLAS

/// Adds to a square matrix the squared Euclidean distances between rows: `distances[i, j] += Σ_c (x[i, c] - x[j, c])²`
/// for i < j; other places are left alone.
///
/// In 64 bits, so that no 32-bit numbers overflow and equal rows are at distance 0 exactly. The order of summation
/// depends on the number of columns only. Two rows meet four others at a time, so that six
/// loads serve eight pairs.
///
/// - Parameters:
///   - x: A row-major matrix without gaps.
///   - rows: The number of rows.
///   - columns: The length of a row, a multiple of 4; pad with zeros.
///   - distances: `rows * rows` elements.
public func addSquaredDistances(
  between x: Span<Double>, rows: Int, columns: Int, to distances: inout MutableSpan<Double>
) {
  precondition(
    columns % 4 == 0 && x.count == rows * columns && distances.count == rows * rows,
    "\(x.count) elements are not \(rows) rows of \(columns), a multiple of 4, or \(distances.count) no distances of them"
  )
  unsafe x.withUnsafeBytes { bytes in
    guard let x = bytes.baseAddress else { return }
    let width = columns &* 8
    var row = 0
    while row < rows {
      // The two rows of a pair and what is left of fours meet one by one.
      let isPair = row &+ 1 < rows
      var other = row &+ 2
      while isPair && other &+ 4 <= rows {
        let sums = unsafe twoByFour(x + row &* width, x + other &* width, width)
        for column in 0..<4 {
          distances[row &* rows &+ other &+ column] += sums[column]
          distances[(row &+ 1) &* rows &+ other &+ column] += sums[column &+ 4]
        }
        other &+= 4
      }
      if isPair { unsafe distances[row &* rows &+ row &+ 1] += one(x + row &* width, x + (row &+ 1) &* width, width) }
      for second in other..<max(other, rows) {
        unsafe distances[row &* rows &+ second] += one(x + row &* width, x + second &* width, width)
        if isPair {
          unsafe distances[(row &+ 1) &* rows &+ second] += one(x + (row &+ 1) &* width, x + second &* width, width)
        }
      }
      row &+= 2
    }
  }
}

/// The squared distances of two neighbouring rows to four: first those of the first.
@inline(__always)
private func twoByFour(_ two: UnsafeRawPointer, _ others: UnsafeRawPointer, _ width: Int) -> SIMD8<Double> {
  var (a, b, c, d) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
  var (e, f, g, h) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
  for place in stride(from: 0, to: width, by: 32) {
    let (p, q) = unsafe (four(two + place), four(two + (place &+ width)))
    let (w, x) = unsafe (four(others + place), four(others + (place &+ width)))
    let (y, z) = unsafe (four(others + (place &+ 2 &* width)), four(others + (place &+ 3 &* width)))
    a = edgewise_add_square(p - w, a)
    b = edgewise_add_square(p - x, b)
    c = edgewise_add_square(p - y, c)
    d = edgewise_add_square(p - z, d)
    e = edgewise_add_square(q - w, e)
    f = edgewise_add_square(q - x, f)
    g = edgewise_add_square(q - y, g)
    h = edgewise_add_square(q - z, h)
  }
  return SIMD8(a.sum(), b.sum(), c.sum(), d.sum(), e.sum(), f.sum(), g.sum(), h.sum())
}

/// The squared distance of two rows.
@inline(__always)
private func one(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ width: Int) -> Double {
  var sum = SIMD4<Double>.zero
  for place in stride(from: 0, to: width, by: 32) {
    sum = unsafe edgewise_add_square(four(first + place) - four(second + place), sum)
  }
  return sum.sum()
}

@inline(__always)
private func four(_ place: UnsafeRawPointer) -> SIMD4<Double> {
  unsafe place.loadUnaligned(as: SIMD4<Double>.self)
}
