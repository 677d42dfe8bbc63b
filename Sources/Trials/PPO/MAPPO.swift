public import Agents

/// `algorithm.name: mappo`.
public enum MAPPO: PPOMember {
  public static let name = "mappo"

  public static let summary = "proximal policy optimisation with critics that see all agents' observations"

  public static let criticSees = PPOConfiguration.Critic.central
}
