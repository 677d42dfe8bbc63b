import Randomness
import ReinforcementLearning
import Snapshots
import Testing

/// Trap T10: rewards are divided by the deviation of discounted returns, and no mean is taken off.
struct RewardScalingTests {
  /// The definition: all returns written down, their deviation taken at the end.
  @Test(arguments: [0, 0.5, 0.99])
  func `the factor is one over the deviation of all returns so far`(discount: Double) {
    var stream = RandomStream(seed: 2)
    var scaling = RewardScaling(discount: discount, slots: 3)
    var running = [0.0, 0, 0]
    var returns: [Double] = []
    for step in 0..<3000 {
      let slot = step % 3
      let reward = 5 + 20 * stream.normal()
      let ends = stream.bernoulli(0.05)
      scaling.add(reward, slot: slot, ends: ends)
      running[slot] = discount * running[slot] + reward
      returns.append(running[slot])
      if ends { running[slot] = 0 }
    }
    let mean = returns.reduce(0, +) / 3000
    let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3000
    #expect(abs(scaling.factor * variance.squareRoot() - 1) < 1e-5)
  }

  @Test(arguments: [-3, 0, 1e-6, 1e6] as [Double], [0, 0.9, 1])
  func `constant rewards stay finite and keep their sign`(reward: Double, discount: Double) {
    var scaling = RewardScaling(discount: discount, slots: 1)
    for step in 0..<200 {
      scaling.add(reward, slot: 0, ends: step % 10 == 9)
      let scaled = reward * scaling.factor
      #expect(scaled.isFinite && scaling.factor > 0 && scaling.factor.isFinite)
      #expect(scaled.sign == reward.sign && (scaled == 0) == (reward == 0))
    }
  }

  @Test func `rewards a thousand times as large are the same after scaling`() {
    var small = RewardScaling(discount: 0.9, slots: 1)
    var large = RewardScaling(discount: 0.9, slots: 1)
    var stream = RandomStream(seed: 4)
    for _ in 0..<500 {
      let reward = stream.normal()
      small.add(reward, slot: 0, ends: false)
      large.add(1000 * reward, slot: 0, ends: false)
    }
    #expect(abs(1000 * large.factor / small.factor - 1) < 1e-5)
  }

  @Test func `a restored scaling goes on to the bit`() throws {
    var scaling = RewardScaling(discount: 0.9, slots: 2)
    for step in 0..<21 { scaling.add(Double(step % 5), slot: step % 2, ends: step % 7 == 0) }
    var other = RewardScaling(discount: 0.9, slots: 2)
    try other.restore(from: scaling.snapshot())
    #expect(other.factor == scaling.factor)
    scaling.add(3, slot: 1, ends: false)
    other.add(3, slot: 1, ends: false)
    #expect(other.factor == scaling.factor && other.snapshot() == scaling.snapshot())
    #expect(throws: SnapshotError.self) {
      try other.restore(from: RewardScaling(discount: 0.9, slots: 3).snapshot())
    }
    #expect(other.snapshot() == scaling.snapshot())
  }
}
