internal import COpenBLAS

/// The step of an optimizer with two moments, in one pass over four vectors of one length.
///
/// With `g = scale · gradient`, element by element:
/// `m += meanGain · (g - m)`, `v = squareDecay · v + squareGain · g²`,
/// `θ -= length · m / (√v · rootFactor + epsilon)`.
/// One square root and one division for each element, eight elements at a time.
public func moveByMoments(
  _ parameters: inout MutableSpan<Float>, along gradient: Span<Float>, scale: Float,
  means: inout MutableSpan<Float>, squares: inout MutableSpan<Float>,
  meanGain: Float, squareDecay: Float, squareGain: Float,
  length: Float, rootFactor: Float, epsilon: Float
) {
  let count = parameters.count
  precondition(
    gradient.count == count && means.count == count && squares.count == count,
    "\(count) parameters, \(gradient.count) derivatives, \(means.count) and \(squares.count) moments")
  let vectors = count / 8
  unsafe parameters.withUnsafeMutableBytes { theta in
    unsafe gradient.withUnsafeBytes { gradient in
      unsafe means.withUnsafeMutableBytes { means in
        unsafe squares.withUnsafeMutableBytes { squares in
          for vector in 0..<vectors {
            let offset = vector &* 32
            let g = unsafe scale * gradient.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            var m = unsafe means.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            var v = unsafe squares.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            var value = unsafe theta.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            m += meanGain * (g - m)
            v = squareDecay * v + squareGain * (g * g)
            value -= length * m / (edgewise_square_root(v) * rootFactor + epsilon)
            unsafe means.storeBytes(of: m, toByteOffset: offset, as: SIMD8<Float>.self)
            unsafe squares.storeBytes(of: v, toByteOffset: offset, as: SIMD8<Float>.self)
            unsafe theta.storeBytes(of: value, toByteOffset: offset, as: SIMD8<Float>.self)
          }
        }
      }
    }
  }
  for index in vectors * 8..<count {
    let g = scale * gradient[index]
    let m = means[index] + meanGain * (g - means[index])
    let v = squareDecay * squares[index] + squareGain * (g * g)
    means[index] = m
    squares[index] = v
    parameters[index] -= length * m / (v.squareRoot() * rootFactor + epsilon)
  }
}
