extension MutableSpan where Element == Float {
  /// Lends a part of the span to a closure, as a span of its own that counts from zero.
  @inlinable
  @inline(__always)
  public mutating func withPart<Result>(
    _ range: Range<Int>, _ body: (inout MutableSpan<Float>) -> Result
  ) -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "elements \(range) lie outside a span of \(count)",
    )
    var part = self._mutatingExtracting(range)
    return body(&part)
  }
  /// Lends the elements before a place and those from it on, as two spans that count from zero.
  @inlinable
  @inline(__always)
  public mutating func withHalves<Result>(
    at place: Int, _ body: (_ front: inout MutableSpan<Float>, _ back: inout MutableSpan<Float>) -> Result
  ) -> Result {
    precondition(place >= 0 && place <= count, "place \(place) lies outside a span of \(count)")
    let total = count
    return unsafe withUnsafeMutableBufferPointer { buffer in
      // The parts do not overlap, and neither outlives the closure.
      var front = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[0..<place]))
      var back = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[place..<total]))
      return body(&front, &back)
    }
  }

  /// Lends two parts of one length, the second behind the first.
  @inlinable
  @inline(__always)
  public mutating func withParts<Result>(
    _ first: Int, _ second: Int, count: Int,
    _ body: (_ first: inout MutableSpan<Float>, _ second: inout MutableSpan<Float>) -> Result
  ) -> Result {
    precondition(first >= 0 && first + count <= second, "parts at \(first) and \(second) of \(count) overlap")
    return withHalves(at: second) { front, back in
      front.withPart(first..<first + count) { front in
        back.withPart(0..<count) { back in body(&front, &back) }
      }
    }
  }
}
