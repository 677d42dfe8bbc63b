public import AerialEdge
public import Configuration
public import ReinforcementLearning

/// Flying edge servers: `environment: aerial-fleet`.
public enum AerialFleetFamily: EnvironmentFamily {
  public static let name = "aerial-fleet"

  public static let summary = "one to eight aircraft serve users on the ground as flying edge servers"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> AerialFleet {
    AerialFleet(try FleetParameters(id: id, from: &root))
  }

  public static let rules: [RuleSummary] = [
    RuleSummary(StayRule.name, "hover where the episode began"),
    RuleSummary(HoverRule.name, "hover in the middle of the users who are nearest", seesMore: true),
    RuleSummary(CircleRule.name, "circle around them at the speed of least power", seesMore: true),
    RuleSummary(NearestUserRule.name, "to the nearest user with a task", seesMore: true),
    RuleSummary(GreedyAgeRule.name, "to the user whose information is oldest", seesMore: true),
    RuleSummary(GreedyRateRule.name, "where rates would be best next, by the true channel", seesMore: true),
    RuleSummary(AltitudeSearchRule.name, "search the altitude of least loss", seesMore: true),
  ]

  public static func rule(_ name: String, for world: AerialFleet) -> (any Controller<AerialFleet>)? {
    switch name {
    case StayRule.name: StayRule(for: world)
    case HoverRule.name: HoverRule(for: world)
    case CircleRule.name: CircleRule(for: world)
    case NearestUserRule.name: NearestUserRule(for: world)
    case GreedyAgeRule.name: GreedyAgeRule(for: world)
    case GreedyRateRule.name: GreedyRateRule(for: world)
    case AltitudeSearchRule.name: AltitudeSearchRule(for: world)
    default: nil
    }
  }
}
