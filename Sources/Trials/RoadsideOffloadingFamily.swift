public import Agents
import Baselines
public import Configuration
import EdgeCloud
public import ReinforcementLearning
public import VehicularEdge

/// Task placement by road-side nodes: `environment: roadside-offloading`.
public enum RoadsideOffloadingFamily: EnvironmentFamily {
  public static let name = "roadside-offloading"

  public static let summary = "road-side nodes place the tasks of vehicles on themselves, on each other or in the cloud"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> RoadsideOffloading {
    RoadsideOffloading(try RoadsideParameters(id: id, from: &root))
  }

  public static let rules: [RuleSummary] = [
    RuleSummary(EdgeRule.name, "at the node that serves the vehicle"),
    RuleSummary(CloudRule.name, "in the cloud"),
    RuleSummary(RoundRobinRule.name, "nodes and cloud in turn, for each vehicle"),
    RuleSummary(LeastLoadedRule.name, "at the node with the least work left"),
    RuleSummary(GreedyRule.name, "earliest finish predicted from the observation"),
    RuleSummary(
      OptimalTransport.name, "the most probable computer in the transport of all tasks to all computers", seesMore: true
    ),
    RuleSummary(GreedyOracleRule.name, "earliest finish predicted from the true state", seesMore: true),
  ]

  public static func rule(
    _ name: String, for world: RoadsideOffloading
  ) -> (any Controller<RoadsideOffloading>)? {
    switch name {
    case EdgeRule.name: RuleController(EdgeRule.self, for: world)
    case CloudRule.name: RuleController(CloudRule.self, for: world)
    case RoundRobinRule.name: RuleController(RoundRobinRule.self, for: world)
    case LeastLoadedRule.name: RuleController(LeastLoadedRule.self, for: world)
    case GreedyRule.name: RuleController(GreedyRule.self, for: world)
    case GreedyOracleRule.name: RuleController(GreedyOracleRule.self, for: world)
    case OptimalTransport.name: TransportController(for: world)
    default: nil
    }
  }

  public static func adviser(
    _ prior: PPOConfiguration.Prior, for world: RoadsideOffloading
  ) -> (any Adviser<RoadsideOffloading>)? {
    Priors.adviser(prior, for: world)
  }
}
