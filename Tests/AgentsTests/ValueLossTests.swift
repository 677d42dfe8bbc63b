import Agents
import NeuralNetworks
import Policies
import Randomness
import ReinforcementLearning
import Testing

@Suite struct ValueLossTests {
  private func branches(_ options: Int...) throws -> ActionBranches {
    try #require(ActionBranches(.multiDiscrete(options)))
  }

  private func target(
    _ loss: inout ValueLoss, reward: Float, discount: Float = 0.5, terminated: Bool = false, mask: [Bool],
    next: [Float], selection: [Float]? = nil
  ) -> [Float] {
    var result = [Float](repeating: .nan, count: loss.targetCount)
    let chosen = selection ?? next
    var span = result.mutableSpan
    loss.writeTarget(
      reward: reward, discount: discount, terminated: terminated, mask: mask.span, next: next.span,
      selection: chosen.span, into: &span)
    return result
  }

  private func compare(
    _ loss: inout ValueLoss, _ outputs: [Float], choices: [Float], with target: [Float], weight: Float = 1
  ) -> (loss: Float, error: Float, value: Float, gradient: [Float]) {
    var gradient = [Float](repeating: .nan, count: outputs.count)
    var span = gradient.mutableSpan
    let result = loss.compare(
      outputs.span, choices: choices.span, with: target.span, weight: weight, gradient: &span)
    return (result.loss, result.error, result.value, gradient)
  }

  private static let heads: [ValueHead] = [
    .expected, .categorical(CategoricalSupport(minimum: -2, maximum: 2, count: 5)), .quantile(count: 3),
  ]

  /// Trap T7: what follows a terminal row is never looked at.
  @Test(arguments: heads)
  func `a terminal row is worth its reward, whatever stands in its next state`(head: ValueHead) throws {
    var loss = ValueLoss(head, branches: try branches(2), loss: .mse)
    let nothing = [Float](repeating: .nan, count: 2 * head.atoms)
    let found = target(&loss, reward: 1, terminated: true, mask: [false, false], next: nothing)
    switch head {
    case .expected: #expect(found == [1])
    case .quantile: #expect(found == [1, 1, 1])
    case .categorical:
      let certain: [Float] = [0, 0, 0, 1, 0]
      for atom in 0..<5 { #expect(abs(found[atom] - certain[atom]) < 1e-6) }
    }
  }

  /// Trap T7: a forbidden action's value of a million changes no target, plain or double.
  @Test(arguments: heads)
  func `a forbidden next action never counts, plain or double`(head: ValueHead) throws {
    var loss = ValueLoss(head, branches: try branches(3), loss: .mse)
    var stream = RandomStream(seed: 4)
    let calm = (0..<3 * head.atoms).map { _ in Float(stream.normal()) }
    var wild = calm
    for atom in 0..<head.atoms { wild[head.atoms + atom] = atom == head.atoms - 1 ? 1e6 : 5e5 }
    let mask = [true, false, true]
    #expect(
      target(&loss, reward: 1, mask: mask, next: calm) == target(&loss, reward: 1, mask: mask, next: wild))
    #expect(
      target(&loss, reward: 1, mask: mask, next: wild, selection: wild)
        == target(&loss, reward: 1, mask: mask, next: calm, selection: calm))
  }

  @Test func `a state that goes on and permits nothing is refused`() async {
    await #expect(processExitsWith: .failure) {
      guard let branches = ActionBranches(.multiDiscrete([2])) else { return }
      var loss = ValueLoss(.expected, branches: branches, loss: .mse)
      var target: [Float] = [0]
      var span = target.mutableSpan
      loss.writeTarget(
        reward: 0, discount: 1, terminated: false, mask: [false, false].span, next: [1, 2].span,
        selection: [1, 2].span, into: &span)
    }
  }

  @Test func `double takes the online network's choice at the target network's value`() throws {
    var loss = ValueLoss(.expected, branches: try branches(2), loss: .mse)
    #expect(target(&loss, reward: 0, mask: [true, true], next: [10, 2], selection: [0, 1]) == [1])
    #expect(target(&loss, reward: 0, mask: [true, true], next: [10, 2]) == [5])
  }

  @Test func `branches share the mean of their best values as target`() throws {
    var loss = ValueLoss(.expected, branches: try branches(2, 3), loss: .mse)
    let found = target(
      &loss, reward: 1, discount: 0.5, mask: [true, true, true, false, true], next: [1, 3, 5, 90, 7])
    #expect(found == [3.5])
  }

  /// Trap T15: at an error of 3 the losses are 9 and 2.5.
  @Test func `losses are MSE without a half and Huber with threshold 1`() throws {
    for (kind, value, slope) in [(Loss.mse, 9, 6), (.huber(threshold: 1), 2.5, 1)] as [(Loss, Float, Float)] {
      var loss = ValueLoss(.expected, branches: try branches(2), loss: kind)
      let found = compare(&loss, [4, 7], choices: [0], with: [1])
      #expect(found.loss == value && found.error == 3 && found.value == 4)
      #expect(found.gradient == [slope, 0])
    }
  }

  /// y = r + Γ · max over permitted actions, written out in `Double` (trap T14: any batch is rows of this).
  @Test(arguments: [1, 2, 32])
  func `rows equal the scalar formula`(rows: Int) throws {
    var stream = RandomStream(seed: UInt64(rows))
    var loss = ValueLoss(.expected, branches: try branches(5), loss: .mse)
    for _ in 0..<rows {
      let reward = Float(stream.normal())
      var mask = (0..<5).map { _ in stream.bernoulli(0.6) }
      mask[stream.integer(below: 5)] = true
      let next = (0..<5).map { _ in Float(stream.normal()) }
      let best = (0..<5).filter { mask[$0] }.map { Double(next[$0]) }.max() ?? .nan
      let found = target(&loss, reward: reward, discount: 0.97, mask: mask, next: next)
      #expect(abs(Double(found[0]) - (Double(reward) + 0.97 * best)) < 1e-6)
    }
  }

  @Test(arguments: heads)
  func `derivatives equal central differences and only chosen options have one`(head: ValueHead) throws {
    let branches = try branches(2, 3)
    var loss = ValueLoss(head, branches: branches, loss: .huber(threshold: 1))
    var stream = RandomStream(seed: 9)
    let outputs = (0..<5 * head.atoms).map { _ in Float(stream.normal()) }
    let next = (0..<5 * head.atoms).map { _ in Float(stream.normal()) }
    let wanted = target(&loss, reward: 0.3, mask: [Bool](repeating: true, count: 5), next: next)
    let choices: [Float] = [1, 2]
    let found = compare(&loss, outputs, choices: choices, with: wanted, weight: 0.5)
    for index in outputs.indices {
      let option = index / head.atoms
      guard option == 1 || option == 4 else {
        #expect(found.gradient[index] == 0)
        continue
      }
      var (above, below) = (outputs, outputs)
      above[index] += 1e-2
      below[index] -= 1e-2
      let slope =
        (compare(&loss, above, choices: choices, with: wanted).loss
          - compare(&loss, below, choices: choices, with: wanted).loss) / 2e-2
      #expect(abs(found.gradient[index] - 0.5 * slope) < 2e-3, "output \(index)")
    }
  }
}
