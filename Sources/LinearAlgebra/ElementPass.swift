/// Eight neighbouring elements of each vector of an optimizer.
struct Lanes {
  var parameter = SIMD8<Float>.zero
  var gradient = SIMD8<Float>.zero
  var first = SIMD8<Float>.zero
  var second = SIMD8<Float>.zero
  var third = SIMD8<Float>.zero
}

/// One pass over the vectors of an optimizer, eight elements at a time; what is left goes through the same code
/// with zeros behind it. A target, if there is one, follows in the same pass: `(1 - fraction) · target +
/// fraction · parameter`, each operation rounded by itself. Vectors that are not used are empty.
@inline(__always)
func passOverElements(
  _ parameters: inout MutableSpan<Float>, _ gradient: Span<Float>, scale: Float,
  _ first: inout MutableSpan<Float>, _ second: inout MutableSpan<Float>, _ third: inout MutableSpan<Float>,
  target: inout MutableSpan<Float>, fraction: Float, _ body: (inout Lanes) -> Void
) {
  let count = parameters.count
  precondition(
    gradient.count == count && fits(first.count, count) && fits(second.count, count)
      && fits(third.count, count) && fits(target.count, count),
    "\(count) parameters with \(gradient.count) derivatives, moments of \(first.count), \(second.count) and "
      + "\(third.count), and a target of \(target.count)")
  let rest = 1 - fraction
  unsafe parameters.withUnsafeMutableBytes { parameters in
    unsafe gradient.withUnsafeBytes { gradient in
      unsafe first.withUnsafeMutableBytes { first in
        unsafe second.withUnsafeMutableBytes { second in
          unsafe third.withUnsafeMutableBytes { third in
            unsafe target.withUnsafeMutableBytes { target in
              let (hasFirst, hasSecond) = unsafe (!first.isEmpty, !second.isEmpty)
              let (hasThird, hasTarget) = unsafe (!third.isEmpty, !target.isEmpty)
              var lanes = Lanes()
              for vector in 0..<(count &+ 7) / 8 {
                let offset = vector &* 32
                let bytes = min(32, count &* 4 &- offset)
                unsafe load(&lanes.parameter, UnsafeRawBufferPointer(parameters), offset, bytes)
                unsafe load(&lanes.gradient, gradient, offset, bytes)
                lanes.gradient *= scale
                if hasFirst { unsafe load(&lanes.first, UnsafeRawBufferPointer(first), offset, bytes) }
                if hasSecond { unsafe load(&lanes.second, UnsafeRawBufferPointer(second), offset, bytes) }
                if hasThird { unsafe load(&lanes.third, UnsafeRawBufferPointer(third), offset, bytes) }
                body(&lanes)
                unsafe store(lanes.parameter, parameters, offset, bytes)
                if hasFirst { unsafe store(lanes.first, first, offset, bytes) }
                if hasSecond { unsafe store(lanes.second, second, offset, bytes) }
                if hasThird { unsafe store(lanes.third, third, offset, bytes) }
                if hasTarget {
                  var value = SIMD8<Float>.zero
                  unsafe load(&value, UnsafeRawBufferPointer(target), offset, bytes)
                  unsafe store(rest * value + fraction * lanes.parameter, target, offset, bytes)
                }
              }
            }
          }
        }
      }
    }
  }
}

/// Whether a vector is unused or has the count.
@inline(__always)
private func fits(_ found: Int, _ count: Int) -> Bool { found == 0 || found == count }

@inline(__always)
private func load(_ lanes: inout SIMD8<Float>, _ from: UnsafeRawBufferPointer, _ offset: Int, _ bytes: Int) {
  if bytes == 32 {
    lanes = unsafe from.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
  } else {
    lanes = .zero
    for lane in 0..<bytes / 4 {
      lanes[lane] = unsafe from.loadUnaligned(fromByteOffset: offset + 4 * lane, as: Float.self)
    }
  }
}

@inline(__always)
private func store(_ lanes: SIMD8<Float>, _ into: UnsafeMutableRawBufferPointer, _ offset: Int, _ bytes: Int) {
  if bytes == 32 {
    unsafe into.storeBytes(of: lanes, toByteOffset: offset, as: SIMD8<Float>.self)
  } else {
    for lane in 0..<bytes / 4 {
      unsafe into.storeBytes(of: lanes[lane], toByteOffset: offset + 4 * lane, as: Float.self)
    }
  }
}
