public import ClassicControl
public import Configuration
public import ReinforcementLearning

/// A world without constants of its own: its scenario only says after how many steps an episode is cut, and which
/// fields are observed.
public protocol Yardstick: Environment {
  /// The name under `environment` in a scenario file.
  static var name: String { get }
  /// One line for `list`.
  static var summary: String { get }
  /// A world before its first episode.
  init()
}

/// The family of a yardstick; such worlds know no rules besides `random`.
public enum YardstickFamily<Kind: Yardstick>: EnvironmentFamily {
  public static var name: String { Kind.name }

  public static var summary: String { Kind.summary }

  public static var searches: Bool { false }

  public static var forbidsActions: Bool { false }

  public static func makeWorld(
    id: String, from root: inout ConfigurationMapping
  ) throws -> PartlyObserved<TimeLimited<Kind>> {
    let world = Kind().timeLimited(to: try root.integer("time_limit_steps", in: 1...1_000_000))
    let fields = world.groups.flatMap { $0.observation.fields.map(\.name) }
    return world.observing(only: try root.choices("observed", among: fields, default: fields))
  }
}

extension CartPole: Yardstick {
  public static let name = "CartPole"
  public static let summary = "a pole on a cart, to be kept upright by pushing left or right"
}

extension Acrobot: Yardstick {
  public static let name = "Acrobot"
  public static let summary = "two hanging links, to be swung up by a torque between them"
}

extension MountainCar: Yardstick {
  public static let name = "MountainCar"
  public static let summary = "a weak car in a valley, to be swung up the hill"
}

extension Pendulum: Yardstick {
  public static let name = "Pendulum"
  public static let summary = "a pendulum, to be swung up and held with little torque"
}
