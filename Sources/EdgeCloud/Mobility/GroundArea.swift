import Glibc

/// A rectangle on the ground, x to the east and y to the north.
public struct GroundArea: Sendable, Equatable {
  /// The range of x.
  public let x_m: ClosedRange<Double>
  /// The range of y.
  public let y_m: ClosedRange<Double>

  /// The rectangle of two ranges, neither of them a point.
  public init(x_m: ClosedRange<Double>, y_m: ClosedRange<Double>) {
    precondition(
      x_m.lowerBound < x_m.upperBound && y_m.lowerBound < y_m.upperBound,
      "an area needs an extent both ways, not \(x_m) by \(y_m) m")
    self.x_m = x_m
    self.y_m = y_m
  }

  /// The rectangle from (0, 0) to (width, depth).
  public init(width: Metres, depth: Metres) { self.init(x_m: 0...width.value, y_m: 0...depth.value) }

  /// The extent from west to east.
  public var width_m: Double { x_m.upperBound - x_m.lowerBound }
  /// The extent from south to north.
  public var depth_m: Double { y_m.upperBound - y_m.lowerBound }

  /// The point at two fractions of the extents.
  public func point(_ across: Double, _ along: Double) -> (x_m: Double, y_m: Double) {
    (
      min(x_m.lowerBound + across * width_m, x_m.upperBound), min(y_m.lowerBound + along * depth_m, y_m.upperBound)
    )
  }

  /// Whether a point is inside or on the edge.
  public func contains(_ x: Double, _ y: Double) -> Bool { x_m.contains(x) && y_m.contains(y) }

  /// The mean distance of two independent uniform points.
  ///
  /// With sides a and b and diagonal d: (a³/b² + b³/a² + d (3 − a²/b² − b²/a²))/15 + (b²/a ln((a + d)/b) + a²/b
  /// ln((b + d)/a))/6; 0.521405 for the unit square. Source: B. Ghosh, Bulletin of the Calcutta Mathematical Society 43
  /// (1951) 17.
  public var meanDistance_m: Double {
    let (a, b) = (width_m, depth_m)
    let d = (a * a + b * b).squareRoot()
    let (p, q) = (a * a / (b * b), b * b / (a * a))
    return (a * p + b * q + d * (3 - p - q)) / 15 + (b * b / a * log((a + d) / b) + a * a / b * log((b + d) / a)) / 6
  }
}
