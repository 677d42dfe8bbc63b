import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning

/// The actors of one group while they explore: all rows of a frame, agent after agent, so that every set of
/// parameters evaluates its rows in one product.
///
/// A choice is drawn from the actor's distribution over the permitted options (the greatest of logit + Gumbel noise);
/// real numbers are the squashed outputs with noise on their place in [−1, 1].
struct ExploringActors: Sendable {
  private let group: AgentGroup
  private let outputs: ActorOutputs
  private let network: Network
  private let environments: Int
  private var workspace: Workspace
  private var inputs, values: [Float]
  private var uniforms: [Float]
  /// The processes of the noise, where consecutive numbers belong together.
  var process: OrnsteinUhlenbeck?

  init(
    _ group: AgentGroup, outputs: ActorOutputs, network: Network, environments: Int, noise: MADDPGConfiguration.Noise
  ) {
    let rows = group.count * environments
    self.group = group
    self.outputs = outputs
    self.network = network
    self.environments = environments
    workspace = network.makeWorkspace(batch: rows, training: false)
    inputs = [Float](repeating: 0, count: rows * group.observation.count)
    values = [Float](repeating: 0, count: rows * outputs.count)
    uniforms = [Float](repeating: 0, count: outputs.logitCount)
    if case .ornsteinUhlenbeck(let theta, let dt) = noise.kind {
      process = OrnsteinUhlenbeck(theta: theta, dt: dt, rows: rows, numbers: outputs.ranges.count)
    }
  }

  /// Reads the frame's observations.
  mutating func read(_ part: borrowing VectorFrame.Group, through normalizer: borrowing Normalizer) {
    let count = group.observation.count
    let (slots, environments) = (group.count, environments)
    edit(&inputs) { target in
      for slot in 0..<slots {
        for environment in 0..<environments {
          let from = (environment * slots + slot) * count
          let to = (slot * environments + environment) * count
          for index in 0..<count { target[to + index] = part.observations[from + index] }
        }
      }
      if !normalizer.isIdentity { normalizer.apply(inPlace: &target) }
    }
  }

  /// Evaluates the rows of some agents.
  mutating func evaluate(_ slots: Range<Int>, under parameters: borrowing ParameterVector) {
    let count = group.observation.count
    let rows = slots.lowerBound * environments..<slots.upperBound * environments
    let inputs = inputs
    network.forward(
      parameters.values.span, inputs.span.extracting(rows.lowerBound * count..<rows.upperBound * count),
      rows: rows.count, in: &workspace)
    let width = outputs.count
    for index in 0..<rows.count * width { values[rows.lowerBound * width + index] = workspace.outputs[index] }
  }

  /// Decides for all rows.
  ///
  /// - Parameters:
  ///   - deviation: σ of the noise on numbers.
  ///   - randomChoice: the probability of a choice at random.
  mutating func decide(
    _ part: inout VectorFrame.Group, deviation: Double, randomChoice: Double, using stream: inout RandomStream
  ) {
    for slot in 0..<group.count {
      for environment in 0..<environments {
        let row = environment * group.count + slot
        let first = (slot * environments + environment) * outputs.count
        choose(row, first, &part, randomChoice, &stream)
        for number in outputs.ranges.indices {
          let place = Double(squashed(values[first + outputs.logitCount + number]))
          let noise = self.noise(row, number, deviation, &stream)
          part.continuousActions[row * outputs.ranges.count + number] = outputs.real(
            number, at: Float(min(max(place + noise, -1), 1)))
        }
      }
    }
  }

  /// Decides for all rows at random: uniformly over permitted options and ranges.
  mutating func decideAtRandom(_ part: inout VectorFrame.Group, using stream: inout RandomStream) {
    for row in 0..<part.rows {
      for choice in outputs.choices.indices { chooseAtRandom(row, choice, &part, &stream) }
      for number in outputs.ranges.indices {
        part.continuousActions[row * outputs.ranges.count + number] = outputs.real(
          number, at: Float(2 * stream.uniform() - 1))
      }
    }
  }

  private mutating func noise(
    _ row: Int, _ number: Int, _ deviation: Double, _ stream: inout RandomStream
  ) -> Double {
    guard process != nil else { return deviation == 0 ? 0 : deviation * stream.normal() }
    return Double(process?.next(row: row, number: number, deviation: deviation, using: &stream) ?? 0)
  }

  private mutating func choose(
    _ row: Int, _ first: Int, _ part: inout VectorFrame.Group, _ randomChoice: Double, _ stream: inout RandomStream
  ) {
    guard outputs.logitCount > 0 else { return }
    edit(&uniforms) { stream.fill(uniform: &$0) }
    var start = 0
    for (choice, options) in outputs.choices.enumerated() {
      if randomChoice > 0, stream.uniform() < randomChoice {
        chooseAtRandom(row, choice, &part, &stream)
      } else {
        var best = -1
        var greatest = -Float.infinity
        for option in start..<start + options where part.masks[row * outputs.logitCount + option] {
          let value = values[first + option] + gumbel(uniforms[option])
          if best < 0 || value > greatest { (best, greatest) = (option - start, value) }
        }
        part.actions[row * outputs.choices.count + choice] = Int32(max(best, 0))
      }
      start += options
    }
  }

  private func chooseAtRandom(
    _ row: Int, _ choice: Int, _ part: inout VectorFrame.Group, _ stream: inout RandomStream
  ) {
    let start = row * outputs.logitCount + outputs.choices[..<choice].reduce(0, +)
    let options = start..<start + outputs.choices[choice]
    var count = 0
    for option in options where part.masks[option] { count += 1 }
    var chosen = 0
    if count > 0 {
      var remaining = stream.integer(below: count)
      for option in options where part.masks[option] {
        if remaining == 0 {
          chosen = option - start
          break
        }
        remaining -= 1
      }
    }
    part.actions[row * outputs.choices.count + choice] = Int32(chosen)
  }
}
