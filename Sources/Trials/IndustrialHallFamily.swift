public import Configuration
public import IndustrialEdge
public import ReinforcementLearning

/// A factory hall of control loops, robots and inspection stations: `environment: industrial-hall`.
public enum IndustrialHallFamily: EnvironmentFamily {
  public static let name = "industrial-hall"

  public static let summary =
    "control loops, robots and inspection stations of a factory hall share blocks, servers and cloud"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> IndustrialHall {
    IndustrialHall(try HallParameters(id: id, from: &root))
  }

  public static let searches = true

  public static let rules: [RuleSummary] = [
    RuleSummary("local", "tasks on the device at full speed; loops at the least expected cost with a price on blocks"),
    RuleSummary("edge", "tasks at the server that the device belongs to"),
    RuleSummary("cloud", "tasks in the cloud"),
    RuleSummary("round-robin", "device, servers and cloud in turn"),
    RuleSummary("least-loaded", "tasks at the server that is free first"),
    RuleSummary("greedy", "tasks where they are predicted to be done first"),
    RuleSummary("edf", "greedy, the earliest deadline first, each knowing the choices before it", seesMore: true),
    RuleSummary("energy-greedy", "least energy among the places predicted to meet the deadline, at the slowest clock"),
    RuleSummary("selfish", "greedy, and loops at the least expected cost without a price on blocks"),
    RuleSummary("robust", "greedy, and loops with the most copies at the highest power"),
    RuleSummary("frugal", "greedy, and loops with the fewest copies at the lowest power"),
  ]

  public static func rule(_ name: String, for world: IndustrialHall) -> (any Controller<IndustrialHall>)? {
    switch name {
    case "local": HallRule(.local, for: world)
    case "edge": HallRule(.edge, for: world)
    case "cloud": HallRule(.cloud, for: world)
    case "round-robin": HallRule(.roundRobin, for: world)
    case "least-loaded": HallRule(.leastLoaded, for: world)
    case "greedy": HallRule(.earliestFinish, for: world)
    case "edf": HallRule(.earliestDeadlineFirst, for: world)
    case "energy-greedy": HallRule(.leastEnergy, for: world)
    case "selfish": HallRule(.earliestFinish, robustness: .selfish, for: world)
    case "robust": HallRule(.earliestFinish, robustness: .most, for: world)
    case "frugal": HallRule(.earliestFinish, robustness: .least, for: world)
    default: nil
    }
  }
}
