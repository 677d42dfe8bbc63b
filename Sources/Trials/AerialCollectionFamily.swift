public import AerialEdge
public import Configuration
public import ReinforcementLearning

/// Flying collectors that keep what a centre knows of its sensors fresh: `environment: aerial-collection`.
public enum AerialCollectionFamily: EnvironmentFamily {
  public static let name = "aerial-collection"

  public static let summary =
    "flying collectors take, process and send sensor data so that a centre's knowledge is fresh"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> AerialCollection {
    AerialCollection(try CollectionParameters(id: id, from: &root))
  }

  public static let rules: [RuleSummary] = [
    RuleSummary(IdleCollectorRule.name, "stays and does nothing"),
    RuleSummary(StationaryRule.name, "stays where it began and serves what is in reach"),
    RuleSummary(RoundTripRule.name, "flies round the centre"),
    RuleSummary(NearestSensorRule.name, "to the nearest sensor in sight with data out of reach"),
    RuleSummary(OldestSensorRule.name, "to the sensor in sight with the most to gain in age"),
    RuleSummary(ShuttleRule.name, "as oldest until it is full, then to the centre until it is empty"),
    RuleSummary(TourRule.name, "from sensor to sensor by number, each collector its share", seesMore: true),
    RuleSummary(OldestOfAllRule.name, "to the sensor anywhere with the most to gain in age", seesMore: true),
  ]

  public static func rule(_ name: String, for world: AerialCollection) -> (any Controller<AerialCollection>)? {
    switch name {
    case IdleCollectorRule.name: CollectionController(IdleCollectorRule.self, for: world)
    case StationaryRule.name: CollectionController(StationaryRule.self, for: world)
    case RoundTripRule.name: CollectionController(RoundTripRule.self, for: world)
    case NearestSensorRule.name: CollectionController(NearestSensorRule.self, for: world)
    case OldestSensorRule.name: CollectionController(OldestSensorRule.self, for: world)
    case ShuttleRule.name: CollectionController(ShuttleRule.self, for: world)
    case TourRule.name: CollectionController(TourRule.self, for: world)
    case OldestOfAllRule.name: CollectionController(OldestOfAllRule.self, for: world)
    default: nil
    }
  }
}
