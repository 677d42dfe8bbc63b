/// Adds a multiple of a vector to sums in 64 bits: `sums += factor · x`, product and sum rounded one after the other.
public func add(_ x: Span<Float>, times factor: Double, to sums: inout MutableSpan<Double>) {
  precondition(x.count == sums.count, "\(x.count) elements cannot be added to \(sums.count)")
  for index in 0..<x.count {
    sums[index] += factor * Double(x[index])
  }
}

/// Adds multiples of four vectors to sums in 64 bits, in their order: `sums = (((sums + a·w) + b·x) + c·y) + d·z`.
///
/// The same bits as four calls for one vector each, in a third of the time: a sum is loaded and stored once.
///
/// - Parameters:
///   - vectors: four vectors, as long as the sums.
///   - factors: a, b, c and d.
public func add(
  _ w: Span<Float>, _ x: Span<Float>, _ y: Span<Float>, _ z: Span<Float>, times factors: SIMD4<Double>,
  to sums: inout MutableSpan<Double>
) {
  let count = sums.count
  precondition(
    w.count == count && x.count == count && y.count == count && z.count == count,
    "\(w.count), \(x.count), \(y.count) and \(z.count) elements cannot be added to \(count)")
  let (a, b, c, d) = (factors[0], factors[1], factors[2], factors[3])
  for index in 0..<count {
    sums[index] =
      (((sums[index] + a * Double(w[index])) + b * Double(x[index])) + c * Double(y[index])) + d * Double(z[index])
  }
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
