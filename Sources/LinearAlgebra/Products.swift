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
/// An operand may be columns of a wider matrix: its stride says how far apart its stored rows begin, and
/// elements behind the last are ignored.
///
/// - Parameters:
///   - a: `m * k` elements.
///   - b: `k * n` elements.
///   - c: `m * n` elements.
///   - strideA: The distance between stored rows of `a`; nil where they follow each other.
///   - strideB: The same of `b`.
///   - strideC: The same of `c`.
public func multiply(
  _ a: Span<Float>, _ b: Span<Float>, into c: inout MutableSpan<Float>,
  rows m: Int, inner k: Int, columns n: Int,
  transposingA: Bool = false, transposingB: Bool = false, alpha: Float = 1, beta: Float = 0,
  strideA: Int? = nil, strideB: Int? = nil, strideC: Int? = nil
) {
  let (lda, ldb, ldc) = (strideA ?? (transposingA ? m : k), strideB ?? (transposingB ? k : n), strideC ?? n)
  precondition(
    m >= 0 && k >= 0 && n >= 0
      && fits(a.count, rows: transposingA ? k : m, columns: transposingA ? m : k, stride: lda, strideA == nil)
      && fits(b.count, rows: transposingB ? n : k, columns: transposingB ? k : n, stride: ldb, strideB == nil)
      && fits(c.count, rows: m, columns: n, stride: ldc, strideC == nil),
    "\(a.count), \(b.count) and \(c.count) elements are not [\(m), \(k)] x [\(k), \(n)] -> [\(m), \(n)]",
  )
  guard m > 0 && n > 0 else { return }
  guard k > 0 else {
    for row in 0..<m {
      c.withPart(row * ldc..<row * ldc + n) { if beta == 0 { fill(&$0, with: 0) } else { scale(&$0, by: beta) } }
    }
    return
  }
  if m == 1 && alpha == 1 && beta == 0 && transposingB && ldb == k && (!transposingA || lda == 1) {
    c.withPart(0..<n) { c in
      multiply(
        b.extracting(0..<n * k), rows: n, columns: k, byVector: a.extracting(0..<k), into: &c)
    }
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
              b.baseAddress, Int32(ldb), a.baseAddress, Int32(transposingA ? lda : 1), beta, c.baseAddress, 1)
          } else {
            unsafe cblas_sgemm(
              CblasRowMajor, transposingA ? CblasTrans : CblasNoTrans,
              transposingB ? CblasTrans : CblasNoTrans,
              Int32(m), Int32(n), Int32(k), alpha, a.baseAddress, Int32(lda),
              b.baseAddress, Int32(ldb), beta, c.baseAddress, Int32(ldc))
          }
        }
      }
    }
  }
}

/// Whether a count of elements holds rows of a stride: exactly if they are dense, at least otherwise.
@inline(__always)
private func fits(_ count: Int, rows: Int, columns: Int, stride: Int, _ isDense: Bool) -> Bool {
  if isDense { return count == rows * columns }
  return stride >= columns && (rows == 0 || columns == 0 || count >= (rows - 1) * stride + columns)
}
