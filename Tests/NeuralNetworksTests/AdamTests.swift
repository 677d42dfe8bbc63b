import NeuralNetworks
import Randomness
import Snapshots
import Testing

struct AdamTests {
  @Test func `the first step is the learning rate against the gradient's sign`() {
    // m̂ = g and v̂ = g², so the step is α·g / (|g| + ε).
    var adam = Adam(count: 3, learningRate: 0.01)
    var parameters: [Float] = [1, 1, 1]
    let gradient: [Float] = [5, -0.001, 0]
    var span = parameters.mutableSpan
    adam.update(&span, along: gradient.span)
    #expect(adam.step == 1)
    #expect(abs(parameters[0] - 0.99) < 1e-6)
    #expect(abs(parameters[1] - 1.01) < 1e-6)
    #expect(parameters[2] == 1)
  }

  @Test func `100 steps with given gradients equal PyTorch's`() throws {
    let fixture = try AdamFixture.load()
    let settings = fixture.settings
    var adam = Adam(
      count: fixture.initial.count, learningRate: settings.learningRate, beta1: settings.beta1,
      beta2: settings.beta2, epsilon: settings.epsilon)
    var parameters = fixture.initial
    let count = parameters.count
    var compared = 0
    for step in 0..<100 {
      var span = parameters.mutableSpan
      adam.update(&span, along: fixture.gradients.span.extracting(step * count..<(step + 1) * count))
      guard let expected = fixture.after["\(step + 1)"] else { continue }
      #expect(relativeError(parameters, expected) < 1e-5, "after \(step + 1) steps")
      compared += 1
    }
    #expect(compared == 4)
  }

  @Test func `a gradient scale equals a scaled gradient`() {
    var stream = RandomStream(seed: 1)
    let gradient = (0..<21).map { _ in Float(stream.normal()) }
    let scaled = gradient.map { 0.25 * $0 }
    var (first, second) = (Adam(count: 21), Adam(count: 21))
    var (a, b) = ([Float](repeating: 0, count: 21), [Float](repeating: 0, count: 21))
    for _ in 0..<3 {
      var spanA = a.mutableSpan
      var spanB = b.mutableSpan
      first.update(&spanA, along: gradient.span, gradientScale: 0.25)
      second.update(&spanB, along: scaled.span)
    }
    #expect(a == b)
    #expect(a.allSatisfy { $0 != 0 })
  }

  @Test func `a restored optimizer goes on to the bit`() throws {
    var stream = RandomStream(seed: 2)
    let gradients = (0..<10).map { _ in (0..<11).map { _ in Float(stream.normal()) } }
    var straight = Adam(count: 11)
    var values = [Float](repeating: 1, count: 11)
    var resumed = Adam(count: 11)
    var copy: [Float] = []
    for (step, gradient) in gradients.enumerated() {
      if step == 5 {
        try resumed.restore(from: straight.snapshot())
        copy = values
      }
      if step >= 5 {
        var span = copy.mutableSpan
        resumed.update(&span, along: gradient.span)
      }
      var span = values.mutableSpan
      straight.update(&span, along: gradient.span)
    }
    #expect(values == copy)
    #expect(straight == resumed)
  }

  @Test func `a snapshot of another size is refused and changes nothing`() {
    var adam = Adam(count: 4)
    let before = adam
    #expect(throws: SnapshotError.self) { try adam.restore(from: Adam(count: 5).snapshot()) }
    #expect(adam == before)
  }

  @Test func `no moment lingers among the subnormal numbers when gradients end`() throws {
    var adam = Adam(count: 9)
    var values = [Float](repeating: 1, count: 9)
    for step in 0..<1_200 {
      let gradient = [Float](repeating: step == 0 ? 1 : 0, count: 9)
      var span = values.mutableSpan
      adam.update(&span, along: gradient.span)
    }
    // 0.9^1200 is 1e-55; in the usual arithmetic rounding stops the decay at a subnormal number.
    let moments = try adam.snapshot().floats("first_moment")
    #expect(moments.allSatisfy { $0 == 0 || $0.isNormal })
    #expect(moments.allSatisfy { $0 < 2e-37 })
  }
}
