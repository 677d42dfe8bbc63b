import Agents
import Testing

/// The unit in which critics learn.
@Suite struct ValueNormalizerTests {
  /// Forgetting this is on-policy's issue 12, which collapses learning.
  @Test func `denormalising what was normalised gives it back`() {
    var normalizer = ValueNormalizer(decay: 0.99)
    for value in [-1e4, -3.5, 0, 1e-3, 7e5] as [Float] {
      #expect(normalizer.denormalized(normalizer.normalized(value)) == value, "before any return it is itself")
    }
    normalizer.add(mean: -120, meanSquare: 120 * 120 + 900)
    for value in [-1e4, -3.5, 0, 1e-3, 7e5] as [Float] {
      let back = normalizer.denormalized(normalizer.normalized(value))
      #expect(abs(back - value) <= 1e-6 * max(abs(value), 150))
    }
    #expect(normalizer.denormalized(0) == -120 && abs(normalizer.denormalized(1) + 90) < 1e-3)
  }

  @Test func `after one rollout mean and deviation are its own, whatever the decay`() {
    for decay in [0, 0.9, 0.99999] {
      var normalizer = ValueNormalizer(decay: decay)
      normalizer.add(mean: 5, meanSquare: 25 + 4)
      #expect(abs(normalizer.mean - 5) < 1e-9 && abs(normalizer.deviation - 2) < 1e-9)
    }
  }

  @Test func `later rollouts count by the decay`() {
    var normalizer = ValueNormalizer(decay: 0.5)
    normalizer.add(mean: 1, meanSquare: 2)
    normalizer.add(mean: 4, meanSquare: 17)
    // Weights 1/4 and 1/2 of a sum of 3/4.
    let (mean, square) = (0.25 / 0.75 * 1 + 0.5 / 0.75 * 4, 0.25 / 0.75 * 2 + 0.5 / 0.75 * 17)
    #expect(abs(normalizer.mean - mean) < 1e-12)
    #expect(abs(normalizer.deviation - (square - mean * mean).squareRoot()) < 1e-12)
  }

  @Test func `returns that do not vary are only shifted`() {
    var normalizer = ValueNormalizer(decay: 0.9)
    for _ in 0..<5 { normalizer.add(mean: 1e4, meanSquare: 1e8) }
    #expect(normalizer.deviation == 1 && abs(normalizer.normalized(10_003) - 3) < 1e-3)
  }
}
