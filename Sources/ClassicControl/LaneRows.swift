// Observations of four lanes, row after row, given by columns in double precision.

/// Writes four rows of two values.
@inline(__always)
func writeColumns(_ a: Lanes, _ b: Lanes, into rows: inout MutableSpan<Float>) {
  precondition(rows.count == 8)
  for lane in 0..<4 {
    rows[2 * lane] = Float(a[lane])
    rows[2 * lane + 1] = Float(b[lane])
  }
}

/// Writes four rows of three values.
@inline(__always)
func writeColumns(_ a: Lanes, _ b: Lanes, _ c: Lanes, into rows: inout MutableSpan<Float>) {
  precondition(rows.count == 12)
  for lane in 0..<4 {
    rows[3 * lane] = Float(a[lane])
    rows[3 * lane + 1] = Float(b[lane])
    rows[3 * lane + 2] = Float(c[lane])
  }
}

/// Writes four rows of four values.
@inline(__always)
func writeColumns(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, into rows: inout MutableSpan<Float>) {
  precondition(rows.count == 16)
  let (a, b, c, d) = (SIMD4<Float>(a), SIMD4<Float>(b), SIMD4<Float>(c), SIMD4<Float>(d))
  for lane in 0..<4 {
    rows[4 * lane] = a[lane]
    rows[4 * lane + 1] = b[lane]
    rows[4 * lane + 2] = c[lane]
    rows[4 * lane + 3] = d[lane]
  }
}

/// Writes four rows of six values.
@inline(__always)
func writeColumns(
  _ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, _ e: Lanes, _ f: Lanes, into rows: inout MutableSpan<Float>
) {
  precondition(rows.count == 24)
  for lane in 0..<4 {
    rows[6 * lane] = Float(a[lane])
    rows[6 * lane + 1] = Float(b[lane])
    rows[6 * lane + 2] = Float(c[lane])
    rows[6 * lane + 3] = Float(d[lane])
    rows[6 * lane + 4] = Float(e[lane])
    rows[6 * lane + 5] = Float(f[lane])
  }
}
