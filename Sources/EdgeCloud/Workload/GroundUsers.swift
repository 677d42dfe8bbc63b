import Glibc
public import Randomness

/// Where users stand on the ground: a point process with a given number of points.
public enum GroundUsers: Sendable, Equatable {
  /// A Poisson process given its number of points: independent and uniform over the area.
  case poisson
  /// A Matérn cluster process given its numbers of clusters and points: every user belongs to a uniformly drawn cluster
  /// and stands uniformly in its disc. Centres are uniform where the whole disc lies in the area.
  ///
  /// Source: B. Matérn, "Spatial Variation", Meddelanden från Statens Skogsforskningsinstitut 49 (1960).
  case clusters(count: Int, radius_m: Double)

  /// The place of a user: a function of the world and the user.
  public func position(of user: UInt64, in world: WorldDraws, area: GroundArea) -> (x_m: Double, y_m: Double) {
    let words = world.block(.userPlace, entity: user)
    let (a, b) = (Variate.uniform(words.0), Variate.uniform(words.1))
    switch self {
    case .poisson: return area.point(a, b)
    case .clusters(let count, let radius):
      precondition(
        count > 0 && radius >= 0 && 2 * radius <= min(area.width_m, area.depth_m),
        "clusters need a number above 0 and discs that fit into the area, not \(count) of radius \(radius) m")
      let centre = Self.centre(Variate.integer(words.2, below: count), radius_m: radius, in: world, area: area)
      let (distance, angle) = (radius * a.squareRoot(), 2 * Double.pi * b)
      return (
        min(max(centre.x_m + distance * cos(angle), area.x_m.lowerBound), area.x_m.upperBound),
        min(max(centre.y_m + distance * sin(angle), area.y_m.lowerBound), area.y_m.upperBound)
      )
    }
  }

  /// The centre of a cluster.
  public static func centre(
    _ cluster: Int, radius_m: Double, in world: WorldDraws, area: GroundArea
  ) -> (x_m: Double, y_m: Double) {
    let words = world.block(.clusterCentre, entity: UInt64(cluster))
    return (
      area.x_m.lowerBound + radius_m + (area.width_m - 2 * radius_m) * Variate.uniform(words.0),
      area.y_m.lowerBound + radius_m + (area.depth_m - 2 * radius_m) * Variate.uniform(words.1)
    )
  }
}
