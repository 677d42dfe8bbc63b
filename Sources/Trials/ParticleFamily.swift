public import Configuration
public import ParticleWorld
public import ReinforcementLearning

/// A world of particles that scenario files can describe.
public protocol ParticleKind: ParticleEnvironment {
  /// The name under `environment` in a scenario file.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }
  /// A world before its first episode, of a scenario file's keys; `isContinuous` and `order` have been read.
  init(from root: inout ConfigurationMapping, isContinuous: Bool, order: MotionOrder) throws(ConfigurationError)
}

/// The family of a kind of particle world; such worlds know no rules besides `random`.
public enum ParticleFamily<Kind: ParticleKind>: EnvironmentFamily {
  public static var name: String { Kind.name }

  public static var summary: String { Kind.summary }

  public static var searches: Bool { false }

  public static var forbidsActions: Bool { false }

  public static func makeWorld(id: String, from root: inout ConfigurationMapping) throws -> TimeLimited<Kind> {
    let limit = try root.integer("time_limit_steps", in: 1...1_000_000)
    let isContinuous = try root.boolean("continuous", default: false)
    let order = try root.choice("motion", of: MotionOrder.self, default: .pettingzoo)
    return try Kind(from: &root, isContinuous: isContinuous, order: order).timeLimited(to: limit)
  }
}

extension ConfigurationMapping {
  /// How many bodies of a kind there are.
  fileprivate mutating func bodies(
    _ key: String, in range: ClosedRange<Int> = 1...100, default value: Int
  ) throws(ConfigurationError) -> Int {
    try integer(key, in: range, default: value)
  }

  fileprivate mutating func rewards() throws(ConfigurationError) -> RewardConvention { try choice("rewards") }
}

extension SimpleSpread: ParticleKind {
  public static let name = "simple_spread"
  public static let summary = "agents cover as many landmarks without touching one another"

  public init(
    from root: inout ConfigurationMapping, isContinuous: Bool, order: MotionOrder
  ) throws(ConfigurationError) {
    let agents = try root.bodies("agents", default: 3)
    let rewards: Rewards =
      switch try root.rewards() {
      case .original: .original
      case .pettingzoo: .pettingzoo(localRatio: try root.number("local_ratio", in: .fraction, default: 0.5))
      }
    if rewards == .original, root.has("local_ratio") {
      throw root.error("local_ratio", "is only known to the rewards 'pettingzoo'; leave it out, or write these")
    }
    self.init(agents: agents, rewards: rewards, isContinuous: isContinuous, order: order)
  }
}

extension SimpleSpeakerListener: ParticleKind {
  public static let name = "simple_speaker_listener"
  public static let summary = "a speaker tells a listener which of three landmarks is the goal"

  public init(
    from root: inout ConfigurationMapping, isContinuous: Bool, order: MotionOrder
  ) throws(ConfigurationError) {
    self.init(rewards: try root.rewards(), isContinuous: isContinuous, order: order)
  }
}

extension SimpleTag: ParticleKind {
  public static let name = "simple_tag"
  public static let summary = "slow adversaries hunt faster agents between obstacles"

  public init(
    from root: inout ConfigurationMapping, isContinuous: Bool, order: MotionOrder
  ) throws(ConfigurationError) {
    // Both conventions pay the same; the key stands so that all these scenarios are written alike.
    _ = try root.rewards()
    let adversaries = try root.bodies("adversaries", default: 3)
    let agents = try root.bodies("agents", default: 1)
    let landmarks = try root.bodies("landmarks", in: 0...100, default: 2)
    self.init(
      adversaries: adversaries, agents: agents, obstacles: landmarks, isContinuous: isContinuous, order: order)
  }
}

extension SimpleAdversary: ParticleKind {
  public static let name = "simple_adversary"
  public static let summary = "agents cover a goal and hide from an adversary which landmark it is"

  public init(
    from root: inout ConfigurationMapping, isContinuous: Bool, order: MotionOrder
  ) throws(ConfigurationError) {
    let agents = try root.bodies("agents", default: 2)
    self.init(agents: agents, rewards: try root.rewards(), isContinuous: isContinuous, order: order)
  }
}
