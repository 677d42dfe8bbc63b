/// Perturbs a matrix by a product of three factors: `result = base + scales ∘ (u vᵀ)`, in one pass.
///
/// `base`, `scales` and `result` are `[u.count, v.count]`, row-major.
public func addOuterProduct(
  of u: Span<Float>, _ v: Span<Float>, times scales: Span<Float>, to base: Span<Float>,
  into result: inout MutableSpan<Float>
) {
  let (rows, columns) = (u.count, v.count)
  precondition(
    scales.count == rows * columns && base.count == scales.count && result.count == scales.count,
    "\(base.count), \(scales.count) and \(result.count) elements are not three matrices [\(rows), \(columns)]")
  unsafe scales.withUnsafeBufferPointer { scales in
    unsafe base.withUnsafeBufferPointer { base in
      unsafe v.withUnsafeBufferPointer { v in
        unsafe result.withUnsafeMutableBufferPointer { result in
          for row in 0..<rows {
            let factor = u[row]
            let start = row &* columns
            for column in 0..<columns {
              let index = start &+ column
              unsafe result[index] = base[index] + scales[index] * (factor * v[column])
            }
          }
        }
      }
    }
  }
}

/// Perturbs a vector: `result = base + scales ∘ u`. All have one length.
public func addProduct(
  of u: Span<Float>, times scales: Span<Float>, to base: Span<Float>, into result: inout MutableSpan<Float>
) {
  precondition(
    scales.count == u.count && base.count == u.count && result.count == u.count,
    "\(base.count), \(scales.count), \(u.count) and \(result.count) elements are not four vectors")
  for index in 0..<u.count {
    result[index] = base[index] + scales[index] * u[index]
  }
}

/// Writes the second half of an array from its first: `second = first ∘ (u vᵀ)`, both `[u.count, v.count]`.
public func multiplyHalf(of both: inout MutableSpan<Float>, byOuterProductOf u: Span<Float>, _ v: Span<Float>) {
  let (rows, columns) = (u.count, v.count)
  precondition(
    both.count == 2 * rows * columns, "\(both.count) elements are not two matrices [\(rows), \(columns)]")
  unsafe both.withUnsafeMutableBufferPointer { both in
    unsafe v.withUnsafeBufferPointer { v in
      guard let first = both.baseAddress, let v = v.baseAddress else { return }
      let second = unsafe first + rows &* columns
      for row in 0..<rows {
        let factor = u[row]
        let start = row &* columns
        for column in 0..<columns {
          unsafe second[start &+ column] = first[start &+ column] * (factor * v[column])
        }
      }
    }
  }
}

/// Writes the second half of an array from its first: `second = first ∘ u`.
public func multiplyHalf(of both: inout MutableSpan<Float>, by u: Span<Float>) {
  precondition(both.count == 2 * u.count, "\(both.count) elements are not two vectors of \(u.count)")
  for index in 0..<u.count {
    both[u.count + index] = both[index] * u[index]
  }
}

/// Turns uniform numbers into the noise `f(x) = sgn(x)·√|x|` of standard normal x, two at a time and in place.
///
/// The first half of `values` holds uniform numbers in (0, 1], the second half in [0, 1); each pair gives two
/// independent normals (Box and Muller 1958).
/// - Precondition: An even number of elements.
public func drawRootNormals(_ values: inout MutableSpan<Float>) {
  let half = values.count / 2
  precondition(values.count == 2 * half, "\(values.count) uniform numbers are not pairs")
  unsafe values.withUnsafeMutableBufferPointer { values in
    guard let first = values.baseAddress else { return }
    let second = unsafe first + half
    for index in 0..<half {
      let radius = unsafe (2 * Vectorizable.log(first[index])).magnitude.squareRoot()
      let (sine, cosine) = unsafe Vectorizable.sineAndCosine(turns: second[index])
      unsafe first[index] = signedRoot(radius * cosine)
      unsafe second[index] = signedRoot(radius * sine)
    }
  }
}

/// `sgn(x)·√|x|`.
@inline(__always)
private func signedRoot(_ x: Float) -> Float {
  Float(bitPattern: x.magnitude.squareRoot().bitPattern | (x.bitPattern & 0x8000_0000))
}
