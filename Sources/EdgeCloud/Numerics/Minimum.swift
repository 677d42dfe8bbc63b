/// The place of the least value of a function of one number.
public enum Minimum {
  /// Where a function with a single dip in a range is least, by golden sections, to within a distance.
  ///
  /// Near a smooth minimum values differ by squares of distances, so that a distance below about 10⁻⁸ of the range's
  /// magnitude is not resolved. Source: J. Kiefer, Proceedings of the AMS 4 (1953) 502.
  public static func ofFunction(
    in range: ClosedRange<Double>, within distance: Double, _ function: (Double) -> Double
  ) -> Double {
    precondition(distance > 0, "the distance must be positive, not \(distance)")
    let section = (5.0.squareRoot() - 1) / 2
    var (low, high) = (range.lowerBound, range.upperBound)
    var left = high - section * (high - low)
    var right = low + section * (high - low)
    var (atLeft, atRight) = (function(left), function(right))
    while high - low > distance, left < right {
      if atLeft <= atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - section * (high - low)
        atLeft = function(left)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + section * (high - low)
        atRight = function(right)
      }
    }
    return (low + high) / 2
  }
}
