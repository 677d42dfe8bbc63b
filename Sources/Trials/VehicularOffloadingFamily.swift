public import Agents
import Baselines
public import Configuration
import EdgeCloud
public import ReinforcementLearning
public import VehicularEdge

/// Task offloading from vehicles: `environment: vehicular-offloading`.
public enum VehicularOffloadingFamily: EnvironmentFamily {
  public static let name = "vehicular-offloading"

  public static let summary =
    "vehicles place tasks on themselves, on a road-side unit in reach or in the cloud"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws
    -> VehicularOffloading
  {
    VehicularOffloading(try VehicularParameters(id: id, from: &root))
  }

  public static let rules: [RuleSummary] = [
    RuleSummary(LocalRule.name, "on the device at full speed"),
    RuleSummary(EconomicalLocalRule.name, "on the device at the lowest speed that meets the deadline"),
    RuleSummary(EdgeRule.name, "at the strongest unit in reach"),
    RuleSummary(CloudRule.name, "in the cloud through the strongest unit"),
    RuleSummary(RoundRobinRule.name, "device, units and cloud in turn"),
    RuleSummary(LeastLoadedRule.name, "at the unit in reach with the least reported work"),
    RuleSummary(ShortestQueueRule.name, "at the unit in reach with the fewest tasks now", seesMore: true),
    RuleSummary(EnergyGreedyRule.name, "least energy among the options predicted to meet the deadline"),
    RuleSummary(DriftPlusPenaltyRule.name, "least energy with 1 % predicted to miss, by virtual queues (V = 1)"),
    RuleSummary(PrimalDualRule.name, "at a unit where the saving is worth the price of its processor"),
    RuleSummary(GreedyRule.name, "least latency predicted from the observation"),
    RuleSummary(GreedyCostRule.name, "least cost (latency, energy, deadline) predicted from the observation"),
    RuleSummary(
      OptimalTransport.name, "the most probable computer in the transport of all tasks to all computers", seesMore: true
    ),
    RuleSummary(GreedyOracleRule.name, "least latency predicted from the true state", seesMore: true),
  ]

  public static func rule(
    _ name: String, for world: VehicularOffloading
  ) -> (any Controller<VehicularOffloading>)? {
    switch name {
    case LocalRule.name: RuleController(LocalRule.self, for: world)
    case EconomicalLocalRule.name: RuleController(EconomicalLocalRule.self, for: world)
    case EdgeRule.name: RuleController(EdgeRule.self, for: world)
    case CloudRule.name: RuleController(CloudRule.self, for: world)
    case RoundRobinRule.name: RuleController(RoundRobinRule.self, for: world)
    case LeastLoadedRule.name: RuleController(LeastLoadedRule.self, for: world)
    case ShortestQueueRule.name: RuleController(ShortestQueueRule.self, for: world)
    case EnergyGreedyRule.name: RuleController(EnergyGreedyRule.self, for: world)
    case DriftPlusPenaltyRule.name: RuleController(DriftPlusPenaltyRule.self, for: world)
    case PrimalDualRule.name: RuleController(PrimalDualRule.self, for: world)
    case GreedyRule.name: RuleController(GreedyRule.self, for: world)
    case GreedyCostRule.name: RuleController(GreedyCostRule.self, for: world)
    case GreedyOracleRule.name: RuleController(GreedyOracleRule.self, for: world)
    case OptimalTransport.name: TransportController(for: world)
    default: nil
    }
  }

  public static func adviser(
    _ prior: PPOConfiguration.Prior, for world: VehicularOffloading
  ) -> (any Adviser<VehicularOffloading>)? {
    Priors.adviser(prior, for: world)
  }

  public static func notes(on world: VehicularOffloading) -> [String] {
    guard world.episodeSteps < world.parameters.time.steps else { return [] }
    return [
      "the trace's window holds episodes of \(world.episodeSteps) steps, not the \(world.parameters.time.steps) "
        + "that the scenario asks for"
    ]
  }
}
