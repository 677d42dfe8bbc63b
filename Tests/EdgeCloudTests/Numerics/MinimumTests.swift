import EdgeCloud
import Testing

@Suite struct MinimumTests {
  @Test func `the least of a parabola and of an end are found`() {
    #expect((Minimum.ofFunction(in: -3...10, within: 1e-6) { ($0 - 2.5) * ($0 - 2.5) } - 2.5).magnitude < 1e-6)
    #expect((Minimum.ofFunction(in: 1...4, within: 1e-9) { $0 } - 1).magnitude < 1e-9)
    #expect((Minimum.ofFunction(in: 1...4, within: 1e-9) { -$0 } - 4).magnitude < 1e-9)
  }
}
