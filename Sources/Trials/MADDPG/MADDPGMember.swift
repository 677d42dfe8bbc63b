public import Agents
public import Configuration
public import ReinforcementLearning

/// A member of the MADDPG family.
///
/// A further member is one type with its name, summary and what it fixes, and one line in ``Registry``.
public protocol MADDPGMember: Algorithm where Recipe == MADDPGConfiguration, Trainee == MADDPGLearner {
  /// Whether there are two critics, delayed actors and smoothed targets.
  static var isTwin: Bool { get }
  /// Whether critics see their own agent only.
  static var isAlone: Bool { get }
  /// Whether it is for worlds of one agent only.
  static var isSingle: Bool { get }
}

extension MADDPGMember {
  public static var isSingle: Bool { false }

  public static func recipe(
    from mapping: inout ConfigurationMapping, trainingSteps: Int
  ) throws(ConfigurationError) -> MADDPGConfiguration {
    var reader = MADDPGRecipe(mapping, name: name, trainingSteps: trainingSteps, isTwin: isTwin, isAlone: isAlone)
    let recipe = try reader.read()
    mapping = reader.mapping
    return recipe
  }

  public static func unsupported(_ recipe: MADDPGConfiguration, groups: [AgentGroup]) -> String? {
    let agents = groups.reduce(0) { $0 + $1.count }
    if isSingle, agents > 1 {
      let others = isTwin ? "matd3" : "maddpg or iddpg"
      return "algorithm.name: \(name) learns for one agent, this world has \(agents); \(others) learn for several"
    }
    return MADDPGLearner.unsupported(recipe, groups: groups)
  }

  public static func replayBytes(_ recipe: MADDPGConfiguration, groups: [AgentGroup], environments: Int) -> Double {
    MADDPGLearner.bytes(recipe, groups: groups)
  }

  public static func excess(_ recipe: MADDPGConfiguration, groups: [AgentGroup], environments: Int) -> String? {
    let bytes = replayBytes(recipe, groups: groups, environments: environments)
    guard bytes > recipe.replayByteLimit else { return nil }
    return "algorithm.replay: \(recipe.replayCapacity) joint transitions and an update's rows would take "
      + "\(format(bytes / 1e9)) GB, more than max_bytes, \(format(recipe.replayByteLimit / 1e9)) GB; lower capacity or "
      + "batch_size, share parameters or indices, choose critic {sees: pooled, …}, or raise max_bytes"
  }

  public static func makeLearner(
    _ recipe: MADDPGConfiguration, groups: [AgentGroup], environments: Int, seed: UInt64
  ) -> MADDPGLearner {
    MADDPGLearner(recipe, groups: groups, environments: environments, seed: seed)
  }
}

/// `algorithm.name: maddpg`.
public enum MADDPG: MADDPGMember {
  public static let name = "maddpg"
  public static let summary = "an actor for each agent or group, critics that see all agents while training"
  public static let isTwin = false
  public static let isAlone = false
}

/// `algorithm.name: matd3`.
public enum MATD3: MADDPGMember {
  public static let name = "matd3"
  public static let summary = "MADDPG with two critics, delayed actors and smoothed targets"
  public static let isTwin = true
  public static let isAlone = false
}

/// `algorithm.name: iddpg`.
public enum IDDPG: MADDPGMember {
  public static let name = "iddpg"
  public static let summary = "independent DDPG learners: each critic sees its own agent only"
  public static let isTwin = false
  public static let isAlone = true
}

/// `algorithm.name: ddpg`.
public enum DDPG: MADDPGMember {
  public static let name = "ddpg"
  public static let summary = "deep deterministic policy gradient, for one agent"
  public static let isTwin = false
  public static let isAlone = true
  public static let isSingle = true
}

/// `algorithm.name: td3`.
public enum TD3: MADDPGMember {
  public static let name = "td3"
  public static let summary = "DDPG with two critics, delayed actors and smoothed targets, for one agent"
  public static let isTwin = true
  public static let isAlone = true
  public static let isSingle = true
}
