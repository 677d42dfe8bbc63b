import NeuralNetworks
import Testing

struct LossTests {
  @Test func `at an error of 3 the squared loss is 9 and Huber's with threshold 1 is 2.5`() {
    #expect(Loss.mse.value(3) == 9)
    #expect(Loss.huber(threshold: 1).value(3) == 2.5)
    #expect(Loss.mse.derivative(3) == 6)
    #expect(Loss.huber(threshold: 1).derivative(3) == 1)
    #expect(Loss.huber(threshold: 1).derivative(-3) == -1)
  }

  @Test(arguments: [1, 2, 32])
  func `the mean over a batch is the scalar computed by hand`(count: Int) {
    // Prediction i is i, target i is 2i: the errors are 0, -1, -2, …
    let predictions = (0..<count).map(Float.init)
    let targets = (0..<count).map { Float(2 * $0) }
    let n = Double(count)
    // Σ i² = (n-1) n (2n-1) / 6; Huber: Σ_{i≥1} (i - ½).
    let squares = (n - 1) * n * (2 * n - 1) / 6
    let huber = (n - 1) * n / 2 - (n - 1) / 2
    for (loss, total) in [(Loss.mse, squares), (.huber(threshold: 1), huber)] {
      var gradient = [Float](repeating: .nan, count: count)
      var span = gradient.mutableSpan
      let mean = loss.mean(predictions.span, against: targets.span, gradient: &span)
      #expect(abs(Double(mean) - total / n) <= 1e-5 * total / n)
      for index in 0..<count {
        let derivative = loss == .mse ? -2 * Double(index) : -min(1, Double(index))
        #expect(abs(Double(gradient[index]) - derivative / n) < 1e-6)
      }
    }
  }

  @Test func `losses and derivatives equal PyTorch's on both sides of the threshold`() throws {
    let fixture = try LossFixture.load()
    for test in fixture.cases {
      let loss = Loss(name: test.loss, threshold: test.threshold)
      #expect(relativeError(fixture.errors.map(loss.value), test.values) < 1e-6)
      #expect(relativeError(fixture.errors.map(loss.derivative), test.derivatives) < 1e-6)
      let zeros = [Float](repeating: 0, count: fixture.errors.count)
      var gradient = zeros
      var span = gradient.mutableSpan
      let mean = loss.mean(fixture.errors.span, against: zeros.span, gradient: &span)
      #expect(abs(Double(mean) / test.mean - 1) < 1e-6)
    }
  }
}
