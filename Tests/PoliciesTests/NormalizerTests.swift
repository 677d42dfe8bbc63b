import Policies
import ReinforcementLearning
import Testing

struct NormalizerTests {
  static func space(_ ranges: [ClosedRange<Float>]) -> ObservationSpace {
    ObservationSpace(
      ranges.enumerated().map { ObservationField("x\($0)", unit: "1", in: $1, "a number") })
  }

  func apply(_ normalizer: Normalizer, _ values: [Float], rows: Int) -> [Float] {
    var result = [Float](repeating: .nan, count: values.count)
    var span = result.mutableSpan
    normalizer.apply(values.span, rows: rows, into: &span)
    return result
  }

  @Test func `ranges go to minus one to one`() {
    let normalizer = Normalizer.ranges(of: Self.space([-2...6, 0...1, 100...300]))
    #expect(normalizer.offset == [2, 0.5, 200] && normalizer.scale == [4, 0.5, 100])
    #expect(
      apply(normalizer, [-2, 0, 100, 6, 1, 300, 0, 0.25, 210], rows: 3) == [-1, -1, -1, 1, 1, 1, -0.5, -0.5, 0.1])
    #expect(!normalizer.isIdentity)
  }

  @Test func `fields without two finite ends or of one value stay as they are`() {
    let normalizer = Normalizer.ranges(
      of: Self.space([-.infinity ... .infinity, 0 ... .infinity, -.infinity...3, 5...5]))
    #expect(normalizer.isIdentity)
    #expect(apply(normalizer, [1e30, 7, -4, 5], rows: 1) == [1e30, 7, -4, 5])
  }

  @Test func `the widest finite range does not overflow`() {
    let greatest = Float.greatestFiniteMagnitude
    let normalizer = Normalizer.ranges(of: Self.space([-greatest...greatest]))
    #expect(apply(normalizer, [-greatest, 0, greatest], rows: 3) == [-1, 0, 1])
  }

  @Test func `each column is scaled by itself`() {
    let normalizer = Normalizer(offset: [1, -3], scale: [2, 0.5])
    #expect(apply(normalizer, [5, 0, 1, -3, 0, -4], rows: 3) == [2, 6, 0, 0, -0.5, -2])
  }

  @Test func `the identity changes nothing to the bit`() {
    let values: [Float] = [0.1, -.leastNonzeroMagnitude, 3e38, -0.0]
    #expect(apply(.identity(4), values, rows: 1).map(\.bitPattern) == values.map(\.bitPattern))
    #expect(Normalizer.identity(4).isIdentity)
  }
}
