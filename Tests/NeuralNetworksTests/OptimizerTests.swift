import NeuralNetworks
import Randomness
import Snapshots
import Testing

struct OptimizerTests {
  static let kinds: [Optimizer.Kind] = [
    .sgd(), .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.01), .rmsProp(),
    .rmsProp(alpha: 0.9, momentum: 0.5, centered: true), .adam(), .adamW(weightDecay: 0.1),
  ]

  @Test func `100 steps of every kind along given gradients equal PyTorch's`() throws {
    let fixture: OptimizersFixture = try decodeFixture("optimizers")
    #expect(Set(fixture.cases.map(\.kind)).count == 4)
    let count = fixture.initial.count
    for test in fixture.cases {
      var optimizer = Optimizer(
        try #require(test.optimizer), count: count, learningRate: fixture.learningRate)
      var parameters = fixture.initial
      var compared = 0
      for step in 0..<100 {
        var span = parameters.mutableSpan
        optimizer.update(&span, along: fixture.gradients.span.extracting(step * count..<(step + 1) * count))
        guard let expected = test.after["\(step + 1)"] else { continue }
        #expect(relativeError(parameters, expected) < 1e-5, "\(test.kind) \(test.options), step \(step + 1)")
        compared += 1
      }
      #expect(compared == 3)
    }
    var clipped = Array(fixture.gradients[..<count])
    var span = clipped.mutableSpan
    ValueClipping(maximumValue: fixture.clipValue).clip(&span)
    #expect(relativeError(clipped, fixture.clipped) < 1e-7)
    #expect(clipped.contains(fixture.clipValue) || clipped.contains(-fixture.clipValue))
  }

  @Test(arguments: kinds)
  func `with another's arrays and as many steps an optimizer goes on like it, and reset like a new one`(
    kind: Optimizer.Kind
  ) {
    var stream = RandomStream(seed: 43)
    let network = Network.mlp(inputs: 3, hidden: [5], outputs: 2)
    let gradients = (0..<4).map { _ in network.initialParameters(using: &stream) }
    let start = network.initialParameters(using: &stream)
    func optimizer(after steps: Range<Int>) -> Optimizer {
      var optimizer = Optimizer(kind, count: network.layout.count, learningRate: 0.01)
      var parameters = start
      for step in steps { optimizer.update(&parameters, along: gradients[step]) }
      return optimizer
    }
    func walk(_ optimizer: Optimizer) -> [Float] {
      var (optimizer, parameters) = (optimizer, start)
      for gradient in gradients { optimizer.update(&parameters, along: gradient) }
      return parameters.values
    }
    let (first, second, new) = (optimizer(after: 0..<2), optimizer(after: 2..<4), optimizer(after: 0..<0))
    var other = second
    other.arrays = first.arrays
    #expect(other.arrays == first.arrays && other == first && walk(other) == walk(first))
    let keepsNothing = first.arrays.allSatisfy(\.isEmpty)
    #expect((walk(second) == walk(first)) == keepsNothing && (walk(new) == walk(first)) == keepsNothing)
    other.reset()
    #expect(other == new && walk(other) == walk(new))
  }

  @Test(arguments: kinds)
  func `a target dragged along has the bits of an update followed by a move`(kind: Optimizer.Kind) {
    let network = Network.mlp(inputs: 3, hidden: [5], outputs: 2)
    var stream = RandomStream(seed: 41)
    var (first, second) = (
      Optimizer(kind, count: network.layout.count, learningRate: 0.01),
      Optimizer(kind, count: network.layout.count, learningRate: 0.01)
    )
    var parameters = network.initialParameters(using: &stream)
    var others = parameters
    var target = network.initialParameters(using: &stream)
    target.values[3] = Float.leastNormalMagnitude / 4
    var otherTarget = target
    for tau in [Float(0.005), 0, 0.3, 1, 0.5] {
      var gradient = network.initialParameters(using: &stream)
      gradient.values[3] = 0
      first.update(&parameters, along: gradient, gradientScale: 0.5, dragging: &target, by: tau)
      second.update(&others, along: gradient, gradientScale: 0.5)
      otherTarget.move(toward: others, by: tau)
      #expect(parameters.values.map(\.bitPattern) == others.values.map(\.bitPattern))
      #expect(target.values.map(\.bitPattern) == otherTarget.values.map(\.bitPattern), "tau \(tau)")
    }
    #expect(first == second)
  }

  @Test(arguments: kinds)
  func `a restored optimizer goes on to the bit, at its learning rate`(kind: Optimizer.Kind) throws {
    var stream = RandomStream(seed: 42)
    var straight = Optimizer(kind, count: 11, learningRate: 0.1)
    var values = [Float](repeating: 1, count: 11)
    func step(_ optimizer: inout Optimizer, _ values: inout [Float], _ gradient: [Float]) {
      var span = values.mutableSpan
      optimizer.update(&span, along: gradient.span)
    }
    for _ in 0..<5 { step(&straight, &values, (0..<11).map { _ in Float(stream.normal()) }) }
    var resumed = Optimizer(kind, count: 11, learningRate: 0.1)
    try resumed.restore(from: straight.snapshot())
    var copy = values
    (straight.learningRate, resumed.learningRate) = (0.02, 0.02)
    for _ in 0..<5 {
      let gradient = (0..<11).map { _ in Float(stream.normal()) }
      step(&straight, &values, gradient)
      step(&resumed, &copy, gradient)
    }
    #expect(values == copy)
    #expect(straight == resumed)
    let before = resumed
    if kind != .sgd() {
      let other = Optimizer(kind, count: 12, learningRate: 0.1)
      #expect(throws: SnapshotError.self) { try resumed.restore(from: other.snapshot()) }
    }
    #expect(resumed == before)
  }

  @Test func `a learning rate of zero leaves the parameters alone`() {
    for kind in Self.kinds {
      var optimizer = Optimizer(kind, count: 3, learningRate: 0)
      var values: [Float] = [1, -2, 3]
      var span = values.mutableSpan
      optimizer.update(&span, along: [5, 6, 7].span)
      #expect(values == [1, -2, 3])
    }
  }

  @Test func `learning rates equal those of PyTorch's schedulers`() throws {
    let fixture: SchedulesFixture = try decodeFixture("schedules")
    #expect(fixture.cases.count == 10)
    for test in fixture.cases {
      let schedule = try #require(test.schedule)
      let rates = test.rates.indices.map { schedule.rate(initial: fixture.initial, step: $0) }
      for (found, expected) in zip(rates, test.rates) {
        #expect(abs(Double(found) - expected) < 1e-6 * expected, "\(test.kind) after \(test.warmUp)")
      }
    }
    let cosine = LearningRateSchedule.cosine(minimum: 0.02, steps: 12)
    #expect(cosine.rate(initial: 0.2, step: 12) == 0.02 && cosine.rate(initial: 0.2, step: 99) == 0.02)
  }
}
