import EdgeCloud
import Testing

@Suite struct CompensatedSumTests {
  /// Neumaier's example, on which plain and Kahan summation give 0.
  @Test func `keeps what a large term would swallow`() {
    var sum = CompensatedSum()
    for term in [1.0, 1e100, 1, -1e100] { sum.add(term) }
    #expect(sum.value == 2)
  }

  @Test func `ten million tenths are a million`() {
    var sum = CompensatedSum()
    for _ in 0..<10_000_000 { sum.add(0.1) }
    #expect(sum.value == 1e6)
  }

  @Test func `continues from its parts`() {
    var sum = CompensatedSum()
    for i in 1...100 { sum.add(1 / Double(i)) }
    var continued = CompensatedSum(sum: sum.sum, lost: sum.lost)
    sum.add(1e-9)
    continued.add(1e-9)
    #expect(sum == continued)
  }
}
