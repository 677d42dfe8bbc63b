import Agents
import Foundation
import NeuralNetworks
import Policies
import ReinforcementLearning
import Testing

/// Advantages, surrogate and actors against rlax and PyTorch; written by Tests/Interoperability/make_ppo_fixtures.py.
@Suite struct PPOPeerTests {
  private struct Fixture: Decodable {
    struct Trajectory: Decodable {
      let terminated: Bool
      let rewards, values, advantages: [Float]
    }
    struct Surrogate: Decodable {
      let epsilon: Float
      let ratios, advantages, gradient: [Float]
      let loss: Double
    }
    struct Actor: Decodable {
      let choices: [Int]
      let numbers, rows: Int
      let epsilon, bonus: Float
      let outputs, logDeviations, drawn, advantages, before, logProbabilities, entropies: [Float]
      let mask: [Bool]
      let integers: [Int32]
      let loss: Double
      let gradient, deviationGradient: [Float]

      var space: ActionSpace {
        let ranges = [ClosedRange<Float>](repeating: -1...1, count: numbers)
        if choices.isEmpty { return .box(ranges) }
        if numbers == 0 { return .multiDiscrete(choices) }
        return .hybrid(labels: (0..<choices[0]).map { "\($0)" }, box: ranges)
      }
    }

    let discount, decay: Float
    let trajectories: [Trajectory]
    let surrogates: [Surrogate]
    let actors: [Actor]

    static func load() throws -> Fixture {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/ppo.json")
      return try decoder.decode(Fixture.self, from: Data(contentsOf: path))
    }
  }

  /// The trajectories lie in three slots, one behind another and with empty steps between, whose numbers are poison.
  @Test func `advantages of trajectories that share slots equal rlax's of each by itself`() throws {
    let fixture = try Fixture.load()
    let (slots, steps) = (3, 20)
    var rewards = [Float](repeating: .nan, count: slots * steps)
    var values = rewards
    var bootstraps = rewards
    var kinds = [UInt8](repeating: StepKind.absent.rawValue, count: slots * steps)
    var expected = [Float](repeating: 0, count: slots * steps)
    for (slot, numbers) in [[0, 1, 2], [3, 4], [5]].enumerated() {
      var step = slot % 2
      for (place, number) in numbers.enumerated() {
        let trajectory = fixture.trajectories[number]
        let length = trajectory.rewards.count
        for index in 0..<length {
          let sample = (step + index) * slots + slot
          rewards[sample] = trajectory.rewards[index]
          values[sample] = trajectory.values[index]
          expected[sample] = trajectory.advantages[index]
          kinds[sample] = StepKind.goesOn.rawValue
        }
        let last = (step + length - 1) * slots + slot
        kinds[last] = (trajectory.terminated ? StepKind.terminated : .cut).rawValue
        if !trajectory.terminated { bootstraps[last] = trajectory.values[length] }
        step += length + (place == 0 ? 1 : 0)
      }
    }
    var found = [Float](repeating: .nan, count: slots * steps)
    var span = found.mutableSpan
    AdvantageEstimation(discount: fixture.discount, decay: fixture.decay).estimate(
      rewards: rewards.span, values: values.span, bootstraps: bootstraps.span, kinds: kinds.span, slots: slots,
      into: &span)
    for index in found.indices { #expect(abs(found[index] - expected[index]) < 2e-6, "sample \(index)") }
    #expect(fixture.trajectories.contains { $0.terminated } && expected.contains { abs($0) > 1 })
  }

  @Test func `the clipped surrogate and its slope equal rlax's`() throws {
    for fixture in try Fixture.load().surrogates {
      let surrogate = ClippedSurrogate(range: fixture.epsilon)
      var loss = 0.0
      let count = Float(fixture.ratios.count)
      for (index, ratio) in fixture.ratios.enumerated() {
        loss -= Double(surrogate.value(ratio: ratio, advantage: fixture.advantages[index]))
        let slope = -surrogate.slope(ratio: ratio, advantage: fixture.advantages[index]) / count
        #expect(abs(slope - fixture.gradient[index]) < 1e-6)
      }
      #expect(abs(loss / Double(count) - fixture.loss) < 1e-6)
      #expect(fixture.ratios.contains { surrogate.clips($0) } && fixture.gradient.contains(0))
    }
  }

  @Test(arguments: 0..<4)
  func `an actor's loss and all its derivatives equal PyTorch's, with masks, branches and real numbers`(
    index: Int
  ) throws {
    let fixture = try Fixture.load().actors[index]
    let distribution = ActionDistribution(try #require(ActorOutputs(fixture.space)))
    let surrogate = ClippedSurrogate(range: fixture.epsilon)
    let (width, logits, choices) = (distribution.outputs.count, distribution.outputs.logitCount, fixture.choices.count)
    var deviationGradient = [Float](repeating: 0, count: fixture.numbers)
    var loss = 0.0
    for row in 0..<fixture.rows {
      let outputs = Array(fixture.outputs[row * width..<(row + 1) * width])
      let mask = Array(fixture.mask[row * logits..<(row + 1) * logits])
      let integers = Array(fixture.integers[row * choices..<(row + 1) * choices])
      let drawn = Array(fixture.drawn[row * fixture.numbers..<(row + 1) * fixture.numbers])
      let now = distribution.measure(
        outputs.span, logDeviations: fixture.logDeviations.span, permitted: mask.span, integers: integers.span,
        numbers: drawn.span)
      #expect(abs(now.logProbability - fixture.logProbabilities[row]) < 1e-5)
      #expect(abs(now.entropy - fixture.entropies[row]) < 1e-5)
      let ratio = Float(exp(Double(now.logProbability - fixture.before[row])))
      let advantage = fixture.advantages[row]
      loss -= Double(surrogate.value(ratio: ratio, advantage: advantage) + fixture.bonus * now.entropy)
      let share = 1 / Float(fixture.rows)
      var gradient = [Float](repeating: .nan, count: width)
      do {
        var span = gradient.mutableSpan
        var deviations = deviationGradient.mutableSpan
        distribution.differentiate(
          outputs.span, logDeviations: fixture.logDeviations.span, permitted: mask.span, integers: integers.span,
          numbers: drawn.span, logWeight: -share * surrogate.slope(ratio: ratio, advantage: advantage),
          entropyWeight: -share * fixture.bonus, into: &span, deviationGradient: &deviations)
      }
      for column in 0..<width {
        #expect(abs(gradient[column] - fixture.gradient[row * width + column]) < 2e-6, "row \(row), output \(column)")
        if column < logits, !mask[column] { #expect(gradient[column] == 0) }
      }
    }
    #expect(abs(loss / Double(fixture.rows) - fixture.loss) < 1e-5)
    for number in 0..<fixture.numbers {
      #expect(abs(deviationGradient[number] - fixture.deviationGradient[number]) < 5e-6)
    }
  }
}
