internal import LinearAlgebra
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Snapshots

/// An actor's parameters with what acts by them and what improves them.
///
/// One flat vector holds the network's parameters and, behind them, the log σ of each real number.
struct ProximalActor: Sendable {
  let network: Network
  let input: NetworkInput
  let distribution: ActionDistribution
  private let surrogate: ClippedSurrogate
  private let entropyBonus: Float
  let maskCount: Int
  private let prior: PriorAgreement?
  var parameters: TrainedParameters
  private var acting: Workspace
  var learning: Workspace
  private var inputs: [Float]

  /// - Parameters:
  ///   - slots: the rows of a frame for which it acts.
  ///   - batch: the greatest number of samples of an update.
  init(
    _ configuration: PPOConfiguration, group: AgentGroup, outputs: ActorOutputs, input: NetworkInput, slots: Int,
    batch: Int, stream: inout RandomStream
  ) {
    let network = configuration.actor.layers(inputs: input.width, outputs: outputs.count)
    var layout = network.layout
    layout.append("noise.log_deviation", shape: [outputs.ranges.count])
    let initial = configuration.actor.initialParameters(of: network, using: &stream).values
    let deviation = configuration.initialDeviation ?? 1
    let logDeviations = [Float](repeating: Vectorizable.log(deviation), count: outputs.ranges.count)
    parameters = TrainedParameters(
      ParameterVector(layout: layout, values: initial + logDeviations), configuration.descent(of: configuration.actor))
    self.network = network
    self.input = input
    distribution = ActionDistribution(outputs)
    surrogate = ClippedSurrogate(range: configuration.clip)
    entropyBonus = configuration.entropyBonus
    maskCount = group.action.maskCount
    prior = configuration.prior.map { _ in PriorAgreement(choices: outputs.choices) }
    acting = network.makeWorkspace(batch: slots, training: false)
    learning = network.makeWorkspace(batch: batch, training: true)
    inputs = [Float](repeating: 0, count: max(slots, batch) * input.width)
  }

  /// The network's parameters, without deviations.
  var policy: ParameterVector {
    ParameterVector(layout: network.layout, values: Array(parameters.online.values[..<network.layout.count]))
  }

  /// Begins from another network's parameters; deviations stay.
  mutating func adopt(_ policy: ParameterVector) {
    let deviations = parameters.online.values[network.layout.count...]
    parameters.adopt(ParameterVector(layout: parameters.online.layout, values: policy.values + deviations))
  }

  /// Chooses the actions of the samples of a step and writes them into a frame.
  mutating func act(
    _ samples: Span<Int32>, at step: Int, _ part: inout VectorFrame.Group, from rollouts: [ObservedRollout],
    into taken: inout TakenRollout, _ stream: inout RandomStream
  ) {
    input.gather(samples, from: rollouts, into: &inputs)
    let (count, width) = (network.layout.count, distribution.outputs.count)
    let (distribution, input, maskCount) = (distribution, input, maskCount)
    let (values, read) = (parameters.online.values, inputs)
    network.forward(values.span.extracting(0..<count), read.span, rows: samples.count, in: &acting)
    let outputs = acting.outputs
    let logDeviations = values.span.extracting(count..<values.count)
    let (integerCount, numberCount) = (taken.integerCount, taken.numberCount)
    let masks = part.masks
    taken.withActions { integers, numbers, logProbabilities in
      for index in 0..<samples.count {
        let sample = Int(samples[index])
        let row = index * input.stride + input.first
        var chosen = integers._mutatingExtracting(sample * integerCount..<(sample + 1) * integerCount)
        var drawn = numbers._mutatingExtracting(sample * numberCount..<(sample + 1) * numberCount)
        if part.active[row] {
          logProbabilities[sample] = distribution.draw(
            outputs.span.extracting(index * width..<(index + 1) * width), logDeviations: logDeviations,
            permitted: masks.span.extracting(row * maskCount..<(row + 1) * maskCount), using: &stream,
            integers: &chosen, numbers: &drawn)
        } else {
          logProbabilities[sample] = 0
          for choice in 0..<integerCount { chosen[choice] = 0 }
          for number in 0..<numberCount { drawn[number] = 0 }
        }
        for choice in 0..<integerCount { part.actions[row * integerCount + choice] = chosen[choice] }
        for number in 0..<numberCount {
          part.continuousActions[row * numberCount + number] = distribution.outputs.real(
            number, at: Vectorizable.tanh(drawn[number]))
        }
      }
    }
  }

  /// One step along the gradient of the mean over some samples of surrogate, entropy and, where there is a prior, the
  /// divergence from it.
  ///
  /// - Parameters:
  ///   - advantages: of all samples of the rollout.
  ///   - strength: what a nat of divergence from the prior costs.
  ///   - moment: where the schedule of the step size stands.
  /// - Returns: the loss to be made small without the entropy, and figures, all means over the samples.
  mutating func improve(
    on samples: Span<Int32>, from rollouts: [ObservedRollout], group: Int, taken: borrowing TakenRollout,
    advantages: [Float], strength: Float, moment: Int
  ) -> SurrogateFigures {
    evaluate(samples, from: rollouts)
    let figures = differentiate(
      samples, masks: rollouts[group].masks, advice: rollouts[group].advice, taken: taken, advantages: advantages,
      strength: strength)
    propagate(rows: samples.count)
    parameters.descend(at: moment)
    return figures
  }

