internal import COpenBLAS

/// Multiplies a matrix by a column: `y = matrix · x`.
///
/// The matrix is `[rows, columns]`, row-major. Four rows are taken at a time, so that each element of `x` is
/// read once for all four. A matrix that does not fit the first cache is fetched four rows ahead. The order of summation is a function of the extents alone, but another than in
/// a product of many rows.
///
/// - Parameters:
///   - matrix: `rows * columns` elements.
///   - x: `columns` elements.
///   - y: `rows` elements, overwritten.
public func multiply(
  _ matrix: Span<Float>, rows: Int, columns: Int, byVector x: Span<Float>, into y: inout MutableSpan<Float>
) {
  precondition(
    rows >= 0 && matrix.count == rows * columns && x.count == columns && y.count == rows,
    "\(matrix.count), \(x.count) and \(y.count) elements are no matrix [\(rows), \(columns)] and its vectors",
  )
  guard columns > 0 else { return fill(&y, with: 0) }
  let isLarge = matrix.count > 8_192
  unsafe matrix.withUnsafeBufferPointer { matrix in
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let matrix = matrix.baseAddress, let x = x.baseAddress, let y = y.baseAddress else { return }
        var row = 0
        while row &+ 4 <= rows {
          if isLarge {
            unsafe fourDots(matrix + row &* columns, x, columns, y + row, fetching: 4 &* columns)
          } else {
            unsafe fourDots(matrix + row &* columns, x, columns, y + row, fetching: 0)
          }
          row &+= 4
        }
        while row < rows {
          unsafe y[row] = oneDot(matrix + row &* columns, x, columns)
          row &+= 1
        }
      }
    }
  }
}

/// Four rows from `a` on, each times `x`; sixteen columns at a time in two sums for each row, then the rest.
/// Asks for what lies `fetching` elements further, which may be beyond the end.
@inline(__always)
private func fourDots(
  _ a: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, _ y: UnsafeMutablePointer<Float>,
  fetching distance: Int
) {
  let (b, c, d) = unsafe (a + count, a + 2 &* count, a + 3 &* count)
  var (a0, b0, c0, d0) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
  var (a1, b1, c1, d1) = (a0, b0, c0, d0)
  var index = 0
  while index &+ 16 <= count {
    if distance > 0 {
      unsafe edgewise_fetch(a + index + distance)
      unsafe edgewise_fetch(b + index + distance)
      unsafe edgewise_fetch(c + index + distance)
      unsafe edgewise_fetch(d + index + distance)
    }
    let (low, high) = unsafe (eight(x + index), eight(x + index + 8))
    unsafe a0 = edgewise_multiply_add(eight(a + index), low, a0)
    unsafe b0 = edgewise_multiply_add(eight(b + index), low, b0)
    unsafe c0 = edgewise_multiply_add(eight(c + index), low, c0)
    unsafe d0 = edgewise_multiply_add(eight(d + index), low, d0)
    unsafe a1 = edgewise_multiply_add(eight(a + index + 8), high, a1)
    unsafe b1 = edgewise_multiply_add(eight(b + index + 8), high, b1)
    unsafe c1 = edgewise_multiply_add(eight(c + index + 8), high, c1)
    unsafe d1 = edgewise_multiply_add(eight(d + index + 8), high, d1)
    index &+= 16
  }
  var sums = edgewise_four_sums(a0 + a1, b0 + b1, c0 + c1, d0 + d1)
  while index < count {
    unsafe sums += x[index] * SIMD4(a[index], b[index], c[index], d[index])
    index &+= 1
  }
  unsafe (y[0], y[1], y[2], y[3]) = (sums[0], sums[1], sums[2], sums[3])
}

/// One row times `x`.
@inline(__always)
private func oneDot(_ a: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int) -> Float {
  var sums = SIMD8<Float>.zero
  var index = 0
  while index &+ 8 <= count {
    sums = unsafe edgewise_multiply_add(eight(a + index), eight(x + index), sums)
    index &+= 8
  }
  var sum = edgewise_four_sums(sums, .zero, .zero, .zero)[0]
  while index < count {
    unsafe sum += a[index] * x[index]
    index &+= 1
  }
  return sum
}

/// The eight numbers from a place on.
@inline(__always)
private func eight(_ place: UnsafePointer<Float>) -> SIMD8<Float> {
  unsafe UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Float>.self)
}
