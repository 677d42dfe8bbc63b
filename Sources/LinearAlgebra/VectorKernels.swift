internal import COpenBLAS
internal import RealModule

/// The inner product of two vectors of one length. The order of summation is the processor's.
public func dot(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) elements have no inner product")
  var sum: Float = 0
  for index in 0..<a.count {
    sum = Relaxed.multiplyAdd(a[index], b[index], sum)
  }
  return sum
}

/// The sum of a vector's elements. The order of summation is the processor's.
public func sum(_ x: Span<Float>) -> Float {
  var total: Float = 0
  for index in 0..<x.count {
    total = Relaxed.sum(total, x[index])
  }
  return total
}

/// The sum of the squares of a vector's elements: its Euclidean norm, squared.
///
/// Sixty-four elements at a time in eight sums, so that memory sets the pace.
public func squaredNorm(_ x: Span<Float>) -> Float {
  unsafe x.withUnsafeBufferPointer { x in
    guard let place = x.baseAddress else { return 0 }
    var sums = InlineArray<8, SIMD8<Float>>(repeating: .zero)
    var index = 0
    while index &+ 64 <= x.count {
      for lane in 0..<8 {
        let part = unsafe UnsafeRawPointer(place + (index &+ 8 &* lane)).loadUnaligned(as: SIMD8<Float>.self)
        sums[lane] = edgewise_multiply_add(part, part, sums[lane])
      }
      index &+= 64
    }
    var total = (0..<8).reduce(SIMD8<Float>.zero) { $0 + sums[$1] }.sum()
    while index < x.count {
      unsafe total += place[index] * place[index]
      index &+= 1
    }
    return total
  }
}

/// Adds a multiple of a vector: `y += factor · x`.
public func add(_ x: Span<Float>, times factor: Float = 1, to y: inout MutableSpan<Float>) {
  precondition(x.count == y.count, "\(x.count) elements cannot be added to \(y.count)")
  for index in 0..<x.count {
    y[index] += factor * x[index]
  }
}

/// Multiplies every element by a number: `y *= factor`.
public func scale(_ y: inout MutableSpan<Float>, by factor: Float) {
  for index in 0..<y.count {
    y[index] *= factor
  }
}

/// Sets every element to one value.
public func fill(_ y: inout MutableSpan<Float>, with value: Float) {
  for index in 0..<y.count {
    y[index] = value
  }
}

/// Copies a vector into another of the same length.
public func copy(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
  precondition(x.count == y.count, "\(x.count) elements cannot be copied into \(y.count)")
  for index in 0..<x.count {
    y[index] = x[index]
  }
}

/// Moves a vector towards another: `y = (1 - fraction) · y + fraction · x`, each operation rounded by itself.
///
/// A fraction of 0 leaves `y` as it is and 1 makes it a copy of `x`, to the bit, even where the other vector
/// has values that are not finite.
public func interpolate(_ y: inout MutableSpan<Float>, toward x: Span<Float>, by fraction: Float) {
  precondition(x.count == y.count, "\(y.count) elements cannot move toward \(x.count)")
  if fraction == 0 { return }
  if fraction == 1 { return copy(x, into: &y) }
  let rest = 1 - fraction
  for index in 0..<x.count {
    y[index] = rest * y[index] + fraction * x[index]
  }
}

/// Cuts every element to ±bound. NaN stays NaN.
public func clamp(_ y: inout MutableSpan<Float>, to bound: Float) {
  for index in 0..<y.count {
    let value = y[index]
    let upper = value > bound ? bound : value
    y[index] = upper < -bound ? -bound : upper
  }
}
