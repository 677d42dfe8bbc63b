import Glibc

/// Flies round the centre at 0.3 of the side, all collectors evenly spread on the circle.
public struct RoundTripRule: CollectionRule {
  public static let name = "circle"

  public init(collectors: Int) {}

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? {
    let radius = 0.3 * view.side_m
    let start = 2 * Double.pi * Double(index) / Double(view.collectors)
    let angle = start + Double(view.step) * view.reach_m / radius
    let (x, y) = view.position(index)
    return (view.side_m / 2 + radius * cos(angle) - x, view.side_m / 2 + radius * sin(angle) - y)
  }
}