  /// The outputs for some samples, ready to be differentiated.
  mutating func evaluate(_ samples: Span<Int32>, from rollouts: [ObservedRollout]) {
    input.gather(samples, from: rollouts, into: &inputs)
    let (online, read) = (parameters.online.values, inputs)
    network.forward(
      online.span.extracting(0..<network.layout.count), read.span, rows: samples.count, in: &learning)
  }

  /// Takes the derivatives of the outputs back to the network's parameters.
  mutating func propagate(rows: Int) {
    let count = network.layout.count
    let (online, read) = (parameters.online.values, inputs)
    var gradient: [Float] = []
    swap(&gradient, &parameters.gradient.values)
    do {
      var whole = gradient.mutableSpan
      var own = whole._mutatingExtracting(0..<count)
      network.backward(online.span.extracting(0..<count), read.span, rows: rows, in: &learning, gradient: &own)
    }
    swap(&gradient, &parameters.gradient.values)
  }

  /// Writes the derivatives of the loss with respect to the outputs, and with respect to the log σ.
  private mutating func differentiate(
    _ samples: Span<Int32>, masks: [Bool], advice: [Float], taken: borrowing TakenRollout, advantages: [Float],
    strength: Float
  ) -> SurrogateFigures {
    let (count, width) = (network.layout.count, distribution.outputs.count)
    let values = parameters.online.values
    let logDeviations = values.span.extracting(count..<values.count)
    let (integerCount, numberCount) = (taken.integerCount, taken.numberCount)
    let (integers, numbers) = (taken.integers.span, taken.numbers.span)
    let logProbabilities = taken.logProbabilities.span
    let (distribution, surrogate, entropyBonus) = (distribution, surrogate, entropyBonus)
    let (input, maskCount, prior) = (input, maskCount, prior)
    let share = 1 / Float(samples.count)
    var figures = SurrogateFigures()
    var gradient: [Float] = []
    swap(&gradient, &parameters.gradient.values)
    defer { swap(&gradient, &parameters.gradient.values) }
    var whole = gradient.mutableSpan
    var deviationGradient = whole._mutatingExtracting(count..<values.count)
    for number in 0..<numberCount { deviationGradient[number] = 0 }
    learning.withOutputGradients(rows: samples.count) { outputs, gradients in
      for index in 0..<samples.count {
        let sample = Int(samples[index])
        let row = sample * input.stride + input.first
        let output = outputs.extracting(index * width..<(index + 1) * width)
        let mask = masks.span.extracting(row * maskCount..<(row + 1) * maskCount)
        let chosen = integers.extracting(sample * integerCount..<(sample + 1) * integerCount)
        let drawn = numbers.extracting(sample * numberCount..<(sample + 1) * numberCount)
        let now = distribution.measure(
          output, logDeviations: logDeviations, permitted: mask, integers: chosen, numbers: drawn)
        let logRatio = now.logProbability - logProbabilities[sample]
        let ratio = Vectorizable.exp(logRatio)
        let advantage = advantages[sample]
        figures.add(
          loss: -surrogate.value(ratio: ratio, advantage: advantage), entropy: now.entropy,
          isClipped: surrogate.clips(ratio), divergence: ratio - 1 - logRatio)
        var part = gradients._mutatingExtracting(index * width..<(index + 1) * width)
        distribution.differentiate(
          output, logDeviations: logDeviations, permitted: mask, integers: chosen, numbers: drawn,
          logWeight: -share * surrogate.slope(ratio: ratio, advantage: advantage),
          entropyWeight: -share * entropyBonus, into: &part, deviationGradient: &deviationGradient)
        if let prior {
          let advised = advice.span.extracting(row * maskCount..<(row + 1) * maskCount)
          figures.add(
            prior: prior.divergence(
              output, permitted: mask, prior: advised, weight: share * strength, addingTo: &part))
        }
      }
    }
    figures.finish(samples.count)
    return figures
  }
}

/// Means over the samples of an update of an actor.
struct SurrogateFigures: Sendable, Equatable {
  /// What is made small, without the entropy.
  private(set) var loss = 0.0
  /// In nats.
  private(set) var entropy = 0.0
  /// The share of samples whose ratio has left its range.
  private(set) var clipped = 0.0
  /// Of ρ − 1 − log ρ, which estimates the divergence of the policies without bias and is never negative.
  private(set) var divergence = 0.0
  /// The divergence from the prior.
  private(set) var prior = 0.0

  mutating func add(loss: Float, entropy: Float, isClipped: Bool, divergence: Float) {
    self.loss += Double(loss)
    self.entropy += Double(entropy)
    self.divergence += Double(divergence)
    if isClipped { clipped += 1 }
  }

  mutating func add(prior: Float) { self.prior += Double(prior) }

  mutating func add(loss: Float, entropy: Float, prior: Float) {
    self.loss += Double(loss)
    self.entropy += Double(entropy)
    self.prior += Double(prior)
  }

  mutating func finish(_ count: Int) {
    loss /= Double(count)
    entropy /= Double(count)
    clipped /= Double(count)
    divergence /= Double(count)
    prior /= Double(count)
  }
}

extension ProximalActor: Restorable {
  func snapshot() -> Snapshot { parameters.snapshot() }

  mutating func restore(from snapshot: Snapshot) throws(SnapshotError) { try parameters.restore(from: snapshot) }
}
