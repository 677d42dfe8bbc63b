internal import COpenBLAS

/// Sorts every column of a matrix by itself, in ascending order.
///
/// Merge exchange sorts all columns at once by the same comparisons, whatever the numbers are: about
/// r (log₂ r)² / 4 pairs of rows for r rows, eight columns at a time (K. E. Batcher, "Sorting networks and their applications", AFIPS
/// 1968; D. E. Knuth, *The Art of Computer Programming*, volume 3, section 5.2.2, algorithm M). Allocates nothing.
///
/// - Parameters:
///   - x: A row-major matrix without NaN. Zeros of both signs are equal.
///   - columns: The length of a row, a multiple of 8.
public func sortColumns(of x: inout MutableSpan<Float>, columns: Int) {
  precondition(
    columns > 0 && columns % 8 == 0 && x.count % columns == 0,
    "\(x.count) elements are not rows of \(columns), a multiple of 8")
  let rows = x.count / columns
  guard rows > 1 else { return }
  unsafe x.withUnsafeMutableBytes { bytes in
    guard let x = bytes.baseAddress else { return }
    let width = columns &* 4
    let top = 1 << (Int.bitWidth - 1 - (rows - 1).leadingZeroBitCount)
    var p = top
    while p > 0 {
      var (q, r, d) = (top, 0, p)
      while true {
        // Rows whose bit p is that of r stand together by p, so that they are compared as one long row.
        for row in stride(from: r, to: rows - d, by: 2 * p) {
          let bytes = min(p, rows - d - row) &* width
          unsafe exchange(x + row &* width, x + (row &+ d) &* width, bytes)
        }
        if q == p { break }
        d = q - p
        q /= 2
        r = p
      }
      p /= 2
    }
  }
}

/// Puts the lesser of each two elements into the first place and the greater into the second, of so many bytes each.
@inline(__always)
private func exchange(_ first: UnsafeMutableRawPointer, _ second: UnsafeMutableRawPointer, _ bytes: Int) {
  for place in stride(from: 0, to: bytes, by: 32) {
    let a = unsafe (first + place).loadUnaligned(as: SIMD8<Float>.self)
    let b = unsafe (second + place).loadUnaligned(as: SIMD8<Float>.self)
    unsafe (first + place).storeBytes(of: edgewise_lesser(a, b), as: SIMD8<Float>.self)
    unsafe (second + place).storeBytes(of: edgewise_greater(a, b), as: SIMD8<Float>.self)
  }
}
