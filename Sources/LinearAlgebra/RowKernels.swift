/// Replaces every element of a matrix by a function of it and of its column's offset: `y = transform(y +
/// offsets)`.
///
/// One pass: a layer's bias and activation after the product. The loop over a row vectorises if the function
/// does.
///
/// - Parameters:
///   - y: A row-major matrix of `offsets.count` columns and any number of rows.
///   - offsets: A number for each column.
@inlinable
@inline(__always)
public func addToRows(
  of y: inout MutableSpan<Float>, _ offsets: Span<Float>, transform: (Float) -> Float
) {
  let columns = offsets.count
  guard columns > 0 else { return }
  precondition(y.count % columns == 0, "\(y.count) elements are not rows of \(columns)")
  let rows = y.count / columns
  unsafe y.withUnsafeMutableBufferPointer { y in
    unsafe offsets.withUnsafeBufferPointer { offsets in
      guard let y = y.baseAddress, let offsets = offsets.baseAddress else { return }
      for row in 0..<rows {
        let start = unsafe y + row &* columns
        for column in 0..<columns {
          unsafe start[column] = transform(start[column] + offsets[column])
        }
      }
    }
  }
}

/// Replaces `y` by `combine(x, y)`, element by element.
@inlinable
@inline(__always)
public func combine(
  _ x: Span<Float>, into y: inout MutableSpan<Float>, _ combine: (_ x: Float, _ y: Float) -> Float
) {
  precondition(x.count == y.count, "\(x.count) elements cannot be combined with \(y.count)")
  unsafe x.withUnsafeBufferPointer { x in
    unsafe y.withUnsafeMutableBufferPointer { y in
      guard let x = x.baseAddress, let pointer = y.baseAddress else { return }
      for index in 0..<y.count {
        unsafe pointer[index] = combine(x[index], pointer[index])
      }
    }
  }
}

/// Sums the columns of a matrix: `sums[c] = Σ_r x[r, c]`, rows in their order.
///
/// - Parameters:
///   - x: A row-major matrix of `sums.count` columns and any number of rows.
///   - sums: A number for each column, overwritten.
public func sumColumns(of x: Span<Float>, into sums: inout MutableSpan<Float>) {
  let columns = sums.count
  fill(&sums, with: 0)
  guard columns > 0 else { return }
  precondition(x.count % columns == 0, "\(x.count) elements are not rows of \(columns)")
  let rows = x.count / columns
  unsafe x.withUnsafeBufferPointer { x in
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      guard let x = x.baseAddress, let sums = sums.baseAddress else { return }
      // Four rows at a time: a sum is loaded and stored once for them, and added to in their order.
      let whole = rows / 4 &* 4
      for row in stride(from: 0, to: whole, by: 4) {
        let (first, second) = unsafe (x + row &* columns, x + (row &+ 1) &* columns)
        let (third, fourth) = unsafe (x + (row &+ 2) &* columns, x + (row &+ 3) &* columns)
        for column in 0..<columns {
          unsafe sums[column] = (((sums[column] + first[column]) + second[column]) + third[column]) + fourth[column]
        }
      }
      for row in whole..<rows {
        let start = unsafe x + row &* columns
        for column in 0..<columns {
          unsafe sums[column] += start[column]
        }
      }
    }
  }
}

/// The products of a column and a row: `y[r, c] = x[r] · row[c]`.
///
/// - Parameters:
///   - x: A number for each row.
///   - row: A number for each column.
///   - y: `x.count` rows of `row.count` columns, overwritten; rows begin `stride` apart.
public func multiplyOuter(_ x: Span<Float>, _ row: Span<Float>, into y: inout MutableSpan<Float>, stride: Int) {
  let (rows, columns) = (x.count, row.count)
  guard rows > 0, columns > 0 else { return }
  precondition(
    stride >= columns && y.count >= (rows - 1) * stride + columns,
    "\(y.count) elements are not \(rows) rows of \(columns), \(stride) apart")
  unsafe x.withUnsafeBufferPointer { x in
    unsafe row.withUnsafeBufferPointer { row in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let y = y.baseAddress, let row = row.baseAddress else { return }
        for index in 0..<rows {
          let factor = unsafe x[index]
          let start = unsafe y + index &* stride
          for column in 0..<columns { unsafe start[column] = factor * row[column] }
        }
      }
    }
  }
}
