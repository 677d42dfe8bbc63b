import Agents
import Randomness
import Testing

@Suite struct TemporalDifferenceTests {
  private func targets(
    rewards: [Float], terminated: [Float], mask: [Float], target: [Float], selection: [Float]? = nil,
    discount: Float = 0.5
  ) -> [Float] {
    var result = [Float](repeating: 0, count: rewards.count)
    let chosen = selection ?? target
    var span = result.mutableSpan
    temporalDifferenceTargets(
      rewards: rewards.span, terminated: terminated.span, nextMask: mask.span, targetValues: target.span,
      selectionValues: chosen.span, discount: discount, into: &span)
    return result
  }

  @Test func `a terminal row is its reward, whatever stands in its next state`() {
    let result = targets(
      rewards: [2, 3], terminated: [1, 0], mask: [0, 0, 1, 1], target: [.nan, .infinity, 4, 6])
    #expect(result == [2, 6])
  }

  @Test func `a forbidden next action never counts, plain or double`() {
    let plain = targets(rewards: [1], terminated: [0], mask: [1, 0], target: [4, 1e6])
    #expect(plain == [3])
    let double = targets(rewards: [1], terminated: [0], mask: [1, 0, 1], target: [4, 1e6, 8], selection: [2, 1e6, 1])
    #expect(double == [3], "the online network prefers the first of the permitted")
    let hidden = targets(rewards: [1], terminated: [0], mask: [1, 0], target: [4, .nan], selection: [0, .nan])
    #expect(hidden == [3])
  }

  @Test func `double takes the online network's choice at the target network's value`() {
    #expect(targets(rewards: [0], terminated: [0], mask: [1, 1], target: [10, 2], selection: [0, 1]) == [1])
    #expect(targets(rewards: [0], terminated: [0], mask: [1, 1], target: [10, 2]) == [5])
  }

  /// y = r + γ · max over permitted actions, written out in `Double` for each row.
  @Test(arguments: [1, 2, 32])
  func `batches of any size equal the scalar formula`(rows: Int) {
    var stream = RandomStream(seed: UInt64(rows))
    let actions = 5
    let rewards = (0..<rows).map { _ in Float(stream.normal()) }
    let terminated = (0..<rows).map { _ in Float(stream.bernoulli(0.3) ? 1 : 0) }
    var mask = (0..<rows * actions).map { _ in Float(stream.bernoulli(0.6) ? 1 : 0) }
    for row in 0..<rows { mask[row * actions + stream.integer(below: actions)] = 1 }
    let target = (0..<rows * actions).map { _ in Float(stream.normal()) }
    let result = targets(rewards: rewards, terminated: terminated, mask: mask, target: target, discount: 0.97)
    for row in 0..<rows {
      let permitted = (0..<actions).filter { mask[row * actions + $0] == 1 }.map { Double(target[row * actions + $0]) }
      let next = terminated[row] == 1 ? 0 : permitted.max() ?? .nan
      #expect(abs(Double(result[row]) - (Double(rewards[row]) + 0.97 * next)) < 1e-6)
    }
  }
}
