import Glibc
import Policies
import Randomness
import ReinforcementLearning
import Testing

struct ActorOutputsTests {
  @Test func `logits of all choices lie first, a number for each range behind them`() throws {
    let cases: [(ActionSpace, [Int], Int)] = [
      (.discrete(labels: ["a", "b", "c"]), [3], 0), (.multiDiscrete([2, 4]), [2, 4], 0),
      (.box([-1...1, 0...10]), [], 2), (.hybrid(labels: ["a", "b"], box: [0...23]), [2], 1),
    ]
    for (space, choices, numbers) in cases {
      let outputs = try #require(ActorOutputs(space))
      #expect(outputs.choices == choices && outputs.ranges.count == numbers)
      #expect(outputs.logitCount == space.maskCount && outputs.count == space.maskCount + numbers)
    }
  }

  @Test func `a range without end has no outputs`() {
    let infinity = Float.infinity
    for range in [0...infinity, -infinity...0, -infinity...infinity] {
      #expect(ActorOutputs(.box([0...1, range])) == nil)
      #expect(ActorOutputs(.hybrid(labels: ["a"], box: [range])) == nil)
    }
  }

  @Test func `a place from minus one to one is a number from end to end`() throws {
    let greatest = Float.greatestFiniteMagnitude
    let outputs = try #require(ActorOutputs(.box([-4...8, 7...7, -greatest...greatest, 0.1...0.7])))
    for (place, value) in [(-1, -4), (-0.5, -1), (0, 2), (0.5, 5), (1, 8)] as [(Float, Float)] {
      #expect(outputs.real(0, at: place) == value && outputs.place(0, of: value) == place)
      #expect(outputs.real(1, at: place) == 7 && outputs.place(1, of: 7) == 0)
      #expect(outputs.real(2, at: place) == place * greatest && outputs.place(2, of: place * greatest) == place)
    }
    #expect(abs(outputs.real(3, at: 1) - 0.7) < 1e-7 && abs(outputs.real(3, at: -1) - 0.1) < 1e-7)
    #expect(outputs.place(0, of: 9) == 1 && outputs.place(0, of: -5) == -1)
  }

  @Test func `a number finds its place again and never leaves its range`() throws {
    var stream = RandomStream(seed: 4)
    for _ in 0..<1000 {
      let low = Float(stream.uniform(in: -100..<100))
      let range = low...low + Float(stream.uniform(in: 0.01..<50))
      let outputs = try #require(ActorOutputs(.box([range])))
      let place = Float(stream.uniform(in: -1..<1))
      let value = outputs.real(0, at: place)
      // A rounding of the value, at most 150 in magnitude, weighs the more the shorter its range is.
      let half = (range.upperBound - range.lowerBound) / 2
      #expect(range.contains(value) && abs(outputs.place(0, of: value) - place) <= 4 * 150 * 0x1p-24 / half + 1e-6)
      for end in [1, -1, 1.0000001, -1.0000001] as [Float] { #expect(range.contains(outputs.real(0, at: end))) }
    }
  }

  /// The greedy action of outputs, behind one integer and one number of others.
  private func greedy(_ outputs: ActorOutputs, _ values: [Float], _ mask: [Bool]) -> ([Int32], [Float]) {
    var discrete = [Int32](repeating: -7, count: outputs.choices.count + 2)
    var continuous = [Float](repeating: -7, count: outputs.ranges.count + 2)
    outputs.writeGreedy(values.span, permitted: mask.span, into: &discrete, at: 1, &continuous, at: 1)
    #expect(discrete.first == -7 && discrete.last == -7 && continuous.first == -7 && continuous.last == -7)
    return (Array(discrete[1..<discrete.count - 1]), Array(continuous[1..<continuous.count - 1]))
  }

  @Test func `each choice takes its greatest permitted logit, the lowest of equals`() throws {
    let outputs = try #require(ActorOutputs(.multiDiscrete([3, 2])))
    let cases: [([Float], [Bool], [Int32])] = [
      ([1, 3, 2, 0, 1], [true, true, true, true, true], [1, 1]),
      ([1, 3, 2, 0, 1], [true, false, true, true, false], [2, 0]),
      ([5, 5, 5, 2, 2], [true, true, true, true, true], [0, 0]),
      ([5, 5, 5, 2, 2], [false, true, true, false, true], [1, 1]),
      ([.nan, -.infinity, .nan, 1, .nan], [true, true, true, true, true], [1, 0]),
      ([1, 2, 3, 1, 2], [false, false, false, false, false], [0, 0]),
    ]
    for (values, mask, expected) in cases {
      #expect(greedy(outputs, values, mask).0 == expected, "\(values) under \(mask)")
    }
  }

  @Test func `numbers are the hyperbolic tangent of their outputs, stretched over the range`() throws {
    let outputs = try #require(ActorOutputs(.hybrid(labels: ["a", "b"], box: [-4...8, 0...1, 100...250])))
    for x in [-30, -2, -0.3, 0, 0.1, 1, 5, 1e30] as [Float] {
      let (integers, reals) = greedy(outputs, [0, 1, x, -x, x / 2], [true, true])
      #expect(integers == [1])
      let exact = [2 + 6 * tanh(Double(x)), 0.5 - 0.5 * tanh(Double(x)), 175 + 75 * tanh(Double(x) / 2)]
      for (number, value) in exact.enumerated() {
        #expect(abs(Double(reals[number]) - value) < 1e-6 * max(1, abs(value)) * 10)
        #expect(outputs.ranges[number].contains(reals[number]))
      }
    }
  }
}
