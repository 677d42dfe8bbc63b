import Configuration
import NeuralNetworks

extension Optimizer.Kind {
  /// Reads `{name: adam | adamw | rmsprop | sgd, …}` with PyTorch's settings and defaults.
  init(from optimizer: inout ConfigurationMapping) throws(ConfigurationError) {
    switch try optimizer.choice("name", among: ["adam", "adamw", "rmsprop", "sgd"]) {
    case "adamw":
      let decays = try Self.decays(&optimizer)
      self = .adamW(
        beta1: decays.first, beta2: decays.second, epsilon: decays.epsilon,
        weightDecay: Float(try optimizer.number("weight_decay", in: .between(0, 1), default: 0.01)))
    case "rmsprop":
      self = .rmsProp(
        alpha: Float(try optimizer.number("alpha", in: .atLeast(0).to(1, excluding: true), default: 0.99)),
        epsilon: Float(try optimizer.number("epsilon", in: .positive, default: 1e-8)),
        momentum: Float(try optimizer.number("momentum", in: .atLeast(0).to(1, excluding: true), default: 0)),
        centered: try optimizer.boolean("centered", default: false))
    case "sgd":
      let momentum = try optimizer.number("momentum", in: .atLeast(0).to(1, excluding: true), default: 0)
      self = .sgd(
        momentum: Float(momentum), nesterov: try optimizer.boolean("nesterov", default: false),
        weightDecay: Float(try optimizer.number("weight_decay", in: .between(0, 1), default: 0)))
    default:
      let decays = try Self.decays(&optimizer)
      self = .adam(beta1: decays.first, beta2: decays.second, epsilon: decays.epsilon)
    }
  }

  private static func decays(
    _ optimizer: inout ConfigurationMapping
  ) throws(ConfigurationError) -> (first: Float, second: Float, epsilon: Float) {
    (
      Float(try optimizer.number("beta1", in: .atLeast(0).to(1, excluding: true), default: 0.9)),
      Float(try optimizer.number("beta2", in: .atLeast(0).to(1, excluding: true), default: 0.999)),
      Float(try optimizer.number("epsilon", in: .positive, default: 1e-8))
    )
  }
}

extension LearningRateSchedule {
  /// Reads `{kind: linear | step | exponential | cosine | constant, …}`; fractions are of all updates.
  init(from schedule: inout ConfigurationMapping, updates count: Int) throws(ConfigurationError) {
    let total = Double(count)
    func updates(_ fraction: Double) -> Int { max(1, Int((fraction * total).rounded())) }
    let kind = try schedule.choice("kind", among: ["constant", "linear", "step", "exponential", "cosine"])
    let warmUpFraction = try schedule.number("warm_up_fraction", in: .fraction, default: 0)
    let warmUp = Int((warmUpFraction * total).rounded())
    switch kind {
    case "linear":
      self = .linear(
        endFactor: Float(try schedule.number("end_factor", in: .fraction)),
        steps: updates(try schedule.number("fraction", in: .above(0).to(1), default: 1)), warmUp: warmUp)
    case "step":
      self = .stepDecay(
        factor: Float(try schedule.number("factor", in: .above(0).to(1))),
        every: updates(try schedule.number("every_fraction", in: .above(0).to(1))), warmUp: warmUp)
    case "exponential":
      self = .exponential(factor: Float(try schedule.number("factor", in: .above(0).to(1))), warmUp: warmUp)
    case "cosine":
      self = .cosine(
        minimum: Float(try schedule.number("minimum", in: .between(0, 1))),
        steps: updates(try schedule.number("fraction", in: .above(0).to(1), default: 1)), warmUp: warmUp)
    default: self = .constant(warmUp: warmUp)
    }
  }
}
