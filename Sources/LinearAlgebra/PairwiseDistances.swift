/// Adds to a square matrix the squared Euclidean distances between rows: `distances[i, j] += Σ_c (x[i, c] - x[j, c])²`
/// for i < j; other places are left alone.
///
/// In 64 bits, so that no 32-bit numbers overflow and equal rows are at distance 0 exactly. The order of summation
/// depends on the number of columns only.
///
/// - Parameters:
///   - x: A row-major matrix without gaps.
///   - rows: The number of rows.
///   - columns: The length of a row, a multiple of 8; pad with zeros.
///   - distances: `rows * rows` elements.
public func addSquaredDistances(
  between x: Span<Double>, rows: Int, columns: Int, to distances: inout MutableSpan<Double>
) {
  precondition(
    columns % 8 == 0 && x.count == rows * columns && distances.count == rows * rows,
    "\(x.count) elements are not \(rows) rows of \(columns), a multiple of 8, or \(distances.count) no distances of them"
  )
  unsafe x.withUnsafeBytes { bytes in
    guard let x = bytes.baseAddress else { return }
    let width = columns &* 8
    for row in 0..<rows {
      let own = unsafe x + row &* width
      var other = row &+ 1
      // Four others at a time: an element of the own row is loaded once for them.
      while other &+ 4 <= rows {
        let first = unsafe x + other &* width
        var (a, b, c, d) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
        for place in stride(from: 0, to: width, by: 64) {
          let mine = unsafe eight(own + place)
          let (w, x) = unsafe (mine - eight(first + place), mine - eight(first + (place &+ width)))
          let (y, z) = unsafe (
            mine - eight(first + (place &+ 2 &* width)), mine - eight(first + (place &+ 3 &* width))
          )
          a += w * w
          b += x * x
          c += y * y
          d += z * z
        }
        let start = row &* rows &+ other
        distances[start] += a.sum()
        distances[start &+ 1] += b.sum()
        distances[start &+ 2] += c.sum()
        distances[start &+ 3] += d.sum()
        other &+= 4
      }
      while other < rows {
        let second = unsafe x + other &* width
        var sums = SIMD8<Double>.zero
        for place in stride(from: 0, to: width, by: 64) {
          let difference = unsafe eight(own + place) - eight(second + place)
          sums += difference * difference
        }
        distances[row &* rows &+ other] += sums.sum()
        other &+= 1
      }
    }
  }
}

@inline(__always)
private func eight(_ place: UnsafeRawPointer) -> SIMD8<Double> {
  unsafe place.loadUnaligned(as: SIMD8<Double>.self)
}

/// Widens numbers to 64 bits: `y = x`.
public func copy(_ x: Span<Float>, into y: inout MutableSpan<Double>) {
  precondition(x.count == y.count, "\(x.count) elements cannot be copied into \(y.count)")
  for index in 0..<x.count {
    y[index] = Double(x[index])
  }
}
