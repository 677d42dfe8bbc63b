internal import LinearAlgebra
public import Randomness

/// How an actor's probabilities agree with those of a prior: what each choice's options have in both.
///
/// Of every choice the prior's probabilities are taken over its permitted options, brought to the sum 1. A choice without
/// advice, all 0 or no numbers, counts nothing. Choices are independent, so that divergences add up.
///
/// A divergence from a prior that rules an option out would be infinite. It is measured from (1 − η) π₀ + η/n instead,
/// over the n permitted options, with η = ``floorShare``: an option that the prior never takes costs at most
/// log(n/η) nats more than one that it always takes. The cross-entropy with the prior, for imitation, is that of π₀
/// itself.
public struct PriorAgreement: Sendable {
  /// The number of options of each choice.
  public let choices: [Int]

  /// η.
  public static let floorShare: Float = 1e-3

  /// The agreement of actions with choices of so many options.
  public init(choices: [Int]) { self.choices = choices }

  /// Draws an option for each choice that there is advice for.
  ///
  /// - Parameters:
  ///   - prior: the probabilities of the options of all choices.
  ///   - mask: the permitted options.
  ///   - stream: one number is taken for each choice with advice.
  ///   - integers: the option of each choice; left alone where there is no advice.
  public func draw(
    _ prior: Span<Float>, permitted mask: Span<Bool>, using stream: inout RandomStream,
    integers: inout MutableSpan<Int32>
  ) {
    var start = 0
    for choice in 0..<choices.count {
      let options = start..<start + choices[choice]
      let sums = Sums(prior, mask, options)
      if sums.isAdvised {
        var rest = Float(stream.uniform()) * sums.total
        for option in options where mask[option] && prior[option] > 0 {
          integers[choice] = Int32(option - start)
          rest -= prior[option]
          if rest < 0 { break }
        }
      }
      start = options.upperBound
    }
  }

  /// The cross-entropy −Σ π₀ log π, in nats, of choices with advice.
  ///
  /// - Parameters:
  ///   - row: an actor's outputs, of which the logits come first.
  ///   - mask: the permitted options.
  ///   - weight: what the derivatives are multiplied by.
  ///   - gradient: has `weight` times the derivatives with respect to the logits, π − π₀, added.
  public func crossEntropy(
    _ row: Span<Float>, permitted mask: Span<Bool>, prior: Span<Float>, weight: Float,
    addingTo gradient: inout MutableSpan<Float>
  ) -> Float {
    var entropy: Float = 0
    var start = 0
    for choice in 0..<choices.count {
      let options = start..<start + choices[choice]
      let sums = Sums(prior, mask, options)
      if sums.isAdvised {
        let normalizer = Self.logSum(row, mask, options)
        for option in options where mask[option] {
          let logProbability = row[option] - normalizer
          let advised = prior[option] / sums.total
          if advised > 0 { entropy -= advised * logProbability }
          gradient[option] += weight * (Vectorizable.exp(logProbability) - advised)
        }
      }
      start = options.upperBound
    }
    return entropy
  }

  /// The divergence KL(π‖π₀) = Σ π (log π − log π₀), in nats, of choices with advice, π₀ with its floor.
  ///
  /// - Parameters:
  ///   - row: an actor's outputs, of which the logits come first.
  ///   - mask: the permitted options.
  ///   - weight: what the derivatives are multiplied by.
  ///   - gradient: has `weight` times the derivatives with respect to the logits, π (log π − log π₀ − KL), added.
  public func divergence(
    _ row: Span<Float>, permitted mask: Span<Bool>, prior: Span<Float>, weight: Float,
    addingTo gradient: inout MutableSpan<Float>
  ) -> Float {
    var total: Float = 0
    var start = 0
    for choice in 0..<choices.count {
      let options = start..<start + choices[choice]
      let sums = Sums(prior, mask, options)
      if sums.isAdvised {
        let normalizer = Self.logSum(row, mask, options)
        var divergence: Float = 0
        for option in options where mask[option] {
          let logProbability = row[option] - normalizer
          divergence += Vectorizable.exp(logProbability) * (logProbability - sums.logFloored(prior[option]))
        }
        for option in options where mask[option] {
          let logProbability = row[option] - normalizer
          let excess = logProbability - sums.logFloored(prior[option]) - divergence
          gradient[option] += weight * Vectorizable.exp(logProbability) * excess
        }
        total += divergence
      }
      start = options.upperBound
    }
    return total
  }

  /// The logarithm of the sum of exponentials of the permitted logits.
  private static func logSum(_ row: Span<Float>, _ mask: Span<Bool>, _ options: Range<Int>) -> Float {
    var greatest = -Float.infinity
    for option in options where mask[option] && row[option] > greatest { greatest = row[option] }
    var total: Float = 0
    for option in options where mask[option] { total += Vectorizable.exp(row[option] - greatest) }
    return greatest + Vectorizable.log(total)
  }

  /// What the prior of a choice is made of.
  private struct Sums {
    /// Σ π₀ over permitted options.
    var total: Float = 0
    /// Permitted options.
    var count: Float = 0

    init(_ prior: Span<Float>, _ mask: Span<Bool>, _ options: Range<Int>) {
      for option in options where mask[option] {
        total += prior[option]
        count += 1
      }
    }

    var isAdvised: Bool { total > 0 && total < .infinity }

    /// The logarithm of a probability of the prior with its floor.
    func logFloored(_ probability: Float) -> Float {
      Vectorizable.log((1 - PriorAgreement.floorShare) * probability / total + PriorAgreement.floorShare / count)
    }
  }
}
