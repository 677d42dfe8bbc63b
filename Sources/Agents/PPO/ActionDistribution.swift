internal import LinearAlgebra
public import Policies
public import Randomness

/// The random action of an actor: what its outputs say, with noise.
///
/// Each choice is categorical: among its permitted options, with probability proportional to exp(logit); forbidden
/// ones are left out, not weighed down. Each real number is Gaussian before it is squashed: x = μ + σ n with the output
/// as μ and a σ that no observation changes, and the action is tanh(x) within its range (``ActorOutputs``). All are
/// independent, so that the logarithm of an action's probability is the sum over its parts.
///
/// Probabilities and entropies of real numbers are those of x. The squashing would add −log |d tanh(x) / dx|, which is
/// the same under every policy for a given x: it cancels in ratios, and no gradient of it reaches the actor. The
/// entropy of the squashed number would differ; that of x is what is rewarded.
public struct ActionDistribution: Sendable {
  /// What the outputs mean.
  public let outputs: ActorOutputs

  /// log 2π.
  private static let logOfCircle: Float = 1.837_877_1

  /// The distribution of an actor's actions.
  public init(_ outputs: ActorOutputs) { self.outputs = outputs }

  /// Draws an action.
  ///
  /// - Parameters:
  ///   - row: the actor's outputs.
  ///   - logDeviations: log σ of each real number.
  ///   - mask: the permitted options of all choices.
  ///   - stream: one number is taken for each choice, two for each real number.
  ///   - integers: receives the option of each choice; 0 where none is permitted.
  ///   - numbers: receives x of each real number.
  /// - Returns: the logarithm of the probability, of the density where there are real numbers.
  public func draw(
    _ row: Span<Float>, logDeviations: Span<Float>, permitted mask: Span<Bool>, using stream: inout RandomStream,
    integers: inout MutableSpan<Int32>, numbers: inout MutableSpan<Float>
  ) -> Float {
    var logProbability: Float = 0
    var start = 0
    for choice in 0..<outputs.choices.count {
      let options = start..<start + outputs.choices[choice]
      let sums = Sums(row, mask, options)
      var rest = Float(stream.uniform()) * sums.total
      var chosen = options.lowerBound
      for option in options where mask[option] {
        chosen = option
        rest -= Vectorizable.exp(row[option] - sums.greatest)
        if rest < 0 { break }
      }
      integers[choice] = Int32(chosen - start)
      if sums.total > 0 { logProbability += sums.logProbability(row[chosen]) }
      start = options.upperBound
    }
    for number in 0..<outputs.ranges.count {
      let noise = Float(stream.normal())
      numbers[number] = row[outputs.logitCount + number] + Vectorizable.exp(logDeviations[number]) * noise
      logProbability -= 0.5 * (noise * noise + Self.logOfCircle) + logDeviations[number]
    }
    return logProbability
  }

  /// The logarithm of an action's probability, and the entropy in nats, over permitted options only.
  public func measure(
    _ row: Span<Float>, logDeviations: Span<Float>, permitted mask: Span<Bool>, integers: Span<Int32>,
    numbers: Span<Float>
  ) -> (logProbability: Float, entropy: Float) {
    var (logProbability, entropy): (Float, Float) = (0, 0)
    var start = 0
    for choice in 0..<outputs.choices.count {
      let options = start..<start + outputs.choices[choice]
      let sums = Sums(row, mask, options)
      if sums.total > 0 {
        logProbability += sums.logProbability(row[start + Int(integers[choice])])
        entropy += sums.entropy
      }
      start = options.upperBound
    }
    for number in 0..<outputs.ranges.count {
      let distance =
        (numbers[number] - row[outputs.logitCount + number]) * Vectorizable.exp(-logDeviations[number])
      logProbability -= 0.5 * (distance * distance + Self.logOfCircle) + logDeviations[number]
      entropy += 0.5 * (1 + Self.logOfCircle) + logDeviations[number]
    }
    return (logProbability, entropy)
  }

  /// The entropy of the choices in nats, over permitted options only.
  func choiceEntropy(_ row: Span<Float>, permitted mask: Span<Bool>) -> Float {
    var entropy: Float = 0
    var start = 0
    for choice in 0..<outputs.choices.count {
      let options = start..<start + outputs.choices[choice]
      entropy += Sums(row, mask, options).entropy
      start = options.upperBound
    }
    return entropy
  }

  /// Writes the derivatives of a sum, `logWeight` times the logarithm of the action's probability plus `entropyWeight`
  /// times the entropy.
  ///
  /// - Parameters:
  ///   - gradient: with respect to the outputs, overwritten; 0 for forbidden options.
  ///   - deviationGradient: with respect to each log σ, added to what is there.
  public func differentiate(
    _ row: Span<Float>, logDeviations: Span<Float>, permitted mask: Span<Bool>, integers: Span<Int32>,
    numbers: Span<Float>, logWeight: Float, entropyWeight: Float, into gradient: inout MutableSpan<Float>,
    deviationGradient: inout MutableSpan<Float>
  ) {
    var start = 0
    for choice in 0..<outputs.choices.count {
      let options = start..<start + outputs.choices[choice]
      let sums = Sums(row, mask, options)
      for option in options {
        guard mask[option] else {
          gradient[option] = 0
          continue
        }
        let logProbability = sums.logProbability(row[option])
        let probability = Vectorizable.exp(logProbability)
        gradient[option] =
          -probability * (logWeight + entropyWeight * (logProbability + sums.entropy))
      }
      let chosen = start + Int(integers[choice])
      if mask[chosen] { gradient[chosen] += logWeight }
      start = options.upperBound
    }
    for number in 0..<outputs.ranges.count {
      let inverse = Vectorizable.exp(-logDeviations[number])
      let distance = (numbers[number] - row[outputs.logitCount + number]) * inverse
      gradient[outputs.logitCount + number] = logWeight * distance * inverse
      deviationGradient[number] += logWeight * (distance * distance - 1) + entropyWeight
    }
  }

  /// What the probabilities of a choice's permitted options are made of.
  private struct Sums {
    /// The greatest permitted logit.
    var greatest = -Float.infinity
    /// Σ exp(logit − greatest); 0 where nothing is permitted.
    var total: Float = 0
    /// log of the total.
    var logarithm: Float = 0
    /// In nats.
    var entropy: Float = 0

    init(_ row: Span<Float>, _ mask: Span<Bool>, _ options: Range<Int>) {
      for option in options where mask[option] && row[option] > greatest { greatest = row[option] }
      var weighted: Float = 0
      for option in options where mask[option] {
        let distance = row[option] - greatest
        let power = Vectorizable.exp(distance)
        total += power
        weighted += power * distance
      }
      guard total > 0 else { return }
      logarithm = Vectorizable.log(total)
      entropy = logarithm - weighted / total
    }

    func logProbability(_ logit: Float) -> Float { logit - greatest - logarithm }
  }
}
