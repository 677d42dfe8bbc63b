import NeuralNetworks
import Testing

struct GradientClippingTests {
  @Test func `a gradient of norm 5 is shortened to a norm of 1`() {
    let gradient: [Float] = [3, 0, -4]
    #expect(GradientClipping.globalNorm(gradient.span) == 5)
    #expect(GradientClipping(maximumNorm: 1).scale(for: gradient.span) == 1 / (Float(5) + 1e-6))
  }

  @Test func `a short gradient keeps its length`() {
    let gradient: [Float] = [0.3, 0.4]
    #expect(GradientClipping(maximumNorm: 1).scale(for: gradient.span) == 1)
    #expect(GradientClipping(maximumNorm: 1).scale(norm: 0) == 1)
  }

  @Test func `NaN is not hidden`() {
    #expect(GradientClipping(maximumNorm: 1).scale(norm: .nan).isNaN)
  }

  @Test func `elements beyond the bound are cut to it, and NaN is not hidden`() {
    var gradient: [Float] = [3, -0.5, -4, 0.25, .nan, .infinity]
    var span = gradient.mutableSpan
    ValueClipping(maximumValue: 0.5).clip(&span)
    #expect(gradient[..<4] == [0.5, -0.5, -0.5, 0.25])
    #expect(gradient[4].isNaN && gradient[5] == 0.5)
  }
}
