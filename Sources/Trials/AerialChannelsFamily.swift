public import AerialEdge
public import Configuration
public import ReinforcementLearning

/// Dense devices that choose channels towards flying relays: `environment: aerial-channels`.
public enum AerialChannelsFamily: EnvironmentFamily {
  public static let name = "aerial-channels"

  public static let summary = "dense devices choose channels to flying relays, free of pairwise and summed conflicts"

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> AerialChannels {
    AerialChannels(try ChannelParameters(id: id, from: &root))
  }

  public static let rules: [RuleSummary] = [
    RuleSummary(SilentDeviceRule.name, "nobody sends"),
    RuleSummary(FixedChannelRule.name, "every device on the channel of its number"),
    RuleSummary(RoundRobinChannelRule.name, "devices of a relay take turns, by number"),
    RuleSummary(AlohaRule.name, "at random, as often as one device a channel and relay sends on average"),
    RuleSummary(MinimumConflictRule.name, "stays while served, else moves to the quietest channel or waits"),
    RuleSummary(SaturationRule.name, "DSATUR on the graph of pairwise conflicts", seesMore: true),
    RuleSummary(HypergraphRule.name, "greedy colouring of the conflict hypergraph", seesMore: true),
    RuleSummary(GreedyAdmissionRule.name, "lets in the strongest as long as all are served", seesMore: true),
  ]

  public static func rule(_ name: String, for world: AerialChannels) -> (any Controller<AerialChannels>)? {
    switch name {
    case SilentDeviceRule.name: ChannelController(SilentDeviceRule.self, for: world)
    case FixedChannelRule.name: ChannelController(FixedChannelRule.self, for: world)
    case RoundRobinChannelRule.name: ChannelController(RoundRobinChannelRule.self, for: world)
    case AlohaRule.name: ChannelController(AlohaRule.self, for: world)
    case MinimumConflictRule.name: ChannelController(MinimumConflictRule.self, for: world)
    case SaturationRule.name: ChannelController(SaturationRule.self, for: world)
    case HypergraphRule.name: ChannelController(HypergraphRule.self, for: world)
    case GreedyAdmissionRule.name: ChannelController(GreedyAdmissionRule.self, for: world)
    default: nil
    }
  }
}
