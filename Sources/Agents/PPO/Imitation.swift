import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning

/// What an actor does while a prior acts for it.
extension ProximalActor {
  /// Replaces the choices of the samples of a step by the prior's, in the rollout and in the frame.
  ///
  /// The logarithms of probabilities stay those of the actor's own draw: nothing is learned from them in such a rollout.
  mutating func follow(
    _ samples: Span<Int32>, _ part: inout VectorFrame.Group, with prior: PriorAgreement, into taken: inout TakenRollout,
    _ stream: inout RandomStream
  ) {
    let (masks, advice) = (part.masks, part.advice)
    let (input, maskCount, integerCount) = (input, maskCount, taken.integerCount)
    taken.withActions { integers, _, _ in
      for index in 0..<samples.count {
        let row = index * input.stride + input.first
        guard part.active[row] else { continue }
        let first = Int(samples[index]) * integerCount
        var chosen = integers._mutatingExtracting(first..<first + integerCount)
        let options = row * maskCount..<(row + 1) * maskCount
        prior.draw(
          advice.span.extracting(options), permitted: masks.span.extracting(options), using: &stream, integers: &chosen)
        for choice in 0..<integerCount { part.actions[row * integerCount + choice] = chosen[choice] }
      }
    }
  }

  /// One step along the gradient of the mean cross-entropy with the prior over some samples.
  ///
  /// Real numbers and deviations, of which a prior says nothing, get no gradient.
  mutating func imitate(
    _ prior: PriorAgreement, on samples: Span<Int32>, from rollouts: [ObservedRollout], group: Int, moment: Int
  ) -> SurrogateFigures {
    evaluate(samples, from: rollouts)
    let (masks, advice) = (rollouts[group].masks, rollouts[group].advice)
    let (input, maskCount, width) = (input, maskCount, distribution.outputs.count)
    let (count, all) = (network.layout.count, parameters.online.values.count)
    let distribution = distribution
    let share = 1 / Float(samples.count)
    var figures = SurrogateFigures()
    learning.withOutputGradients(rows: samples.count) { outputs, gradients in
      for index in 0..<samples.count {
        let row = Int(samples[index]) * input.stride + input.first
        let output = outputs.extracting(index * width..<(index + 1) * width)
        let options = row * maskCount..<(row + 1) * maskCount
        let (mask, advised) = (masks.span.extracting(options), advice.span.extracting(options))
        var part = gradients._mutatingExtracting(index * width..<(index + 1) * width)
        for place in 0..<width { part[place] = 0 }
        let divergence = prior.divergence(output, permitted: mask, prior: advised, weight: 0, addingTo: &part)
        let loss = prior.crossEntropy(output, permitted: mask, prior: advised, weight: share, addingTo: &part)
        figures.add(loss: loss, entropy: distribution.choiceEntropy(output, permitted: mask), prior: divergence)
      }
    }
    edit(&parameters.gradient.values) { gradient in
      for place in count..<all { gradient[place] = 0 }
    }
    figures.finish(samples.count)
    propagate(rows: samples.count)
    parameters.descend(at: moment)
    return figures
  }
}
