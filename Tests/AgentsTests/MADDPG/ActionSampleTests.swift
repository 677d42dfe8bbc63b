import Agents
import Glibc
import Policies
import Randomness
import ReinforcementLearning
import Testing

/// Trap T5: the details of the Gumbel-softmax.
@Suite struct ActionSampleTests {
  private static let space = ActionSpace.multiDiscrete([3, 2])
  private static let hybrid = ActionSpace.hybrid(labels: ["a", "b", "c"], box: [-1...1, 0...4])

  private func outputs(_ space: ActionSpace) throws -> ActorOutputs { try #require(ActorOutputs(space)) }

  private func drawn(
    _ space: ActionSpace, _ values: [Float], masks: [Bool], uniforms: [Float], temperature: Float = 1
  ) throws -> ActionSample {
    let outputs = try outputs(space)
    let rows = values.count / outputs.count
    var sample = ActionSample(outputs, rows: rows)
    sample.draw(
      values.span, permitted: masks.span, rows: rows, temperature: temperature, uniforms: uniforms.span)
    return sample
  }

  /// The soft sample in `Double`, written from its equation, and the tanh of the numbers.
  private func soft(
    _ outputs: ActorOutputs, _ values: [Double], masks: [Bool], uniforms: [Float], temperature: Double
  ) -> [Double] {
    var result: [Double] = []
    for row in 0..<values.count / outputs.count {
      var start = 0
      for options in outputs.choices {
        let powers = (start..<start + options).map { option in
          let place = row * outputs.logitCount + option
          return masks[place]
            ? exp((values[row * outputs.count + option] - log(-log(Double(uniforms[place])))) / temperature) : 0
        }
        let sum = powers.reduce(0, +)
        result += powers.map { sum == 0 ? 0 : $0 / sum }
        start += options
      }
      result += (outputs.logitCount..<outputs.count).map { tanh(values[row * outputs.count + $0]) }
    }
    return result
  }

  /// Worked out by hand: −log(−log u) is 0.3665 for ½, 2.2504 for 0.9, −0.8340 for 0.1.
  @Test func `the option of the greatest logit plus noise is drawn`() throws {
    let all = [Bool](repeating: true, count: 5)
    let uniforms: [Float] = [0.5, 0.9, 0.1, 0.5, 0.9]
    #expect(try drawn(Self.space, [0, 0, 0, 0, 0], masks: all, uniforms: uniforms).actions == [0, 1, 0, 0, 1])
    #expect(try drawn(Self.space, [1.9, 0, 0, 1.8, 0], masks: all, uniforms: uniforms).actions == [1, 0, 0, 0, 1])
    #expect(try drawn(Self.space, [1.8, 0, 3, 1.9, 0], masks: all, uniforms: uniforms).actions == [0, 1, 0, 1, 0])
    #expect(try drawn(Self.space, [0, 0, 3.1, 0, 0], masks: all, uniforms: uniforms).actions == [0, 0, 1, 0, 1])
    let masks = [true, false, true, false, true]
    #expect(try drawn(Self.space, [0, 9, 0, 9, 0], masks: masks, uniforms: uniforms).actions == [1, 0, 0, 0, 1])
    let hybrid = try drawn(
      Self.hybrid, [0, 0, 0, 0.5, -100], masks: [true, true, true], uniforms: [0.5, 0.9, 0.1])
    #expect(Array(hybrid.actions[..<3]) == [0, 1, 0] && hybrid.actions[4] == -1)
    #expect(abs(hybrid.actions[3] - 0.46211716) < 1e-6)
  }

  @Test(arguments: [0.3, 1, 5] as [Float])
  func `the soft sample is the softmax over permitted options at its temperature`(temperature: Float) throws {
    var stream = RandomStream(seed: 3)
    let rows = 50
    let outputs = try outputs(Self.hybrid)
    let values = (0..<rows * outputs.count).map { _ in Float(stream.normal()) }
    let masks = (0..<rows * 3).map { $0 % 3 == 1 || stream.bernoulli(0.6) }
    var uniforms = [Float](repeating: 0, count: rows * 3)
    var span = uniforms.mutableSpan
    stream.fill(uniform: &span)
    let sample = try drawn(Self.hybrid, values, masks: masks, uniforms: uniforms, temperature: temperature)
    let wanted = soft(
      outputs, values.map(Double.init), masks: masks, uniforms: uniforms, temperature: Double(temperature))
    for (found, wanted) in zip(sample.soft, wanted) { #expect(abs(Double(found) - wanted) < 2e-5) }
    for row in 0..<rows {
      let options = Array(sample.actions[5 * row..<5 * row + 3])
      #expect(options.sorted() == [0, 0, 1], "exactly one-hot")
      let best = (0..<3).max { sample.soft[5 * row + $0] < sample.soft[5 * row + $1] }
      #expect(options.firstIndex(of: 1) == best)
    }
  }

  @Test func `equals give exactly one 1, the lowest permitted, sampled or greedy`() throws {
    let uniforms = [Float](repeating: 0.25, count: 5)
    let values = [Float](repeating: 0.5, count: 5)
    let all = [Bool](repeating: true, count: 5)
    var sample = try drawn(Self.space, values, masks: all, uniforms: uniforms)
    #expect(sample.actions == [1, 0, 0, 1, 0])
    let masks = [false, true, true, true, true]
    #expect(try drawn(Self.space, values, masks: masks, uniforms: uniforms).actions == [0, 1, 0, 1, 0])
    sample.drawGreedy(values.span, permitted: masks.span, rows: 1)
    #expect(sample.actions == [0, 1, 0, 1, 0])
    sample.drawGreedy([-3, 8, 2, 1, 7].span as Span<Float>, permitted: masks.span, rows: 1)
    #expect(sample.actions == [0, 1, 0, 0, 1])
  }

  @Test func `the least and the greatest uniform numbers stay finite`() throws {
    let all = [Bool](repeating: true, count: 5)
    let ends: [Float] = [0, Float(1).nextDown, 0, Float(1).nextDown, 1]
    for temperature in [0.01, 1, 100] as [Float] {
      let sample = try drawn(Self.space, [0, 0, 0, 0, 0], masks: all, uniforms: ends, temperature: temperature)
      #expect((sample.actions + sample.soft).allSatisfy { $0.isFinite })
      #expect(sample.actions == [0, 1, 0, 1, 0])
      #expect(abs(sample.soft[..<3].reduce(0, +) - 1) < 1e-6)
    }
    let huge = try drawn(Self.space, [1e30, -1e30, 0, -1e30, -1e30], masks: all, uniforms: ends)
    #expect((huge.actions + huge.soft).allSatisfy { $0.isFinite } && huge.actions == [1, 0, 0, 1, 0])
  }

  @Test func `what is masked is never drawn in a hundred thousand draws, however great its logit`() throws {
    let outputs = try outputs(Self.space)
    let rows = 1000
    let values = (0..<rows).flatMap { _ in [50, 0, 0, 0, 50] as [Float] }
    let masks = (0..<rows).flatMap { _ in [false, true, true, true, false] }
    var sample = ActionSample(outputs, rows: rows)
    var stream = RandomStream(seed: 4)
    var seconds = 0
    for _ in 0..<100 {
      sample.draw(values.span, permitted: masks.span, rows: rows, temperature: 1, using: &stream)
      for row in 0..<rows {
        let part = Array(sample.actions[5 * row..<5 * row + 5])
        #expect(part[0] == 0 && sample.soft[5 * row] == 0 && Array(part[3...]) == [1, 0])
        if part[1] == 1 { seconds += 1 }
      }
    }
    #expect(abs(Double(seconds) - 50_000) < 4 * 158, "both permitted options equally often")
  }

  /// P(option) = softmax(logits): the Gumbel-max theorem.
  @Test func `options are drawn with the probabilities of the softmax`() throws {
    let outputs = try outputs(.discrete(labels: ["a", "b", "c"]))
    let logits: [Float] = [0, 1, -1]
    let rows = 1000
    let values = (0..<rows).flatMap { _ in logits }
    let masks = [Bool](repeating: true, count: 3 * rows)
    var sample = ActionSample(outputs, rows: rows)
    var stream = RandomStream(seed: 5)
    var counts = [0.0, 0, 0]
    for _ in 0..<100 {
      sample.draw(values.span, permitted: masks.span, rows: rows, temperature: 0.5, using: &stream)
      for index in sample.actions.indices where sample.actions[index] == 1 { counts[index % 3] += 1 }
    }
    let sum = logits.reduce(0) { $0 + exp(Double($1)) }
    let chiSquare = (0..<3).reduce(0.0) {
      let expected = 100_000 * exp(Double(logits[$1])) / sum
      return $0 + (counts[$1] - expected) * (counts[$1] - expected) / expected
    }
    #expect(chiSquare < 13.82, "0.999 quantile for 2 degrees of freedom; got \(chiSquare)")
  }

  @Test func `where nothing is permitted all entries and derivatives are zero`() throws {
    let masks = [false, false, false, true, true]
    let sample = try drawn(
      Self.space, [1, 2, 3, 4, 5], masks: masks, uniforms: [Float](repeating: 0.5, count: 5))
    #expect(Array(sample.actions[..<3]) == [0, 0, 0] && Array(sample.soft[..<3]) == [0, 0, 0])
    #expect(sample.actions[4] == 1)
    var gradient = [Float](repeating: .nan, count: 5)
    var span = gradient.mutableSpan
    sample.differentiate(
      [1, 2, 3, 4, 5].span as Span<Float>, [1, 2, 3, 4, 5].span as Span<Float>, permitted: masks.span, rows: 1,
      temperature: 1, regularization: 0.5, weights: [1].span as Span<Float>, into: &span)
    #expect(Array(gradient[..<3]) == [0, 0, 0] && gradient[3] != 0 && gradient[4] != 0)
  }

  /// The derivative of Σ slope · soft + λ Σ weight · mean square, by central differences of the equation.
  @Test(arguments: [ActionSpace.multiDiscrete([3, 2]), .hybrid(labels: ["a", "b", "c"], box: [-1...1, 0...4])])
  func `derivatives are those of the soft sample and of the regulariser over what is permitted`(
    space: ActionSpace
  ) throws {
    let outputs = try outputs(space)
    var stream = RandomStream(seed: 6)
    let (rows, temperature, factor) = (40, 0.7, 0.3)
    let values = (0..<rows * outputs.count).map { _ in Float(stream.normal()) }
    let slopes = values.map { _ in Float(stream.normal()) }
    let masks = (0..<rows * outputs.logitCount).map { _ in stream.bernoulli(0.7) }
    let weights = (0..<rows).map { $0 % 5 == 0 ? 0 : Float(stream.uniform()) }
    var uniforms = [Float](repeating: 0, count: rows * outputs.logitCount)
    var noise = uniforms.mutableSpan
    stream.fill(uniform: &noise)
    let sample = try drawn(space, values, masks: masks, uniforms: uniforms, temperature: Float(temperature))
    var gradient = [Float](repeating: .nan, count: values.count)
    var span = gradient.mutableSpan
    sample.differentiate(
      slopes.span, values.span, permitted: masks.span, rows: rows, temperature: Float(temperature),
      regularization: Float(factor), weights: weights.span, into: &span)

    func loss(_ values: [Double]) -> Double {
      let soft = soft(outputs, values, masks: masks, uniforms: uniforms, temperature: temperature)
      var loss = zip(soft, slopes).reduce(0) { $0 + $1.0 * Double($1.1) }
      for row in 0..<rows {
        let legal = (0..<outputs.count).filter { $0 >= outputs.logitCount || masks[row * outputs.logitCount + $0] }
        let squares = legal.reduce(0) { $0 + values[row * outputs.count + $1] * values[row * outputs.count + $1] }
        if !legal.isEmpty { loss += factor * Double(weights[row]) * squares / Double(legal.count) }
      }
      return loss
    }
    let exact = values.map(Double.init)
    for index in exact.indices {
      var (up, down) = (exact, exact)
      up[index] += 1e-5
      down[index] -= 1e-5
      let wanted = (loss(up) - loss(down)) / 2e-5
      #expect(abs(Double(gradient[index]) - wanted) < 2e-5, "output \(index)")
    }
    for row in 0..<rows {
      for option in 0..<outputs.logitCount where !masks[row * outputs.logitCount + option] {
        #expect(gradient[row * outputs.count + option] == 0)
      }
    }
  }

  @Test func `smoothing is clipped noise on numbers only, which stay within their range`() throws {
    let outputs = try outputs(Self.hybrid)
    let rows = 20_000
    let values = (0..<rows).flatMap { _ in [0, 0, 0, 0, 20] as [Float] }
    let masks = [Bool](repeating: true, count: 3 * rows)
    var sample = ActionSample(outputs, rows: rows)
    sample.drawGreedy(values.span, permitted: masks.span, rows: rows)
    var stream = RandomStream(seed: 7)
    sample.smooth(deviation: 0.2, clip: 0.3, rows: rows, using: &stream)
    var twin = RandomStream(seed: 7)
    for row in 0..<rows {
      #expect(Array(sample.actions[5 * row..<5 * row + 3]) == [1, 0, 0])
      let noise = (Float(twin.normal()), Float(twin.normal()))
      #expect(sample.actions[5 * row + 3] == min(max(0.2 * noise.0, -0.3), 0.3))
      #expect(sample.actions[5 * row + 4] == min(1 + min(max(0.2 * noise.1, -0.3), 0.3), 1))
    }
    let greatest = (0..<rows).map { abs(sample.actions[5 * $0 + 3]) }.max()
    #expect(greatest == 0.3)
  }

  @Test func `a draw with a stream is the draw with its uniform numbers, and repeats`() throws {
    let outputs = try outputs(Self.hybrid)
    let rows = 7
    var stream = RandomStream(seed: 8)
    let values = (0..<rows * 5).map { _ in Float(stream.normal()) }
    let masks = [Bool](repeating: true, count: 3 * rows)
    var uniforms = [Float](repeating: 0, count: 3 * rows)
    var twin = stream
    var span = uniforms.mutableSpan
    twin.fill(uniform: &span)
    var sample = ActionSample(outputs, rows: 10)
    sample.draw(values.span, permitted: masks.span, rows: rows, temperature: 2, using: &stream)
    let given = try drawn(Self.hybrid, values, masks: masks, uniforms: uniforms, temperature: 2)
    #expect(Array(sample.actions[..<(5 * rows)]) == given.actions && Array(sample.soft[..<(5 * rows)]) == given.soft)
    #expect(stream == twin)
  }
}
