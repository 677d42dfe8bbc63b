/// Eight neighbouring elements of each vector of an optimizer.
struct Lanes {
  var parameter = SIMD8<Float>.zero
  var gradient = SIMD8<Float>.zero
  var first = SIMD8<Float>.zero
  var second = SIMD8<Float>.zero
  var third = SIMD8<Float>.zero
}

/// What an optimizer does with eight neighbouring elements.
protocol ElementStep {
  /// Moves the parameters and whatever is kept beside them.
  func move(_ lanes: inout Lanes)
}

/// One pass over the vectors of an optimizer, eight elements at a time; what is left goes through the same code
/// one by one. A target, if there is one, follows in the same pass: `(1 - fraction) · target +
/// fraction · parameter`, each operation rounded by itself. Vectors that are not used are empty.
@inline(__always)
func passOverElements(
  _ parameters: inout MutableSpan<Float>, _ gradient: Span<Float>, scale: Float,
  _ first: inout MutableSpan<Float>, _ second: inout MutableSpan<Float>, _ third: inout MutableSpan<Float>,
  target: inout MutableSpan<Float>, fraction: Float, _ step: some ElementStep
) {
  let count = parameters.count
  precondition(
    gradient.count == count && fits(first.count, count) && fits(second.count, count)
      && fits(third.count, count) && fits(target.count, count),
    "\(count) parameters with \(gradient.count) derivatives, moments of \(first.count), \(second.count) and "
      + "\(third.count), and a target of \(target.count)")
  let whole = count / 8 &* 8
  let rest = 1 - fraction
  unsafe parameters.withUnsafeMutableBufferPointer { parameters in
    unsafe gradient.withUnsafeBufferPointer { gradient in
      unsafe first.withUnsafeMutableBufferPointer { first in
        unsafe second.withUnsafeMutableBufferPointer { second in
          unsafe third.withUnsafeMutableBufferPointer { third in
            unsafe target.withUnsafeMutableBufferPointer { target in
              let (hasFirst, hasSecond) = (first.count > 0, second.count > 0)
              let (hasThird, hasTarget) = (third.count > 0, target.count > 0)
              for index in stride(from: 0, to: whole, by: 8) {
                var lanes = unsafe Lanes(
                  parameter: eight(parameters, index), gradient: scale * eight(gradient, index),
                  first: hasFirst ? eight(first, index) : .zero,
                  second: hasSecond ? eight(second, index) : .zero,
                  third: hasThird ? eight(third, index) : .zero)
                step.move(&lanes)
                unsafe put(lanes.parameter, into: parameters, index)
                if hasFirst { unsafe put(lanes.first, into: first, index) }
                if hasSecond { unsafe put(lanes.second, into: second, index) }
                if hasThird { unsafe put(lanes.third, into: third, index) }
                if hasTarget {
                  let moved = unsafe rest * eight(target, index) + fraction * lanes.parameter
                  unsafe put(moved, into: target, index)
                }
              }
              for index in whole..<count {
                var lanes = unsafe Lanes(
                  parameter: .init(repeating: parameters[index]),
                  gradient: .init(repeating: scale * gradient[index]),
                  first: .init(repeating: hasFirst ? first[index] : 0),
                  second: .init(repeating: hasSecond ? second[index] : 0),
                  third: .init(repeating: hasThird ? third[index] : 0))
                step.move(&lanes)
                unsafe parameters[index] = lanes.parameter[0]
                if hasFirst { unsafe first[index] = lanes.first[0] }
                if hasSecond { unsafe second[index] = lanes.second[0] }
                if hasThird { unsafe third[index] = lanes.third[0] }
                if hasTarget { unsafe target[index] = rest * target[index] + fraction * lanes.parameter[0] }
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
private func eight(_ from: UnsafeBufferPointer<Float>, _ index: Int) -> SIMD8<Float> {
  unsafe UnsafeRawBufferPointer(from).loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
}

@inline(__always)
private func eight(_ from: UnsafeMutableBufferPointer<Float>, _ index: Int) -> SIMD8<Float> {
  unsafe UnsafeMutableRawBufferPointer(from).loadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
}

@inline(__always)
private func put(_ lanes: SIMD8<Float>, into: UnsafeMutableBufferPointer<Float>, _ index: Int) {
  unsafe UnsafeMutableRawBufferPointer(into).storeBytes(of: lanes, toByteOffset: index &* 4, as: SIMD8<Float>.self)
}
