internal import COpenBLAS

/// Multiplies two matrices: `c = alpha · op(a) · op(b) + beta · c`.
///
/// All are row-major and without gaps. `op(a)` is `[m, k]` and `op(b)` is `[k, n]`; a transposed operand is
/// stored the other way round: `a` as `[k, m]`, `b` as `[n, k]`. With `beta` 0 the former content of `c` is
/// not read, so it may be anything, NaN included.
///
/// Takes 2·m·n·k floating-point operations on the calling thread and allocates nothing. The same call gives
/// the same bits on whatever thread, on one type of processor; another `m` may round differently.
///
/// - Parameters:
///   - a: `m * k` elements.
///   - b: `k * n` elements.
///   - c: `m * n` elements.
public func multiply(
  _ a: Span<Float>, _ b: Span<Float>, into c: inout MutableSpan<Float>,
  rows m: Int, inner k: Int, columns n: Int,
  transposingA: Bool = false, transposingB: Bool = false, alpha: Float = 1, beta: Float = 0
) {
  precondition(
    m >= 0 && k >= 0 && n >= 0 && a.count == m * k && b.count == k * n && c.count == m * n,
    "\(a.count), \(b.count) and \(c.count) elements are not [\(m), \(k)] x [\(k), \(n)] -> [\(m), \(n)]",
  )
  guard m > 0 && n > 0 else { return }
  guard k > 0 else {
    if beta == 0 { fill(&c, with: 0) } else { scale(&c, by: beta) }
    return
  }
  if m == 1 && alpha == 1 && beta == 0 && transposingB {
    multiply(b, rows: n, columns: k, byVector: a, into: &c)
    return
  }
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in
      unsafe c.withUnsafeMutableBufferPointer { c in
        Backend.run {
          if m == 1 {
            // A row times a matrix: op(b) transposed, times a column.
            unsafe cblas_sgemv(
              CblasRowMajor, transposingB ? CblasNoTrans : CblasTrans,
              Int32(transposingB ? n : k), Int32(transposingB ? k : n), alpha,
              b.baseAddress, Int32(transposingB ? k : n), a.baseAddress, 1, beta, c.baseAddress, 1)
          } else {
            unsafe cblas_sgemm(
              CblasRowMajor, transposingA ? CblasTrans : CblasNoTrans,
              transposingB ? CblasTrans : CblasNoTrans,
              Int32(m), Int32(n), Int32(k), alpha, a.baseAddress, Int32(transposingA ? m : k),
              b.baseAddress, Int32(transposingB ? k : n), beta, c.baseAddress, Int32(n))
          }
        }
      }
    }
  }
}
