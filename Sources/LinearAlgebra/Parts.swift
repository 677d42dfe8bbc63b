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
}
