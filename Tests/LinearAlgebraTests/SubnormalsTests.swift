import LinearAlgebra
import Testing

struct SubnormalsTests {
  @Test func `subnormal results count as zero inside and are kept outside`() {
    var values: [Float] = [1e-30, 2, -1e-30]
    flushingSubnormals {
      var span = values.mutableSpan
      scale(&span, by: 1e-10)
    }
    #expect(values == [0, 2e-10, 0])

    var kept: [Float] = [1e-30]
    var span = kept.mutableSpan
    scale(&span, by: 1e-10)
    #expect(kept[0] > 0)
  }
}
