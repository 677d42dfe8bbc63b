internal import RealModule

/// The greatest element; minus infinity for none. NaN is passed over.
public func maximum(_ x: Span<Float>) -> Float {
  let vectors = x.count / 8
  var lanes = SIMD8<Float>(repeating: -.infinity)
  unsafe x.withUnsafeBytes { x in
    for vector in 0..<vectors {
      let values = unsafe x.loadUnaligned(fromByteOffset: vector &* 32, as: SIMD8<Float>.self)
      lanes.replace(with: values, where: values .> lanes)
    }
  }
  var result = lanes.max()
  for index in vectors * 8..<x.count where x[index] > result { result = x[index] }
  return result
}

/// The softmax of a vector, `y = exp(x) / Σ exp(x)`, and the logarithm of that sum.
///
/// The greatest element is subtracted first, so that no exponential overflows. NaN anywhere gives NaN.
public func softmax(_ x: Span<Float>, into y: inout MutableSpan<Float>) -> Float {
  precondition(x.count > 0 && y.count == x.count, "the softmax of \(x.count) numbers does not fill \(y.count)")
  let greatest = maximum(x)
  var total: Float = 0
  unsafe x.withUnsafeBufferPointer { x in
    unsafe y.withUnsafeMutableBufferPointer { y in
      guard let from = x.baseAddress, let into = y.baseAddress else { return }
      for index in 0..<x.count {
        let power = unsafe Vectorizable.exp(from[index] - greatest)
        unsafe into[index] = power
        total = Relaxed.sum(total, power)
      }
    }
  }
  scale(&y, by: 1 / total)
  return greatest + Vectorizable.log(total)
}

/// The logarithm of the softmax of a vector: `y = x - log Σ exp(x)`, without overflow.
public func logSoftmax(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
  let logarithm = softmax(x, into: &y)
  for index in 0..<x.count { y[index] = x[index] - logarithm }
}

/// The mean of evenly spaced numbers, `first + i · distance`, under the softmax of a vector. Allocates nothing.
public func softmaxMean(of x: Span<Float>, first: Float, distance: Float) -> Float {
  precondition(x.count > 0, "the softmax of nothing has no mean")
  let greatest = maximum(x)
  var (total, weighted): (Float, Float) = (0, 0)
  unsafe x.withUnsafeBufferPointer { x in
    guard let from = x.baseAddress else { return }
    for index in 0..<x.count {
      let power = unsafe Vectorizable.exp(from[index] - greatest)
      total = Relaxed.sum(total, power)
      weighted = Relaxed.multiplyAdd(power, Float(Int32(truncatingIfNeeded: index)), weighted)
    }
  }
  return first + distance * (weighted / total)
}
