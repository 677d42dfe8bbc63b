import Agents
import Foundation
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Testing

/// What an actor draws.
@Suite struct ActionDistributionTests {
  private struct Drawn {
    var integers: [Int32]
    var numbers: [Float]
    var logProbability: Float
  }

  private func draw(
    _ distribution: ActionDistribution, _ outputs: [Float], _ logDeviations: [Float], _ mask: [Bool],
    _ stream: inout RandomStream
  ) -> Drawn {
    var drawn = Drawn(
      integers: [Int32](repeating: -1, count: distribution.outputs.choices.count),
      numbers: [Float](repeating: 0, count: distribution.outputs.ranges.count), logProbability: 0)
    var (integers, numbers) = (drawn.integers, drawn.numbers)
    do {
      var first = integers.mutableSpan
      var second = numbers.mutableSpan
      drawn.logProbability = distribution.draw(
        outputs.span, logDeviations: logDeviations.span, permitted: mask.span, using: &stream, integers: &first,
        numbers: &second)
    }
    (drawn.integers, drawn.numbers) = (integers, numbers)
    return drawn
  }

  /// Frequencies and moments of 40,000 draws lie within four standard errors.
  @Test func `draws permitted options by their probabilities and real numbers by mean and deviation`() throws {
    let space = ActionSpace.hybrid(labels: ["a", "b", "c", "d"], box: [-1...1])
    let distribution = ActionDistribution(try #require(ActorOutputs(space)))
    let outputs: [Float] = [0.5, 60, -1, 1.5, 0.3]
    let mask = [true, false, true, true]
    let total = [0.5, -1, 1.5].reduce(0) { $0 + exp($1) }
    let wanted = [exp(0.5) / total, 0, exp(-1) / total, exp(1.5) / total]
    var counts = [0.0, 0, 0, 0]
    var (sum, squares) = (0.0, 0.0)
    var stream = RandomStream(seed: 5)
    let count = 40_000.0
    for _ in 0..<Int(count) {
      let drawn = draw(distribution, outputs, [-0.7], mask, &stream)
      counts[Int(drawn.integers[0])] += 1
      let noise = (Double(drawn.numbers[0]) - 0.3) / exp(-0.7)
      sum += noise
      squares += noise * noise
      let density = -0.5 * noise * noise - 0.5 * log(2 * Double.pi) + 0.7
      let expected = log(wanted[Int(drawn.integers[0])]) + density
      #expect(abs(Double(drawn.logProbability) - expected) < 1e-4)
    }
    #expect(counts[1] == 0)
    for option in [0, 2, 3] {
      let error = (wanted[option] * (1 - wanted[option]) / count).squareRoot()
      #expect(abs(counts[option] / count - wanted[option]) < 4 * error)
    }
    #expect(abs(sum / count) < 4 / count.squareRoot())
    #expect(abs(squares / count - 1) < 4 * (2 / count).squareRoot())
  }

  @Test func `logits of any size give finite figures, and a single permitted option is certain`() throws {
    let distribution = ActionDistribution(try #require(ActorOutputs(.discrete(labels: ["a", "b", "c"]))))
    var stream = RandomStream(seed: 1)
    for outputs in [[1e30, -1e30, 0], [-1e30, -1e30, -1e30], [500, 499, -500]] as [[Float]] {
      for mask in [[true, true, true], [false, true, false], [false, true, true]] {
        let drawn = draw(distribution, outputs, [], mask, &stream)
        let measured = distribution.measure(
          outputs.span, logDeviations: [Float]().span, permitted: mask.span, integers: drawn.integers.span,
          numbers: [Float]().span)
        #expect(mask[Int(drawn.integers[0])])
        #expect(measured.logProbability.isFinite && measured.entropy.isFinite && measured.entropy >= 0)
        #expect(measured.logProbability == drawn.logProbability)
        if mask == [false, true, false] { #expect(measured.logProbability == 0 && measured.entropy == 0) }
      }
    }
  }
}
