internal import COpenBLAS

/// Adds multiples of a part of vectors to sums in 64 bits: `sums[i] += Σ_k factors[k] · vectors[k][start + i]`.
///
/// Vector after vector in their order, each product and each sum rounded by itself, so that the bits do not depend on
/// how a long vector is cut into parts. Four vectors go into a sum at a time, while the next four are fetched from
/// memory; sums that stay in the near caches make memory set the pace.
///
/// - Parameters:
///   - start: Where the part begins in every vector; it is as long as the sums.
///   - vectors: Vectors of one length.
///   - factors: A number for each vector.
public func add(from start: Int, of vectors: [[Float]], times factors: [Double], to sums: inout MutableSpan<Double>) {
  let count = sums.count
  precondition(
    factors.count == vectors.count && start >= 0 && vectors.allSatisfy { start + count <= $0.count },
    "\(factors.count) factors of \(vectors.count) vectors, or they end before \(start + count)")
  guard count > 0 else { return }
  let whole = vectors.count / 4 &* 4
  unsafe sums.withUnsafeMutableBufferPointer { sums in
    guard let sums = sums.baseAddress else { return }
    for first in stride(from: 0, to: whole, by: 4) {
      // After the last four come the first, where the part ends.
      let isLast = first &+ 4 >= whole
      let next = unsafe Four(addressing: vectors, isLast ? 0 : first &+ 4, at: isLast ? start &+ count : start)
      unsafe vectors[first].withUnsafeBufferPointer { a in
        unsafe vectors[first &+ 1].withUnsafeBufferPointer { b in
          unsafe vectors[first &+ 2].withUnsafeBufferPointer { c in
            unsafe vectors[first &+ 3].withUnsafeBufferPointer { d in
              guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let d = d.baseAddress
              else { return }
              unsafe add(
                Four(a + start, b + start, c + start, d + start),
                times: SIMD4(factors[first], factors[first &+ 1], factors[first &+ 2], factors[first &+ 3]),
                to: sums, count, fetching: next)
            }
          }
        }
      }
    }
    for index in whole..<vectors.count {
      let factor = factors[index]
      unsafe vectors[index].withUnsafeBufferPointer { x in
        for place in 0..<count { unsafe sums[place] += factor * Double(x[start &+ place]) }
      }
    }
  }
}

/// Four places in memory.
@unsafe private struct Four {
  let a, b, c, d: UnsafePointer<Float>

  init(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>, _ d: UnsafePointer<Float>) {
    unsafe (self.a, self.b, self.c, self.d) = (a, b, c, d)
  }

  /// The addresses of elements of four vectors, to be fetched and never read.
  init(addressing vectors: [[Float]], _ first: Int, at place: Int) {
    func address(_ index: Int) -> UnsafePointer<Float> {
      // What is only fetched need not be mapped.
      unsafe vectors[index].withUnsafeBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped + place }
    }
    unsafe self.init(address(first), address(first + 1), address(first + 2), address(first + 3))
  }
}

@inline(__always)
private func add(
  _ x: Four, times factors: SIMD4<Double>, to sums: UnsafeMutablePointer<Double>, _ count: Int, fetching next: Four
) {
  let (a, b, c, d) = (factors[0], factors[1], factors[2], factors[3])
  @inline(__always)
  func add(_ place: Int) {
    unsafe sums[place] =
      (((sums[place] + a * Double(x.a[place])) + b * Double(x.b[place])) + c * Double(x.c[place]))
      + d * Double(x.d[place])
  }
  // Sixteen elements are a line of the cache.
  let whole = count / 16 &* 16
  for line in stride(from: 0, to: whole, by: 16) {
    unsafe edgewise_fetch(next.a + line)
    unsafe edgewise_fetch(next.b + line)
    unsafe edgewise_fetch(next.c + line)
    unsafe edgewise_fetch(next.d + line)
    for place in line..<line &+ 16 { add(place) }
  }
  for place in whole..<count { add(place) }
}

/// Divides sums in 64 bits and rounds them: `y = sums / divisor`.
public func divide(_ sums: Span<Double>, by divisor: Double, into y: inout MutableSpan<Float>) {
  precondition(sums.count == y.count, "\(sums.count) quotients have no place in \(y.count) elements")
  for index in 0..<y.count {
    y[index] = Float(sums[index] / divisor)
  }
}

/// Sums the columns of a matrix in 64 bits: `sums[c] = Σ_r x[r, c]`, rows in their order.
///
/// - Parameters:
///   - x: A row-major matrix of `sums.count` columns and any number of rows.
///   - sums: A number for each column, overwritten.
public func sumColumns(of x: Span<Float>, into sums: inout MutableSpan<Double>) {
  let columns = sums.count
  for column in 0..<columns { sums[column] = 0 }
  guard columns > 0 else { return }
  precondition(x.count % columns == 0, "\(x.count) elements are not rows of \(columns)")
  let rows = x.count / columns
  let whole = rows / 4 &* 4
  for row in stride(from: 0, to: whole, by: 4) {
    let start = row &* columns
    for column in 0..<columns {
      let place = start &+ column
      sums[column] =
        (((sums[column] + Double(x[place])) + Double(x[place &+ columns])) + Double(x[place &+ 2 &* columns]))
        + Double(x[place &+ 3 &* columns])
    }
  }
  for row in whole..<rows {
    for column in 0..<columns { sums[column] += Double(x[row &* columns &+ column]) }
  }
}
