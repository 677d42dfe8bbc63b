public import Agents

/// `algorithm.name: otfac`: optimal-transport actor–critic.
///
/// Each critic sees its own agent's observation, so that sites with different numbers of agents can share them.
public enum OTFAC: PPOMember {
  public static let name = "otfac"

  public static let summary = "actor and critic that begin from an optimal-transport prior and are held near it"

  public static let criticSees = PPOConfiguration.Critic.own

  public static let needsPrior = true
}
