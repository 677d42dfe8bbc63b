extension Lanes {
  /// The same four numbers in single precision.
  var single: SIMD4<Float> { SIMD4<Float>(self) }
}

/// Writes four rows of four values, given by columns.
@inline(__always)
func writeRows(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, into rows: inout MutableSpan<Float>) {
  precondition(rows.count == 16)
  let (a, b, c, d) = (a.single, b.single, c.single, d.single)
  for lane in 0..<4 {
    rows[4 * lane] = a[lane]
    rows[4 * lane + 1] = b[lane]
    rows[4 * lane + 2] = c[lane]
    rows[4 * lane + 3] = d[lane]
  }
}
