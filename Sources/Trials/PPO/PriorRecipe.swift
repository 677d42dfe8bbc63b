import Agents
import Configuration

extension PPOConfiguration.Prior {
  /// Reads `prior`: what advises, how long it acts, how strongly and how long it holds.
  ///
  /// `latency_weight` and `energy_weight` stand together or not at all; without them the world's own measure of cost
  /// counts, that of the rule greedy-cost.
  init(from mapping: inout ConfigurationMapping, trainingSteps: Int) throws(ConfigurationError) {
    let name = try mapping.choice("name", among: Priors.names)
    let warmStartSteps = try mapping.integer("warm_start_steps", in: 0...Int(Int32.max))
    guard warmStartSteps < trainingSteps else {
      throw mapping.error("warm_start_steps", "is below training.steps, \(trainingSteps), not \(warmStartSteps)")
    }
    let weight = Float(try mapping.number("weight", in: .between(0, 1000)))
    let fraction = try mapping.number("decay_fraction", in: .above(0).to(1))
    let regularization = try mapping.number("regularization", in: .above(0).to(1000))
    let overflowCost = try mapping.number("overflow_cost", in: .between(0, 1e6), default: 1)
    var weights: (latency: Double, energy: Double)?
    if mapping.has("latency_weight") || mapping.has("energy_weight") {
      weights = (
        try mapping.number("latency_weight", in: .between(0, 1e6)),
        try mapping.number("energy_weight", in: .between(0, 1e6))
      )
    }
    let decaySteps = Int((fraction * Double(trainingSteps - warmStartSteps)).rounded(.up))
    self.init(
      name: name, warmStartSteps: warmStartSteps, weight: weight, decaySteps: decaySteps,
      advice: Advice(
        regularization: regularization, latencyWeight: weights?.latency, energyWeight: weights?.energy,
        overflowCost: overflowCost))
  }
}
