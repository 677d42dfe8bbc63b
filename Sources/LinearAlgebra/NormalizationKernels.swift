/// Shifts and scales each row to mean 0 and variance 1: `x̂ = (x - mean) · s`, `s = 1 / √(variance + epsilon)`.
///
/// - Parameters:
///   - x: A row-major matrix.
///   - columns: The length of a row.
///   - epsilon: Added to the variance, the mean of squared deviations.
///   - kept: Gets x̂ from its start on, and the numbers s at `scales`.
///   - scales: A place for each row, behind x̂.
public func standardizeRows(
  of x: Span<Float>, columns: Int, epsilon: Float, into kept: inout MutableSpan<Float>, scales: Range<Int>
) {
  let rows = scales.count
  precondition(
    columns > 0 && x.count == rows * columns && scales.lowerBound >= x.count && scales.upperBound <= kept.count,
    "\(x.count) elements are not \(rows) rows of \(columns), or their scales \(scales) lie among them")
  let share = 1 / Float(columns)
  for row in 0..<rows {
    let range = row * columns..<(row + 1) * columns
    let mean = sum(x.extracting(range)) * share
    let scale = kept.withPart(range) { centered in
      for column in 0..<columns { centered[column] = x[range.lowerBound &+ column] - mean }
      let scale = 1 / (squaredNorm(centered.span) * share + epsilon).squareRoot()
      LinearAlgebra.scale(&centered, by: scale)
      return scale
    }
    kept[scales.lowerBound + row] = scale
  }
}

/// The derivatives of a loss through ``standardizeRows(of:columns:epsilon:into:scales:)`` and a factor of each
/// column: `dx = (g - mean g - x̂ · mean(g ∘ x̂)) · s` with `g = weights ∘ dz`, means over a row.
///
/// - Parameters:
///   - dz: Derivatives with respect to `weights ∘ x̂`, row-major.
///   - weights: A factor of each column.
///   - normalized: The rows x̂.
///   - scales: The number s of each row.
///   - dx: Overwritten.
public func differentiateStandardizedRows(
  _ dz: Span<Float>, weights: Span<Float>, normalized: Span<Float>, scales: Span<Float>,
  into dx: inout MutableSpan<Float>
) {
  let (rows, columns) = (scales.count, weights.count)
  precondition(
    dz.count == rows * columns && normalized.count == dz.count && dx.count == dz.count,
    "\(dz.count), \(normalized.count) and \(dx.count) elements are not \(rows) rows of \(columns)")
  let share = 1 / Float(columns)
  for row in 0..<rows {
    let range = row * columns..<(row + 1) * columns
    let own = normalized.extracting(range)
    dx.withPart(range) { g in
      for column in 0..<columns { g[column] = weights[column] * dz[range.lowerBound &+ column] }
      let mean = sum(g.span) * share
      let slope = dot(g.span, own) * share
      let scale = scales[row]
      for column in 0..<columns { g[column] = (g[column] - mean - own[column] * slope) * scale }
    }
  }
}

/// Multiplies every row by a vector, element by element: `y[r, c] = x[r, c] · factors[c]`.
public func multiplyRows(_ x: Span<Float>, by factors: Span<Float>, into y: inout MutableSpan<Float>) {
  let columns = factors.count
  precondition(
    columns > 0 && x.count % columns == 0 && y.count == x.count,
    "\(x.count) and \(y.count) elements are not rows of \(columns)")
  for start in stride(from: 0, to: x.count, by: columns) {
    let row = x.extracting(start..<start + columns)
    y.withPart(start..<start + columns) { y in
      for column in 0..<columns { y[column] = row[column] * factors[column] }
    }
  }
}

/// Sums the columns of an elementwise product: `sums[c] = Σ_r x[r, c] · y[r, c]`, rows in their order.
public func sumColumns(of x: Span<Float>, times y: Span<Float>, into sums: inout MutableSpan<Float>) {
  let columns = sums.count
  precondition(
    columns > 0 && x.count % columns == 0 && y.count == x.count,
    "\(x.count) and \(y.count) elements are not rows of \(columns)")
  fill(&sums, with: 0)
  for start in stride(from: 0, to: x.count, by: columns) {
    let (left, right) = (x.extracting(start..<start + columns), y.extracting(start..<start + columns))
    for column in 0..<columns { sums[column] += left[column] * right[column] }
  }
}
