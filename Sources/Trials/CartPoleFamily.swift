public import ClassicControl
public import Configuration
public import ReinforcementLearning

/// The cart and its pole: `environment: CartPole`.
public enum CartPoleFamily: EnvironmentFamily {
  public static let name = "CartPole"

  public static let summary = "a pole on a cart, to be kept upright by pushing left or right"

  public static func makeWorld(
    id: String, from root: inout ConfigurationMapping
  ) throws -> TimeLimited<CartPole> {
    CartPole().timeLimited(to: try root.integer("time_limit_steps", in: 1...1_000_000))
  }
}
