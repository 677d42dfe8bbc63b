import Glibc
import LinearAlgebra
import NeuralNetworks
import Randomness
import Testing

struct DistributionTests {
  @Test func `cross entropy, its gradient and expectations equal PyTorch's`() throws {
    let fixture: DistributionsFixture = try decodeFixture("distributions")
    let test = fixture.crossEntropy
    let rows = test.losses.count
    var gradient = [Float](repeating: .nan, count: test.logits.count)
    var losses: [Float] = []
    for row in 0..<rows {
      let range = row * test.count..<(row + 1) * test.count
      var span = gradient.mutableSpan
      span.withPart(range) {
        losses.append(
          CrossEntropy.value(
            test.logits.span.extracting(range), against: test.targets.span.extracting(range), gradient: &$0))
      }
    }
    #expect(relativeError(losses, test.losses) < 1e-5)
    #expect(relativeError(gradient, test.gradient) < 1e-5)

    var shares = gradient
    var span = shares.mutableSpan
    let mean = CrossEntropy.mean(
      test.logits.span, against: test.targets.span, columns: test.count, gradient: &span)
    #expect(abs(Double(mean) - test.losses.reduce(0, +) / Double(rows)) < 1e-5)
    #expect(relativeError(shares, test.gradient.map { $0 / Double(rows) }) < 1e-5)

    let support = CategoricalSupport(minimum: test.minimum, maximum: test.maximum, count: test.count)
    var values = [Float](repeating: .nan, count: rows)
    var valuesSpan = values.mutableSpan
    ValueHead.categorical(support).values(of: test.logits.span, into: &valuesSpan)
    #expect(relativeError(values, test.expectations) < 1e-5)
  }

  @Test func `cross entropy has central differences as its gradient and survives huge logits`() {
    let targets: [Float] = [0.5, 0, 0.25, 0.5]
    let logits: [Float] = [1, -2, 0.5, 3]
    var gradient = [Float](repeating: 0, count: 4)
    var span = gradient.mutableSpan
    _ = CrossEntropy.value(logits.span, against: targets.span, gradient: &span)
    let expected = centralDifferences(logits.map(Double.init)) { z in
      let total = logSumExp(z)
      return -zip(targets, z).reduce(0) { $0 + Double($1.0) * ($1.1 - total) }
    }
    #expect(relativeError(gradient, expected) < 1e-4)

    let huge: [Float] = [1e4, -1e4, 0, 1e4]
    var again = gradient.mutableSpan
    let loss = CrossEntropy.value(huge.span, against: [0.5, 0, 0, 0.5].span, gradient: &again)
    #expect(abs(loss - 0.693_147) < 1e-3 && gradient.allSatisfy { abs($0) < 1e-6 })
  }

  private func logSumExp(_ z: [Double]) -> Double {
    log(z.map { exp($0) }.reduce(0, +))
  }

  @Test func `projections on a support equal rlax's`() throws {
    let fixture: DistributionsFixture = try decodeFixture("distributions")
    let test = fixture.projection
    let support = CategoricalSupport(minimum: test.minimum, maximum: test.maximum, count: test.count)
    #expect(support.atom(0) == test.minimum && support.atom(test.count - 1) == test.maximum)
    #expect(abs(support.atom(3) - (test.minimum + 3 * support.distance)) < 1e-6)
    for item in test.cases {
      var projected = [Float](repeating: .nan, count: test.count)
      var span = projected.mutableSpan
      support.project(item.probabilities.span, reward: item.reward, discount: item.discount, into: &span)
      #expect(relativeError(projected, item.projected) < 1e-5, "reward \(item.reward), discount \(item.discount)")
      #expect(abs(projected.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func `a projection keeps the mean while nothing lies beyond the ends, and does not hide NaN`() {
    let support = CategoricalSupport(minimum: -10, maximum: 10, count: 51)
    var stream = RandomStream(seed: 31)
    let raw = (0..<51).map { _ in Float(stream.uniform()) }
    let probabilities = raw.map { $0 / raw.reduce(0, +) }
    func mean(_ p: [Float]) -> Double {
      p.indices.reduce(0) { $0 + Double(p[$1]) * Double(support.atom($1)) }
    }
    var projected = probabilities
    var span = projected.mutableSpan
    support.project(probabilities.span, reward: 1.37, discount: 0.8, into: &span)
    #expect(abs(mean(projected) - (1.37 + 0.8 * mean(probabilities))) < 1e-5)
    var bad = projected.mutableSpan
    support.project(probabilities.span, reward: .nan, discount: 0.8, into: &bad)
    #expect(projected.allSatisfy { $0.isNaN })
  }

  @Test func `quantile regression and its gradient equal rlax's and central differences`() throws {
    let fixture: DistributionsFixture = try decodeFixture("distributions")
    for test in fixture.quantile {
      let loss = QuantileHuber(threshold: test.threshold)
      var gradient = [Float](repeating: .nan, count: test.quantiles.count)
      var span = gradient.mutableSpan
      let value = loss.value(test.quantiles.span, against: test.targets.span, gradient: &span)
      #expect(abs(Double(value) / test.loss - 1) < 1e-5, "threshold \(test.threshold)")
      #expect(relativeError(gradient, test.gradient) < 1e-5, "threshold \(test.threshold)")
      let count = Double(test.quantiles.count)
      let expected = centralDifferences(test.quantiles.map(Double.init)) { quantiles in
        quantiles.enumerated().reduce(0) { total, item in
          let tau = (Double(item.offset) + 0.5) / count
          let row = test.targets.reduce(0.0) { sum, target in
            let error = Double(target) - item.element
            let threshold = Double(test.threshold)
            let size = abs(error)
            let value =
              threshold == 0
              ? size : size <= threshold ? 0.5 * error * error : threshold * (size - 0.5 * threshold)
            return sum + abs(tau - (error < 0 ? 1 : 0)) * value
          }
          return total + row / Double(test.targets.count)
        }
      }
      #expect(relativeError(gradient, expected) < 1e-4, "threshold \(test.threshold)")
    }
  }

  @Test func `a head of quantiles gives their mean and an expected head the outputs themselves`() {
    let outputs: [Float] = [1, 2, 6, -1, 0, 4]
    var values: [Float] = [.nan, .nan]
    var span = values.mutableSpan
    ValueHead.quantile(count: 3).values(of: outputs.span, into: &span)
    #expect(values == [3, 1])
    var copied = [Float](repeating: .nan, count: 6)
    var copy = copied.mutableSpan
    ValueHead.expected.values(of: outputs.span, into: &copy)
    #expect(copied == outputs)
    let support = CategoricalSupport(minimum: 0, maximum: 1, count: 2)
    #expect([ValueHead.expected, .categorical(support), .quantile(count: 7)].map(\.atoms) == [1, 2, 7])
  }
}
