public import Agents

/// `algorithm.name: ippo`.
public enum IPPO: PPOMember {
  public static let name = "ippo"

  public static let summary = "proximal policy optimisation, each critic seeing its own agent's observation"

  public static let criticSees = PPOConfiguration.Critic.own
}
