/// Stays where it began and serves what comes within reach.
public struct StationaryRule: CollectionRule {
  public static let name = "hover"

  public init(collectors: Int) {}

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? { nil }
}

/// Stays where it began and neither processes nor sends: what doing nothing costs.
///
/// Where batches are served by themselves it does as ``StationaryRule``.
public struct IdleCollectorRule: CollectionRule {
  public static let name = "idle"
  public static let serves = false

  public init(collectors: Int) {}

  public mutating func course(of index: Int, in view: borrowing CollectionView) -> (dx_m: Double, dy_m: Double)? { nil }
}
